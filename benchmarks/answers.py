"""How good are the short answers to open questions? Measured on SQuAD; run as a command.

    python -m benchmarks.answers --split dev --questions 1000 --json
    python -m benchmarks.answers --split train --articles 100 --questions 500     # what settings are tuned on

Every paragraph of SQuAD's training and development sets is a document, or those of the first articles of the split.
Three kinds of questions are asked of the whole pipeline:
- answerable: the paragraph that holds the answer is in the index;
- removed: the same questions, with the whole article of that paragraph filtered out;
- adversarial (dev only): SQuAD 2.0's unanswerable questions, written by people to look answerable from the paragraph.
"""

import argparse
import gzip
import json
import os
import random
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crawler.page import Section, place_sections
from indexer.document import Document, Head, doc_id_of
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.bundled import BundledEncoder
from indexer.index import Indexer
from rag.evaluation.measure import Outcome, ask_all, figures, mean
from rag.evaluation.questions import Question
from server.installation import Installation
from server.settings.config import Config

FILES = {"dev": "dev-v2.0.json.gz", "train": "train-v1.1.json.gz"}
THRESHOLDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
FIRST = 3


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A document: a paragraph of an article."""

    article: str
    place: int
    text: str

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://squad.test/{self.article}/{self.place}"


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("RECOLLECT_DATA", "../shared/data")))
    parser.add_argument("--split", choices=FILES, default="dev")
    parser.add_argument("--articles", type=int, help="index only the first so many articles of the split")
    parser.add_argument("--questions", type=int, default=1000, help="a random sample of each kind")
    parser.add_argument("--cache", type=Path, default=Path("/tmp/recollect-answers"), help="keeps the index")
    parser.add_argument("--answerable-only", action="store_true")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    folder = args.data / "qa" / "squad"
    asked = read_articles(folder / FILES[args.split])[: args.articles]
    others = (
        []
        if args.articles
        else [a for s, file in FILES.items() if s != args.split for a in read_articles(folder / file)]
    )
    index_folder = args.cache / f"{args.split}-{args.articles or 'all'}"
    index([*asked, *others], index_folder)
    report = measure(index_folder, asked, args.questions, with_unanswerable=not args.answerable_only)
    print(json.dumps(report) if args.json else json.dumps(report, indent=2))


def read_articles(path: Path) -> list[dict[str, Any]]:
    """The articles of a SQuAD file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        articles: list[dict[str, Any]] = json.load(file)["data"]
    return articles


def index(articles: Sequence[dict[str, Any]], folder: Path) -> None:
    """Index every paragraph, unless that is done."""
    done = folder / "done"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        with closing(EmbeddedStore(folder, writable=True)) as store:
            Indexer(store, BundledEncoder()).index(documents(articles))
        done.touch()


def documents(articles: Sequence[dict[str, Any]]) -> Iterator[Document]:
    """One document a paragraph."""
    for paragraph in (p for article in articles for p in paragraphs(article)):
        title = paragraph.article.replace("_", " ")
        metadata = {"article": paragraph.article}
        head = Head(doc_id_of(paragraph.url), paragraph.url, title, paragraph.url, language="en", metadata=metadata)
        yield Document(head, place_sections([Section(paragraph.text)]))


def paragraphs(article: dict[str, Any]) -> list[Paragraph]:
    """The paragraphs of an article."""
    return [Paragraph(article["title"], i, found["context"]) for i, found in enumerate(article["paragraphs"])]


def questions(articles: Sequence[dict[str, Any]], *, answerable: bool) -> list[tuple[Question, str]]:
    """Every question that is (not) answered, with its article."""
    return [
        (_question(qa, paragraph.url, answerable=answerable), article["title"])
        for article in articles
        for paragraph, found in zip(paragraphs(article), article["paragraphs"], strict=True)
        for qa in found["qas"]
        if bool(qa["answers"]) == answerable
    ]


def _question(qa: dict[str, Any], url: str, *, answerable: bool) -> Question:
    answers = tuple(dict.fromkeys(answer["text"] for answer in qa["answers"]))
    return Question(qa["question"].strip(), answers=answers, relevant=frozenset({url}), refuse=not answerable)


def measure(folder: Path, articles: Sequence[dict[str, Any]], size: int, *, with_unanswerable: bool) -> dict[str, Any]:
    """Ask a sample of each kind of question."""
    known = sampled(questions(articles, answerable=True), size)
    titles = tuple(article["title"] for article in articles)
    asked = {"answerable": [question for question, _ in known]}
    if with_unanswerable:
        asked["removed"] = [without(question, article, titles) for question, article in known]
        asked["adversarial"] = [q for q, _ in sampled(questions(articles, answerable=False), size)]
    with Installation(replace(Config(), data=folder), is_measured=True) as installation:
        responder = installation.responder()
        responder.answer("Is everything loaded?")
        outcomes = {kind: ask_all(responder.answer, found) for kind, found in asked.items()}
    return {
        **{kind: figures(found) for kind, found in outcomes.items()},
        "right_paragraph_in_first_3": mean([_is_found(outcome) for outcome in outcomes["answerable"]]),
        "thresholds": [_at(threshold, outcomes) for threshold in THRESHOLDS],
    }


def without(question: Question, article: str, titles: Sequence[str]) -> Question:
    """The same question where its article cannot be found."""
    others = tuple(title for title in titles if title != article)
    return replace(question, answers=(), refuse=True, metadata=(("article", others),))


def sampled(known: list[tuple[Question, str]], size: int) -> list[tuple[Question, str]]:
    """The same random sample every time."""
    return random.Random(20).sample(known, min(size, len(known)))


def _is_found(outcome: Outcome) -> bool:
    return any(hit.passage.head.url in outcome.question.relevant for hit in outcome.answer.hits[:FIRST])


def _at(threshold: float, outcomes: dict[str, list[Outcome]]) -> dict[str, float | None]:
    """Which share of each kind would be answered if so much confidence were asked for."""
    return {"threshold": threshold} | {
        kind: mean([_confidence(outcome) >= threshold for outcome in found]) for kind, found in outcomes.items()
    }


def _confidence(outcome: Outcome) -> float:
    return outcome.answer.choice.confidence if outcome.answer.choice else 0.0


if __name__ == "__main__":
    main()
