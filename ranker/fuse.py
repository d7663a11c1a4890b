"""Two ranked lists into one: pure functions over (id, score) lists.

- ``reciprocal_rank``: Cormack, Clarke and Büttcher, SIGIR 2009.
- ``convex``: weighted sum of min-max normalised scores; Bruch, Gai and Ingber, TOIS 2023.
- ``atan``: weighted sum of scores squashed by the arctangent, as in Vespa's hybrid ranking tutorial.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from indexer.store import Candidate

FuseMethod = Literal["convex", "atan", "reciprocal_rank"]

RECIPROCAL_RANK_K = 60
"""The constant of the 2009 paper; it damps the difference between the first ranks."""


class Scored(NamedTuple):
    """An id with the score a list gave it."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class FuseConfig:
    """``dense_weight`` in [0, 1] is the share of the dense list in ``convex`` and ``atan``."""

    method: FuseMethod = "convex"
    dense_weight: float = 0.5


def fuse(
    query: str, lexical: Sequence[Candidate], dense: Sequence[Candidate], config: FuseConfig = FuseConfig()
) -> list[Scored]:
    """Passage ids of both lists, best first, ties by id, scores in [0, 1]. Either list may be empty.

    ``query`` is the text as the person typed it; the lists are those of ``Store.candidates``.
    """
    words, vectors = _scored(lexical), _scored(dense)
    if config.method == "reciprocal_rank":
        return reciprocal_rank(words, vectors)
    weighted = atan if config.method == "atan" else convex
    return weighted(words, vectors, config.dense_weight)


def reciprocal_rank(*lists: Sequence[Scored], k: int = RECIPROCAL_RANK_K) -> list[Scored]:
    """Sum of 1 / (k + rank), ranks from 1, divided by its largest possible value."""
    sums: dict[str, float] = {}
    for scored in lists:
        for rank, item in enumerate(scored, start=1):
            sums[item.id] = sums.get(item.id, 0.0) + 1 / (k + rank)
    return best_first({i: s * (k + 1) / len(lists) for i, s in sums.items()})


def convex(lexical: Sequence[Scored], dense: Sequence[Scored], dense_weight: float = 0.5) -> list[Scored]:
    """Weighted sum of the two lists, each min-max normalised; an id missing from a list counts as its minimum."""
    return _weighted(min_max(lexical), min_max(dense), dense_weight)


def atan(lexical: Sequence[Scored], dense: Sequence[Scored], dense_weight: float = 0.5) -> list[Scored]:
    """Weighted sum of 2/pi * atan(score); negative cosines count as 0."""

    def squash(scored: Sequence[Scored]) -> dict[str, float]:
        return {item.id: math.atan(max(item.score, 0.0)) * 2 / math.pi for item in scored}

    return _weighted(squash(lexical), squash(dense), dense_weight)


def min_max(scored: Sequence[Scored], floor: float | None = None) -> dict[str, float]:
    """Scores mapped to [0, 1]; ``floor`` is the least possible score (theoretical minimum, Bruch 2023)."""
    if not scored:
        return {}
    low = min(item.score for item in scored) if floor is None else floor
    high = max(item.score for item in scored)
    return {item.id: (item.score - low) / (high - low) if high > low else 1.0 for item in scored}


def best_first(scores: dict[str, float]) -> list[Scored]:
    """Sorted by score, ties by id."""
    return sorted((Scored(i, s) for i, s in scores.items()), key=lambda item: (-item.score, item.id))


def _scored(candidates: Sequence[Candidate]) -> list[Scored]:
    return [Scored(candidate.passage.passage_id, candidate.score) for candidate in candidates]


def _weighted(lexical: dict[str, float], dense: dict[str, float], dense_weight: float) -> list[Scored]:
    ids = lexical.keys() | dense.keys()
    return best_first({i: (1 - dense_weight) * lexical.get(i, 0.0) + dense_weight * dense.get(i, 0.0) for i in ids})
