"""Questions about a table of facts: made by template, in wordings no memory was told beforehand, or given in a file."""

import csv
import random
import re
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from server.comparing.facts import Facts
from server.errors import BadInput

WORDINGS = (
    "What is the {property} of {thing}?",
    "Which {property} does {thing} have?",
    "{property} of {thing}",
    "Could you tell me the {property} of {thing}, please?",
    "I would like to know {thing}'s {property}.",
)
SEED = 7
LONG = 12
"""An answer of more words is a text, and whoever quotes a part of it answers rightly, too."""
HEADER = ("question", "kind", "answer")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a kind, and what its answer must hold: one of ``answers``."""

    question: str
    answers: tuple[str, ...]
    kind: str = "look-up"

    def is_answered_by(self, text: str) -> bool:
        """Whether a text holds an answer as words of its own, or is a part of one that is a text itself."""
        return any(
            _holds(text, answer) or (len(answer.split()) > LONG and _is_part(text, answer)) for answer in self.answers
        )


def questions(facts: Facts, size: int) -> list[Asked]:
    """At most so many, of things and properties drawn by chance, the same every time, in all wordings."""
    pairs = [(thing, name) for thing, row in facts.rows.items() for name in facts.properties if row[name]]
    drawn = random.Random(SEED).sample(pairs, min(size, len(pairs)))  # noqa: S311 - for measuring, not for secrets
    return [
        Asked(worded(facts, thing, name, wording), (facts.rows[thing][name],))
        for (thing, name), wording in zip(drawn, cycle(WORDINGS), strict=False)
    ]


def worded(facts: Facts, thing: str, name: str, wording: str = WORDINGS[0]) -> str:
    """A question for one fact; where things have texts alone, their names ask for them."""
    return thing if facts.is_texts else wording.format(property=name, thing=thing)


def read_questions(path: Path) -> list[Asked]:
    """A file of tab-separated values: a header, then question, kind and the answers of which one is to be held.

    Raises BadInput.
    """
    cure = f"Give a header and rows of {', '.join(HEADER)}, with tabs between them"
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines, delimiter="\t"))[1:]
    except (OSError, UnicodeDecodeError, ValueError, csv.Error) as error:
        raise BadInput(f"{path} cannot be read as questions: {error}", cure) from error
    for number, row in enumerate(rows, 2):
        if len(row) < len(HEADER) or not all(row[: len(HEADER)]):
            raise BadInput(f"row {number} of {path} lacks a question, a kind or an answer", cure)
    if not rows:
        raise BadInput(f"{path} holds no question", cure)
    return [Asked(question, tuple(filter(None, answers)), kind) for question, kind, *answers in rows]


def _holds(text: str, answer: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(_folded(answer))}(?!\w)", _folded(text)) is not None


def _is_part(text: str, answer: str) -> bool:
    """Whether every line of a text stands in an answer."""
    lines = [folded for line in text.splitlines() if (folded := _folded(line))]
    return bool(lines) and all(line in _folded(answer) for line in lines)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
