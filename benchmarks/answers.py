"""How good are answers made of the documents' own sentences? Measured on SQuAD; run as a command.

    python -m benchmarks.answers --split dev --questions 500
    python -m benchmarks.answers --split train --articles 100 --questions 500     # what settings are tuned on

Every paragraph of SQuAD is a document. Three kinds of questions are asked of the whole pipeline:
- answerable: the paragraph that holds the answer is in the index;
- removed: the same questions, with the whole article of that paragraph filtered out;
- adversarial (dev only): SQuAD 2.0's unanswerable questions, written by people to look answerable from the paragraph.

A citation is right if its quote holds one of the annotated answers.
"""

import argparse
import gzip
import json
import random
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from crawler.page import Section, place_sections
from indexer.document import Document, Head, doc_id_of
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.bundled import BundledEncoder
from indexer.index import Indexer
from indexer.store import Filters
from rag.answer import Answer
from rag.config import ExtractiveConfig
from rag.context import choose_passages
from rag.generator import Prompt
from rag.generators.extractive import ExtractiveGenerator
from rag.respond import Responder
from ranker.rank import Ranker

FILES = {"dev": "dev-v2.0.json.gz", "train": "train-v1.1.json.gz"}
THRESHOLDS = (0.40, 0.44, 0.48, 0.50, 0.52, 0.54, 0.56, 0.60, 0.64)


@dataclass(frozen=True, slots=True)
class Question:
    """``answers`` is empty for a question that its article does not answer."""

    text: str
    article: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """``evidence`` of the best sentence; whether the best sentence, and any citation shown, holds an answer."""

    evidence: float
    is_answered: bool
    best_is_right: bool
    any_is_right: bool
    citations: int
    ms: float


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with qa/squad")
    parser.add_argument("--split", choices=FILES, default="dev")
    parser.add_argument("--articles", type=int, help="index only the first so many articles")
    parser.add_argument("--questions", type=int, default=500, help="a random sample of each kind")
    parser.add_argument("--cache", type=Path, default=Path("/tmp/recollect-answers"), help="keeps the index")
    parser.add_argument("--min-evidence", type=float, default=ExtractiveConfig().min_evidence)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    articles = read_articles(args.data / "qa" / "squad" / FILES[args.split])[: args.articles]
    folder = args.cache / f"{args.split}-{len(articles)}"
    with closing(EmbeddedStore(index(articles, folder))) as store:
        report = measure(store, articles, args.questions, args.min_evidence)
    report = {"split": args.split, "articles": len(articles), **report}
    print(json.dumps(report) if args.json else as_text(report))


def read_articles(path: Path) -> list[dict[str, Any]]:
    """The articles of a SQuAD file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        articles: list[dict[str, Any]] = json.load(file)["data"]
    return articles


def index(articles: Sequence[dict[str, Any]], folder: Path) -> Path:
    """The folder with the index of every paragraph, made unless it is there and complete."""
    done = folder / "done"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        with closing(EmbeddedStore(folder, writable=True)) as store:
            Indexer(store, BundledEncoder()).index(documents(articles))
        done.touch()
    return folder


def documents(articles: Sequence[dict[str, Any]]) -> Iterator[Document]:
    """One document a paragraph."""
    for article in articles:
        for i, paragraph in enumerate(article["paragraphs"]):
            title = article["title"].replace("_", " ")
            url = f"https://squad.test/{article['title']}/{i}"
            head = Head(doc_id_of(url), url, title, url, language="en", metadata={"article": article["title"]})
            yield Document(head, place_sections([Section(paragraph["context"])]))


def questions(articles: Sequence[dict[str, Any]]) -> list[Question]:
    """Every question of the articles."""
    return [
        Question(qa["question"].strip(), article["title"], tuple(answer["text"] for answer in qa["answers"]))
        for article in articles
        for paragraph in article["paragraphs"]
        for qa in paragraph["qas"]
    ]


def measure(
    store: EmbeddedStore, articles: Sequence[dict[str, Any]], sample: int, min_evidence: float
) -> dict[str, Any]:
    """Ask a sample of each kind of question."""
    encoder = BundledEncoder()
    generator = ExtractiveGenerator(encoder, ExtractiveConfig(min_evidence=min_evidence))
    responder = Responder(Ranker(store, encoder), encoder, generator)
    responder.answer("Is everything loaded?")
    chance = random.Random(20)
    known = questions(articles)
    titles = tuple(article["title"] for article in articles)
    answerable = _sample(chance, [q for q in known if q.answers], sample)
    adversarial = _sample(chance, [q for q in known if not q.answers], sample)
    asked = {
        "answerable": [ask(responder, generator, q, Filters()) for q in answerable],
        "removed": [
            ask(responder, generator, q, Filters(metadata={"article": tuple(t for t in titles if t != q.article)}))
            for q in answerable
        ],
        "adversarial": [ask(responder, generator, q, Filters()) for q in adversarial],
    }
    return report_of(asked, min_evidence)


def _sample(chance: random.Random, known: list[Question], size: int) -> list[Question]:
    return chance.sample(known, min(size, len(known)))


def ask(responder: Responder, generator: ExtractiveGenerator, question: Question, filters: Filters) -> Asked:
    """One question through the whole pipeline, and how near it was to being refused."""
    answer = responder.answer(question.text, filters)
    ranked = generator.rank(Prompt(question.text, choose_passages(answer.hits)))[:1]
    best = ranked[0].text if ranked else ""
    return Asked(
        evidence=ranked[0].evidence if ranked else 0.0,
        is_answered=not answer.refused,
        best_is_right=_holds(best, question),
        any_is_right=any(_holds(citation.quote, question) for citation in answer.citations),
        citations=len(answer.citations),
        ms=_ms(answer),
    )


def _holds(text: str, question: Question) -> bool:
    return any(answer.lower() in text.lower() for answer in question.answers)


def _ms(answer: Answer) -> float:
    return sum(answer.stages.values())


def report_of(asked: dict[str, list[Asked]], min_evidence: float) -> dict[str, Any]:
    """The figures; ``thresholds`` shows what other values of ``min_evidence`` would give."""
    good, removed, adversarial = asked["answerable"], asked["removed"], asked["adversarial"]
    shown = [a for a in good if a.is_answered]
    everything = [a.ms for group in asked.values() for a in group]
    return {
        "min_evidence": min_evidence,
        "questions": {name: len(group) for name, group in asked.items()},
        "answered": _share(a.is_answered for a in good),
        "refused_removed": _share(not a.is_answered for a in removed),
        "refused_adversarial": _share(not a.is_answered for a in adversarial),
        "auc_removed": auc(good, removed),
        "auc_adversarial": auc(good, adversarial),
        "citation_precision": _share(a.best_is_right for a in shown),
        "answer_precision": _share(a.any_is_right for a in shown),
        "citations_per_answer": round(float(np.mean([a.citations for a in shown])), 2) if shown else 0.0,
        "p50_ms": round(float(np.percentile(everything, 50)), 1),
        "p95_ms": round(float(np.percentile(everything, 95)), 1),
        "thresholds": [
            {
                "min_evidence": threshold,
                "answered": _share(a.evidence >= threshold for a in good),
                "citation_precision": _share(a.best_is_right for a in good if a.evidence >= threshold),
                "refused_removed": _share(a.evidence < threshold for a in removed),
                "refused_adversarial": _share(a.evidence < threshold for a in adversarial),
            }
            for threshold in THRESHOLDS
        ],
    }


def _share(values: Any) -> float | None:
    found = list(values)
    return round(sum(found) / len(found), 3) if found else None


def auc(good: Sequence[Asked], bad: Sequence[Asked]) -> float | None:
    """Chance that an answerable question has more evidence than an unanswerable one."""
    if not good or not bad:
        return None
    a, b = np.array([x.evidence for x in good]), np.array([x.evidence for x in bad])
    wins = (a[:, None] > b[None, :]).mean() + (a[:, None] == b[None, :]).mean() / 2
    return round(float(wins), 3)


def as_text(report: dict[str, Any]) -> str:
    """The report for reading."""
    rows = report.pop("thresholds")
    lines = [f"{key:22} {value}" for key, value in report.items()]
    lines += ["", "  ".join(f"{key:>19}" for key in rows[0])]
    lines += ["  ".join(f"{value!s:>19}" for value in row.values()) for row in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
