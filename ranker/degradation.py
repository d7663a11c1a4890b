"""What a search or an answer did without: the part, and what came of it."""

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What was done without, or with less of; the words are those of the JSON documents."""

    QUERY = "query"
    ENCODER = "encoder"
    SCORER = "scorer"
    READER = "reader"
    GENERATOR = "generator"
    DIALOGUE = "dialogue"
    MEMORY = "memory"
    LANGUAGE = "language"
    """A model that works and does not know the language of what was found."""
    BUDGET = "budget"
    """The time for reranking, which did not suffice for all passages."""
    ANSWER = "answer"

    @property
    def is_failure(self) -> bool:
        """Whether the part itself does not work, or is missing; else all works, and this is how far it goes."""
        return self not in (Part.QUERY, Part.LANGUAGE, Part.BUDGET, Part.ANSWER)


@dataclass(frozen=True, slots=True)
class Degradation:
    """``what`` says, for people, why ``part`` was left out and what was done instead."""

    part: Part
    what: str

    def __str__(self) -> str:
        return f"{self.part}: {self.what}"
