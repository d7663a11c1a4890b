"""Two ranked lists into one: pure functions over (id, score) lists. docs/FUSION.md has the measurements.

- ``evidence``: BM25 and cosine added up as they are, without normalising them per query; the default.
- ``reciprocal_rank``: Cormack, Clarke and Büttcher, SIGIR 2009.
- ``convex``: weighted sum of min-max normalised scores; Bruch, Gai and Ingber, TOIS 2023.
- ``atan``: weighted sum of scores squashed by the arctangent, as in Vespa's hybrid ranking tutorial.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from indexer.store import Candidate
from ranker.words import terms

FuseMethod = Literal["evidence", "convex", "atan", "reciprocal_rank"]

RECIPROCAL_RANK_K = 60
"""The constant of the 2009 paper; it damps the difference between the first ranks."""

ABSENT_SHARE = 0.5
"""A passage absent from a full list scored at most the list's last score; it is taken to have scored half of that."""

DEVIATION_WORTH = 4.15
"""How many points of BM25 (with the factor k1 + 1) a cosine is worth that is one deviation above the mean."""

FULL_TERMS = 10
"""Distinct query terms up to which BM25 counts in full. It adds up over terms as if each said something new; in a long
query many say the same, while a cosine never exceeds 1."""

SLOPE, OFFSET = 0.115, -7.3
"""Evidence to probability of relevance: logistic regression over the ten best of each query of the sets fitted on."""


class Scored(NamedTuple):
    """An id with the score a list gave it."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class FuseConfig:
    """``cosine_mean`` and ``cosine_deviation``, for ``evidence``, are those of unrelated texts under the encoder used.

    The defaults belong to the bundled encoder; ``ranker.background`` measures those of another. ``dense_weight`` in
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
    words, vectors = _scored(lexical), _scored(dense)
    if config.method == "reciprocal_rank":
        return reciprocal_rank(words, vectors)
    if config.method == "convex":
        return convex(words, vectors, config.dense_weight)
    if config.method == "atan":
        return atan(words, vectors, config.dense_weight)
    return evidence(words, vectors, config.cosine_mean, config.cosine_deviation, lexical_share(query))


def lexical_share(query: str, full_terms: float = FULL_TERMS) -> float:
    """How much a point of BM25 counts for this query: 1 up to ``full_terms`` distinct terms, then less the longer."""
    return min(1.0, full_terms / max(1, len(set(terms(query)))))


def evidence(
    lexical: Sequence[Scored],
    dense: Sequence[Scored],
    cosine_mean: float,
    cosine_deviation: float,
    lexical_share: float = 1.0,
) -> list[Scored]:
    """Probability of relevance: the logistic function of BM25 plus the cosine's deviations above its mean, weighed.

    Scores are not normalised per query, so that a list that found much counts more than one that found little: BM25
    grows with the number and rarity of the words that match, and the cosine with closeness in meaning. An id absent
    from the dense list counts as its last score; one absent from the lexical list as half its last score if the list
    is as long as the dense one (so was cut off), else as 0 (so does not match).
    """
    words, vectors = dict(lexical), dict(dense)
    was_cut = bool(lexical) and len(lexical) >= len(dense)
    no_words = ABSENT_SHARE * lexical[-1].score if was_cut else 0.0
    no_vector = dense[-1].score if dense else cosine_mean

    def points(passage_id: str) -> float:
        deviations = (vectors.get(passage_id, no_vector) - cosine_mean) / cosine_deviation
        return lexical_share * words.get(passage_id, no_words) + DEVIATION_WORTH * deviations

    # Ordered before the logistic function, which no longer tells very large values apart.
    ordered = best_first({passage_id: points(passage_id) for passage_id in words.keys() | vectors.keys()})
    return [Scored(item.id, logistic(SLOPE * item.score + OFFSET)) for item in ordered]


def logistic(x: float) -> float:
    """1 / (1 + e^-x), without overflow."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


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


def best_first(scores: Mapping[str, float]) -> list[Scored]:
    """Sorted by score, ties by id."""
    return sorted((Scored(i, s) for i, s in scores.items()), key=lambda item: (-item.score, item.id))


def _squashed(scored: Sequence[Scored]) -> dict[str, float]:
    return {item.id: math.atan(max(item.score, 0.0)) * 2 / math.pi for item in scored}


def _weighted(lexical: Mapping[str, float], dense: Mapping[str, float], dense_weight: float) -> list[Scored]:
    ids = lexical.keys() | dense.keys()
    return best_first({i: (1 - dense_weight) * lexical.get(i, 0.0) + dense_weight * dense.get(i, 0.0) for i in ids})


def _scored(candidates: Sequence[Candidate]) -> list[Scored]:
    return [Scored(candidate.passage.passage_id, candidate.score) for candidate in candidates]
