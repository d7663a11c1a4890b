"""SQuAD in its official layout: questions with their paragraph, the answer's place, and a neighbouring paragraph."""

import gzip
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ranker.errors import BadTrainingData
from ranker.training.group import Group
from ranker.training.reading import Question
from ranker.training.sources.unanswerable import changed


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a paragraph: its right answers with their first character; none where it has no answer."""

    text: str
    answers: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What the questions are about."""

    context: str
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """``title`` has spaces between its words."""

    title: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class ReadingShares:
    """Of the answered questions: the share read with another paragraph of the article beside their own, and the share
    that is also read changed, so that nothing answers it."""

    neighbour: float = 0.2
    changed: float = 0.8


def reading_groups(path: Path, shares: ReadingShares = ReadingShares(), seed: int = 0) -> Iterator[Group]:
    """``groups_of`` the articles of a file. Raises BadTrainingData."""
    return groups_of(articles(path), shares, seed)


def groups_of(found: Iterable[Article], shares: ReadingShares = ReadingShares(), seed: int = 0) -> Iterator[Group]:
    """Every answered question with its paragraph; of some, right after it, the changed question.

    A neighbouring paragraph does not hold the answer's text. Half of the paragraphs begin with the article's title, as
    passages of an index do.
    """
    rng = random.Random(seed)  # noqa: S311 - for training, not for secrets
    for article in found:
        for paragraph in article.paragraphs:
            elsewhere = "\n".join(p.context for p in article.paragraphs if p is not paragraph)
            for question in paragraph.questions:
                if not question.answers:
                    continue
                answer, place = question.answers[0]
                others = [p.context for p in article.paragraphs if answer.lower() not in p.context.lower()]
                prefix = f"{article.title}\n" if rng.random() < 0.5 else ""
                is_joined = bool(others) and rng.random() < shares.neighbour
                start = len(prefix) + place
                group = Group(
                    query=question.text,
                    passages=(prefix + paragraph.context, *([prefix + rng.choice(others)] if is_joined else [])),
                    source="squad",
                    span=(start, start + len(answer)),
                )
                yield group
                if rng.random() < shares.changed:
                    query = changed(question.text, paragraph.context, answer, elsewhere, rng)
                    if query is not None:
                        yield replace(group, query=query, passages=group.passages[:1], span=None, is_changed=True)


def questions(path: Path) -> Iterator[Question]:
    """Every question with its paragraph and all its right answers. Raises BadTrainingData."""
    for article in articles(path):
        for paragraph in article.paragraphs:
            for question in paragraph.questions:
                yield Question(question.text, paragraph.context, tuple(text for text, _ in question.answers))


def articles(path: Path) -> list[Article]:
    """The whole file, plain or gzipped. Raises BadTrainingData."""
    try:
        raw = path.read_bytes()
        records = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)["data"]
        return [_article(record) for record in records]
    except (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise BadTrainingData(
            f"{path} is not SQuAD data: {error}", "Give train-v1.1.json in its official layout"
        ) from error


def _article(record: dict[str, Any]) -> Article:
    return Article(record["title"].replace("_", " "), tuple(_paragraph(p) for p in record["paragraphs"]))


def _paragraph(record: dict[str, Any]) -> Paragraph:
    return Paragraph(record["context"], tuple(_asked(question, record["context"]) for question in record["qas"]))


def _asked(record: dict[str, Any], context: str) -> Asked:
    answers = [] if record.get("is_impossible") else [(a["text"], int(a["answer_start"])) for a in record["answers"]]
    for text, start in answers:
        if not text or context[start : start + len(text)] != text:
            raise ValueError(f"the answer {text!r} does not stand at character {start} of its paragraph")
    return Asked(record["question"].strip(), tuple(answers))
