"""Questions with known answers, read from a file: tab-separated patterns, or NDJSON with answers and judged pages."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import BadQuestions

REFUSE = "REFUSE"
REVIEW = "REVIEW"
NDJSON_SUFFIXES = (".ndjson", ".jsonl")
KEYS = frozenset({"question", "pattern", "answers", "relevant", "refuse", "review", "metadata"})


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and how to tell whether an answer to it helps.

    ``pattern`` matches (search, DOTALL) what a helpful answer shows; ``answers`` are right short answers, any of them;
    ``relevant`` are URLs, document ids or passage ids that a citation should name. ``refuse``: nothing answers it.
    ``review``: read, not counted. ``metadata`` narrows the search for this question (key -> values).
    """

    text: str
    pattern: str = ""
    answers: tuple[str, ...] = ()
    relevant: frozenset[str] = frozenset()
    refuse: bool = False
    review: bool = False
    metadata: tuple[tuple[str, tuple[str, ...]], ...] = ()


def read_questions(path: Path) -> list[Question]:
    """The questions of a file in order; empty lines are passed over.

    A line is ``question TAB pattern`` (or REFUSE, or REVIEW), or, in files that end in .ndjson or .jsonl, an object
    with ``question`` and any of ``pattern``, ``answers``, ``relevant``, ``refuse``, ``review``, ``metadata``. Raises
    BadQuestions naming file and line.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadQuestions(f"{path} cannot be read: {error}", "Give a file of questions") from error
    parse = _from_object if path.suffix.lower() in NDJSON_SUFFIXES else _from_tabs
    found = [question for place, line in _lines(path, text) for question in parse(place, line)]
    if not found:
        raise BadQuestions(f"{path} holds no question", "Write a line for each: question, a tab, a pattern")
    return found


def _lines(path: Path, text: str) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield f"{path}:{number}", line


def _from_tabs(place: str, line: str) -> Iterator[Question]:
    question, tab, wanted = line.partition("\t")
    wanted = wanted.strip()
    if not tab or not question.strip() or not wanted:
        raise BadQuestions(
            f"{place}: this is not a question, a tab and a pattern", f"{REFUSE} and {REVIEW} are patterns"
        )
    if wanted in (REFUSE, REVIEW):
        yield Question(question.strip(), refuse=wanted == REFUSE, review=wanted == REVIEW)
    else:
        yield Question(question.strip(), _checked(place, wanted))


def _from_object(place: str, line: str) -> Iterator[Question]:
    try:
        found: Any = json.loads(line)
    except ValueError as error:
        raise BadQuestions(f"{place}: not JSON: {error}", "Write one object a line") from error
    if not isinstance(found, dict) or not isinstance(found.get("question"), str) or not found["question"].strip():
        raise BadQuestions(f"{place}: there is no question", 'Write {"question": "...", "answers": ["..."]}')
    if unknown := sorted(set(found) - KEYS):
        raise BadQuestions(f"{place}: {unknown[0]} is unknown", f"Known are {', '.join(sorted(KEYS))}")
    question = Question(
        found["question"].strip(),
        _checked(place, str(found.get("pattern") or "")),
        tuple(map(str, found.get("answers") or ())),
        frozenset(map(str, found.get("relevant") or ())),
        bool(found.get("refuse")),
        bool(found.get("review")),
        tuple((key, tuple(map(str, values))) for key, values in (found.get("metadata") or {}).items()),
    )
    if not (question.pattern or question.answers or question.relevant or question.refuse or question.review):
        raise BadQuestions(f"{place}: nothing tells a good answer", "Give pattern, answers, relevant, refuse or review")
    yield question


def _checked(place: str, pattern: str) -> str:
    try:
        re.compile(pattern, re.DOTALL)
    except re.error as error:
        raise BadQuestions(f"{place}: {pattern!r} is no regular expression: {error}", "Mend the pattern") from error
    return pattern
