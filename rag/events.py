"""What happens while a question is answered, in order; ``event`` is the name a stream of server-sent events gives it.

Phase and Sources come first, then Chunks (the answer sentence by sentence, each with its citations), and at last one
Done or one Failed. In a conversation Rephrased comes before all of them. A Notice may come anywhere.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from rag.answer import Answer, Citation
from ranker.degradation import Degradation
from ranker.hit import Hit

PhaseName = Literal["recall", "search", "choose", "generate"]


@dataclass(frozen=True, slots=True)
class Phase:
    """A stage begins."""

    event: ClassVar[str] = "phase"
    name: PhaseName


@dataclass(frozen=True, slots=True)
class Sources:
    """The documents found; the answer cites passages of these."""

    event: ClassVar[str] = "sources"
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """The next piece of the answer, verified; the texts of all chunks, joined, are the answer."""

    event: ClassVar[str] = "chunk"
    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something was left out, as ``Answer.degraded`` will say too."""

    event: ClassVar[str] = "warning"
    degradation: Degradation


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer, or the refusal."""

    event: ClassVar[str] = "done"
    answer: Answer


@dataclass(frozen=True, slots=True)
class Failed:
    """The question could not be answered: what is wrong, and the cure."""

    event: ClassVar[str] = "error"
    what: str
    cure: str


@dataclass(frozen=True, slots=True)
class Rephrased:
    """A follow-up, or a question that describes a thing, was understood as this question, which is answered."""

    event: ClassVar[str] = "rephrased"
    question: str


Event = Phase | Rephrased | Sources | Chunk | Notice | Done | Failed
