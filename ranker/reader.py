"""The Reader seam: does a passage answer a question, and with which words?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ranker.scorer import Scorer


@dataclass(frozen=True, slots=True)
class Span:
    """``passage[start_char:end_char]``. ``score`` is above 0 where the model prefers it to "no answer here"."""

    start_char: int
    end_char: int
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """``relevance`` and ``answerable``, whether the passage answers the query, are probabilities.

    ``span`` is the best answer if there is one; None in a passage without words.
    """

    relevance: float
    answerable: float
    span: Span | None


@runtime_checkable
class Reader(Protocol):
    """Reads question and passage together and says whether and where the passage answers.

    Promises of every implementation (each one a test in tests/contracts):
    - One Reading a passage, in their order; an empty list gives an empty one.
    - What it reads in a passage does not depend on its neighbours in the call (to 1e-3).
    - Thread-safe. Failures raise ScorerError.
    """

    @property
    def languages(self) -> frozenset[str] | None:
        """ISO 639-1 codes of those it was made for; None where that is not known. It is not asked about others."""

    def read(self, query: str, passages: Sequence[str]) -> list[Reading]:
        """What stands in each passage, in their order."""


class ScoringReader(Reader, Scorer, Protocol):
    """A reader whose readings are scores, too."""
