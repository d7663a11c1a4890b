"""What was chosen of the passages to answer with, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.document import Passage
from rag.choosing.pieces import Piece
from rag.choosing.question import QuestionType
from ranker.degradation import Degradation


@dataclass(frozen=True, slots=True)
class Pick:
    """A piece of a passage; ``score`` in [0, 1] says how sure it answers, ``features`` from what that was told.

    ``[span_start:span_end]`` of the passage's text are the words that answer, where some do.
    """

    passage: Passage
    piece: Piece
    score: float
    features: Mapping[str, float]
    span_start: int = 0
    span_end: int = 0

    @property
    def span(self) -> str:
        """The words that answer; empty where none do by themselves."""
        return self.passage.text[self.span_start : self.span_end]


@dataclass(frozen=True, slots=True)
class Choice:
    """``picks`` are what to show, the best first, empty where nothing answers; ``candidates`` all that was weighed.

    ``confidence`` in [0, 1] says how likely the passages answer at all.
    """

    type: QuestionType
    confidence: float
    picks: tuple[Pick, ...]
    candidates: tuple[Pick, ...]
    passages: tuple[Passage, ...]
    degraded: tuple[Degradation, ...] = ()
