"""A source of training data as documents to be indexed and topics to be mined in that index."""

import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.page import Section, place_sections
from crawler.text.language import detect_language
from indexer import beir
from indexer.document import Document, Head, doc_id_of
from ranker.errors import BadTrainingData
from ranker.training.group import Group
from ranker.training.mine import Topic
from ranker.training.sources.squad import Article, ReadingShares, articles, groups_of

MAX_RIGHT = 3
"""A query that asks for more documents than this names no one of them."""

QUESTION_WORDS = frozenset(
    (
        *("what", "who", "whom", "whose", "which", "when", "where", "why", "how", "is", "are", "was", "were"),
        *("do", "does", "did", "can", "could", "should", "may", "will", "has", "have"),
    )
)


@dataclass(frozen=True, slots=True)
class Divided:
    """Topics to train on, topics held out of all training, and how many stand between, so that they are left out."""

    kept: tuple[Topic, ...]
    held: tuple[Topic, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Collection:
    """``documents`` gives those that ``topics`` ask for among others; ``reading`` are groups with a span, made
    without mining, of the part to train on."""

    documents: Callable[[], Iterator[Document]]
    topics: Divided
    reading: tuple[Group, ...] = ()


def is_question(text: str) -> bool:
    """Whether a query asks something, so that a passage may answer it; else it only names a subject."""
    words = text.lower().split()
    return text.rstrip().endswith("?") or (len(words) > 2 and words[0] in QUESTION_WORDS)


def is_held(key: str, share: float) -> bool:
    """Whether a document of this key is held out; about this share of all keys are, the same every time."""
    return int(hashlib.sha256(f"held out/{key}".encode("utf-8", "replace")).hexdigest()[:8], 16) < share * 2**32


def divided(topics: Sequence[Topic], share: float) -> Divided:
    """Topics of held documents alone are held out; those of held and other documents belong to neither side."""
    kept, held = [], []
    for topic in topics:
        sides = {is_held(doc_id, share) for doc_id in topic.doc_ids}
        if sides == {True}:
            held.append(topic)
        elif sides == {False}:
            kept.append(topic)
    return Divided(tuple(kept), tuple(held), len(topics) - len(kept) - len(held))


def beir_collection(folder: Path, split: str | None, held_share: float) -> Collection:
    """A folder in BEIR's layout: its train, else its dev judgements; others only as ``split``.

    Raises BadTrainingData where there are none, BadDocument for a broken file.
    """
    chosen = split or next((name for name in ("train", "dev") if _has_split(folder, name)), None)
    if chosen is None:
        raise BadTrainingData(
            f"{folder} has neither train nor dev judgements",
            "What is trained on cannot be measured on any more; if you mean it, name the judgements with --split",
        )
    name, texts = folder.resolve().name, beir.queries(folder)
    ids = {d.head.metadata["beir_id"]: d.head.doc_id for d in beir.documents(folder, lambda text: None)}
    topics = []
    for query_id, judged in beir.qrels(folder, chosen).items():
        right = frozenset(ids[d] for d, relevance in judged.items() if relevance > 0 and d in ids)
        if right and query_id in texts:
            topics.append(Topic(texts[query_id], right, name, answers=is_question(texts[query_id])))
    return Collection(lambda: beir.documents(folder, detect_language), divided(topics, held_share))


def squad_collection(path: Path, shares: ReadingShares, held_share: float) -> Collection:
    """SQuAD's official file: its paragraphs and questions; whole articles are held out. Raises BadTrainingData."""
    found = articles(path)
    kept = [article for article in found if not is_held(article.title, held_share)]
    held = [article for article in found if is_held(article.title, held_share)]
    return Collection(
        lambda: (document for article in found for document in _paragraphs(article)),
        Divided(tuple(_squad_topics(kept)), tuple(_squad_topics(held))),
        tuple(groups_of(kept, shares)),
    )


def pairs_collection(path: Path, held_share: float) -> Collection:
    """A file of pairs, one ``{"q": query, "p": passage, "title": its page's}`` a line. Raises BadTrainingData.

    Every passage is a document; a query's right documents are all those paired with it, and a query with more than
    three names none of them.
    """
    right: dict[str, set[str]] = defaultdict(set)
    documents: dict[str, Document] = {}
    for query, passage, title in _pairs(path):
        document = _document(path.stem, passage, "" if query.lower() in title.lower() else title)
        documents.setdefault(document.head.doc_id, document)
        right[query].add(document.head.doc_id)
    topics = [
        Topic(query, frozenset(ids), path.name.split(".")[0], answers=is_question(query))
        for query, ids in right.items()
        if len(ids) <= MAX_RIGHT
    ]
    return Collection(lambda: iter(documents.values()), divided(topics, held_share))


def _has_split(folder: Path, name: str) -> bool:
    return any((folder / "qrels" / f"{name}.tsv{end}").is_file() for end in ("", ".gz"))


def _paragraphs(article: Article) -> Iterator[Document]:
    for paragraph in article.paragraphs:
        yield _document("squad", paragraph.context, article.title)


def _squad_topics(found: Sequence[Article]) -> Iterator[Topic]:
    for article in found:
        for paragraph in article.paragraphs:
            doc_id = doc_id_of(_key("squad", paragraph.context))
            for question in paragraph.questions:
                if question.answers:
                    yield Topic(question.text, frozenset([doc_id]), "squad", answer=question.answers[0][0])


def _document(name: str, text: str, title: str) -> Document:
    key = _key(name, text)
    head = Head(doc_id_of(key), key, title, content_hash=key, site=name, language=detect_language(text))
    return Document(head, place_sections([Section(text)]))


def _key(name: str, text: str) -> str:
    return f"{name}:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()}"


def _pairs(path: Path) -> Iterator[tuple[str, str, str]]:
    cure = 'Each line is {"q": query, "p": passage, "title": title of its page}'
    place = str(path)
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                place = f"{path}, line {number},"
                pair: dict[str, Any] = json.loads(line)
                query, passage = str(pair["q"]).strip(), str(pair["p"]).strip()
                if query and passage:
                    yield query, passage, str(pair.get("title") or "")
    except (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadTrainingData(f"{place} is not a pair ({error})", cure) from error
