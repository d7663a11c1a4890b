"""Two ranked lists into one: pure functions over (id, score) lists. docs/fusion.md has the measurements.

- ``evidence``: words and meaning added up as they are, see ``ranker.fusion.evidence``; the default.
- ``reciprocal_rank``: Cormack, Clarke and Büttcher, SIGIR 2009.
- ``convex``: weighted sum of min-max normalised scores; Bruch, Gai and Ingber, TOIS 2023.
- ``atan``: weighted sum of scores squashed by the arctangent, as in Vespa's hybrid ranking tutorial.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from indexer.store import Candidate
from ranker.fusion.evidence import Background, evidence
from ranker.fusion.scored import Scored, best_first

FuseMethod = Literal["evidence", "convex", "atan", "reciprocal_rank"]

RECIPROCAL_RANK_K = 60
"""The constant of the 2009 paper; it damps the difference between the first ranks."""


@dataclass(frozen=True, slots=True)
class FuseConfig:
    """``cosine_mean`` and ``cosine_deviation``, for ``evidence``, are those of unrelated texts under the encoder used.

    The defaults belong to the bundled encoder; ``background`` measures those of another. ``dense_weight`` in
    [0, 1] is the share of the dense list in ``convex`` and ``atan``.
    """

    method: FuseMethod = "evidence"
    cosine_mean: float = 0.022
    cosine_deviation: float = 0.083
    dense_weight: float = 0.5


def fuse(
    query: str, lexical: Sequence[Candidate], dense: Sequence[Candidate], config: FuseConfig = FuseConfig()
) -> list[Scored]:
    """Passage ids of both lists, best first, ties by id, scores in [0, 1]. Either list may be empty.

    ``query`` is the text as the person typed it; the lists are those of ``Store.candidates``.
    """
    if config.method == "evidence":
        return evidence(query, lexical, dense, Background(config.cosine_mean, config.cosine_deviation))
    words, vectors = _scored(lexical), _scored(dense)
    if config.method == "reciprocal_rank":
        return reciprocal_rank(words, vectors)
    if config.method == "convex":
        return convex(words, vectors, config.dense_weight)
    return atan(words, vectors, config.dense_weight)


def reciprocal_rank(*lists: Sequence[Scored], k: int = RECIPROCAL_RANK_K) -> list[Scored]:
    """Sum of 1 / (k + rank), ranks from 1, divided by its largest possible value."""
    sums: dict[str, float] = {}
    for scored in lists:
        for rank, item in enumerate(scored, start=1):
            sums[item.id] = sums.get(item.id, 0.0) + 1 / (k + rank)
    return best_first({i: s * (k + 1) / len(lists) for i, s in sums.items()})


def convex(
    lexical: Sequence[Scored],
    dense: Sequence[Scored],
    dense_weight: float = 0.5,
    lexical_floor: float | None = None,
    dense_floor: float | None = None,
) -> list[Scored]:
    """Weighted sum of the two lists, each min-max normalised; an id absent from a list counts as its floor.

    A floor is the least score of the list or, given, the least possible one: 0 for BM25 and -1 for a cosine make it
    the theoretical-minimum variant of the paper.
    """
    return _weighted(min_max(lexical, lexical_floor), min_max(dense, dense_floor), dense_weight)


def atan(lexical: Sequence[Scored], dense: Sequence[Scored], dense_weight: float = 0.5) -> list[Scored]:
    """Weighted sum of 2/pi * atan(score); negative cosines count as 0."""
    return _weighted(_squashed(lexical), _squashed(dense), dense_weight)


def min_max(scored: Sequence[Scored], floor: float | None = None) -> dict[str, float]:
    """Scores mapped to [0, 1], ``floor`` (by default the least score) to 0; all 1 where there is no range."""
    if not scored:
        return {}
    low = min(item.score for item in scored) if floor is None else floor
    high = max(item.score for item in scored)
    return {item.id: (item.score - low) / (high - low) if high > low else 1.0 for item in scored}


def _squashed(scored: Sequence[Scored]) -> dict[str, float]:
    return {item.id: math.atan(max(item.score, 0.0)) * 2 / math.pi for item in scored}


def _weighted(lexical: Mapping[str, float], dense: Mapping[str, float], dense_weight: float) -> list[Scored]:
    ids = lexical.keys() | dense.keys()
    return best_first({i: (1 - dense_weight) * lexical.get(i, 0.0) + dense_weight * dense.get(i, 0.0) for i in ids})


def _scored(candidates: Sequence[Candidate]) -> list[Scored]:
    return [Scored(candidate.passage.passage_id, candidate.score) for candidate in candidates]
