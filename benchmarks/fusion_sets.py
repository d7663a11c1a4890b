"""The retrieval sets that fusion is fitted and measured on: BEIR folders, and two made from pairs of text."""

import gzip
import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.page import Section, place_sections
from indexer.beir import documents, qrels, queries
from indexer.document import Document, Head, doc_id_of

DOCS_SITES = ("python3.11-doc", "postgresql-doc-15", "cmake-doc", "nodejs-doc", "libreoffice-help-en-us")


@dataclass(frozen=True, slots=True)
class Topic:
    """A query with its relevant documents: doc_id -> relevance."""

    text: str
    judged: dict[str, int]


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Documents, and topics by split. Sets of one ``corpus`` share their index."""

    corpus: str
    documents: list[Document] = field(repr=False)
    topics: dict[str, list[Topic]] = field(repr=False)


def load(data: Path, name: str, splits: tuple[str, ...], max_topics: int) -> RetrievalSet:
    """A set of the data folder; of each split a fixed random sample of at most ``max_topics`` topics."""
    if name == "docs":
        return _from_pairs(name, list(docs_pairs(data)), splits, max_topics)
    if name == "tldr":
        return _from_pairs(name, list(tldr_pairs(data)), splits, max_topics)
    corpus_name = name.removesuffix(LONG)
    folder = data / "beir" / corpus_name
    corpus = list(documents(folder, lambda text: "en"))
    ids = {d.head.metadata["beir_id"]: d.head.doc_id for d in corpus}
    texts = LONG_QUERIES[corpus_name](folder, splits[0]) if name.endswith(LONG) else queries(folder)
    topics = {}
    for split in splits:
        found = [
            Topic(texts[q], {ids[d]: relevance for d, relevance in judged.items() if d in ids})
            for q, judged in qrels(folder, split).items()
            if q in texts
        ]
        topics[split] = sample([t for t in found if any(r > 0 for r in t.judged.values())], max_topics)
    return RetrievalSet(corpus_name, corpus, topics)


def _conclusions(folder: Path, split: str) -> dict[str, str]:
    """pubmedqa: the conclusion, which its document lacks, asks for the document; sentences of some twenty terms."""
    with gzip.open(folder / "queries.jsonl.gz", "rt", encoding="utf-8") as file:
        return {record["_id"]: record["metadata"]["long_answer"] for record in map(json.loads, file)}


def _questions_together(folder: Path, split: str) -> dict[str, str]:
    """squad11: several questions about a paragraph, one after the other, ask for the paragraph."""
    texts, choice = queries(folder), random.Random(7)
    questions: dict[str, list[str]] = defaultdict(list)
    for query_id, judged in qrels(folder, split).items():
        for paragraph in judged:
            questions[paragraph].append(query_id)
    groups = [ids for ids in questions.values() if len(ids) >= 3]
    return {ids[0]: " ".join(texts[i] for i in ids[: choice.randint(3, 5)]) for ids in groups}


LONG = "-long"
LONG_QUERIES = {"pubmedqa": _conclusions, "squad11": _questions_together}
"""Sets whose usual queries are short, with long ones: name + ``LONG``."""


def sample(topics: list[Topic], size: int) -> list[Topic]:
    """The same topics every time."""
    return topics if len(topics) <= size else random.Random(7).sample(topics, size)


def _from_pairs(name: str, pairs: list[dict[str, Any]], splits: tuple[str, ...], max_topics: int) -> RetrievalSet:
    """Each distinct passage is a document; a query's relevant documents are all those paired with it."""
    relevant: dict[str, dict[str, int]] = defaultdict(dict)
    corpus = {}
    for pair in pairs:
        document = _document(name, pair)
        corpus[document.head.doc_id] = document
        relevant[pair["q"]][document.head.doc_id] = 1
    topics = [Topic(q, judged) for q, judged in relevant.items() if len(q.split()) > 1 and len(judged) <= 3]
    return RetrievalSet(name, list(corpus.values()), dict.fromkeys(splits, sample(topics, max_topics)))


def _document(name: str, pair: dict[str, Any]) -> Document:
    # A title that holds the query would give the answer away.
    title = "" if pair["q"].lower() in pair["title"].lower() else pair["title"]
    key = f"{name}:{hashlib.sha256(pair['p'].encode()).hexdigest()}"
    head = Head(doc_id_of(key), key, title, content_hash=key, site=name, language="en")
    return Document(head, place_sections([Section(pair["p"])]))


def docs_pairs(data: Path) -> Iterator[dict[str, Any]]:
    """Headings and link texts with their sections, of ``DOCS_SITES``."""
    for pair in _pairs(data, "docs_heading_section"):
        if pair["site"] in DOCS_SITES:
            yield pair


def tldr_pairs(data: Path) -> Iterator[dict[str, Any]]:
    """One phrase per page, since the page of a phrase is the page without it."""
    pages: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for pair in _pairs(data, "tldr_query_page"):
        if pair["lang"] == "en" and re.search(r"\w", pair["p"]):
            pages[pair["page"]].append(pair)
    choice = random.Random(7)
    for page in sorted(pages):
        yield choice.choice(pages[page])


def _pairs(data: Path, name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(data / "pairs" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
