"""A table of facts and questions about it, whose wordings no memory was told beforehand."""

import csv
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from server.errors import BadInput

WORDINGS = (
    "What is the {property} of {thing}?",
    "Which {property} does {thing} have?",
    "{property} of {thing}",
    "Could you tell me the {property} of {thing}, please?",
    "I would like to know {thing}'s {property}.",
)
SEED = 7


@dataclass(frozen=True, slots=True)
class Facts:
    """``rows`` hold for each thing its value of every property; ``noun`` is what a thing is called."""

    noun: str
    properties: tuple[str, ...]
    rows: dict[str, dict[str, str]]

    def page(self, thing: str) -> str:
        """What a page says of a thing."""
        return "\n".join(f"The {name} of {thing} is {value}." for name, value in self.rows[thing].items() if value)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what its answer must hold."""

    question: str
    answer: str

    def is_answered_by(self, text: str) -> bool:
        """Whether a text holds the answer as words of its own."""
        return re.search(rf"(?<!\w){re.escape(self.answer)}(?!\w)", text, re.IGNORECASE) is not None


def read_facts(path: Path) -> Facts:
    """A file of tab-separated values: a header, a row a thing, the thing's name first. Raises BadInput."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            header, *rows = list(csv.reader(lines, delimiter="\t"))
    except (OSError, UnicodeDecodeError, ValueError, csv.Error) as error:
        raise BadInput(f"{path} cannot be read as facts: {error}", "Give a header and a row for each thing") from error
    if len(header) < 2 or not rows or any(len(row) != len(header) or not row[0] for row in rows):
        raise BadInput(f"{path} is no table of facts", "Give tab-separated rows: the thing, then its properties")
    return Facts(header[0], tuple(header[1:]), {row[0]: dict(zip(header[1:], row[1:], strict=True)) for row in rows})


def questions(facts: Facts, size: int) -> list[Asked]:
    """At most so many, of things and properties drawn by chance, the same every time, in all wordings."""
    pairs = [(thing, name) for thing, row in facts.rows.items() for name in facts.properties if row[name]]
    drawn = random.Random(SEED).sample(pairs, min(size, len(pairs)))  # noqa: S311 - for measuring, not for secrets
    return [_asked(facts, pair, wording) for pair, wording in zip(drawn, _wordings(), strict=False)]


def _asked(facts: Facts, pair: tuple[str, str], wording: str) -> Asked:
    thing, name = pair
    return Asked(wording.format(property=name, thing=thing), facts.rows[thing][name])


def _wordings() -> Iterator[str]:
    return cycle(WORDINGS)
