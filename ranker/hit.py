"""What the ranker answers: scored documents with their best passage and the evidence for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.document import Passage
from ranker.degradation import Degradation
from ranker.understanding.correct import Correction


@dataclass(frozen=True, slots=True)
class Evidence:
    """Rank (from 1) and raw score in each list, and the score after each stage; None where a step did not run."""

    lexical_rank: int | None = None
    lexical_score: float | None = None
    dense_rank: int | None = None
    dense_score: float | None = None
    fused_score: float | None = None
    rerank_score: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A document's best passage. ``score`` is final, in [0, 1]. ``snippet`` is HTML: escaped text with <mark>.

    ``more`` holds further passages of the same document among the candidates, best first. ``similar`` holds the best
    passages of documents found that say the same and are no hits of their own (``ranker.similar``).
    """

    passage: Passage
    score: float
    evidence: Evidence
    snippet: str = ""
    more: tuple[Passage, ...] = ()
    similar: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits.

    ``total`` is the number of documents that can be paged through. ``stages`` maps a stage to its milliseconds.
    ``degraded`` names what was left out and why. ``correction`` is what was searched for instead of what was typed, or
    may be meant by it.
    """

    query: str
    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, list[tuple[str, int]]] = field(default_factory=dict)
    stages: Mapping[str, float] = field(default_factory=dict)
    degraded: tuple[Degradation, ...] = ()
    correction: Correction | None = None
    took_ms: float = 0.0
