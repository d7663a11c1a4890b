"""The final score: how far a cross-encoder's opinion moves the fused score of a passage, query by query. Pure.

In log-odds, ``final = SLOPE x (logit(fused) + weight x logit(scored)) + OFFSET``. Read alone, a cross-encoder that
learned from questions forgets what a text is about; a fixed weight helps questions and harms long topical queries. The
weight therefore depends on signals at hand: questions deserve more of it, long passages less (a cross-encoder reads
them less surely), and the less, the more relevant it finds just everything. Nor does reading lift a passage past the
first of the fused list by more than ``MOST_LIFT``: where that stands far above the second, it stays.

The numbers were fitted to nDCG@10 on 16 public collections, each counting the same. Those of nine collections that the
cross-encoder has not learned from are nearly the same; docs/reranking.md gives the figures, for every collection also
those of numbers that were fitted without it. The least weight came later, with weights that read topical passages
better.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ranker.scorer import Scores

BASE, PER_LOG_WORD, PER_QUESTION, PER_MEDIAN = 0.53, -0.17, 0.27, -0.05
"""Of the weight: where it begins, and what the log of 1 + the mean length of the passages in words, being a question,
and the median log-odds of the passages add to it."""

MIN_WEIGHT, MAX_WEIGHT = 0.08, 0.8
MOST_LIFT = 1.3
SLOPE, OFFSET = 1.19, 0.97
"""From the mixed log-odds to those of being relevant, fitted on the ten first documents of each query of four sets that
the cross-encoder has not learned from."""

CERTAIN = 1e-7
"""Probabilities are kept so far from 0 and 1."""

_QUESTION = re.compile(
    r"\s*(who|what|when|where|why|which|how|is|are|was|were|do|does|did|can|could|should|will|would|in what|in which|"
    r"whose|whom|has|have|had|may|must)\b|.*\?\s*$",
    re.IGNORECASE | re.DOTALL,
)

LogOdds = npt.NDArray[np.float64]


def mixed(query: str, passages: Sequence[str], fused: Sequence[float], scores: Scores) -> list[float]:
    """The final score of each passage: an estimate of the probability that it is relevant, in (0, 1).

    ``passages`` are the texts that a scorer gave ``scores``, (n,) probabilities; ``fused`` are their fused scores in
    [0, 1].
    """
    if not passages:
        return []
    scored = log_odds(scores)
    together = joined(log_odds(fused), weight(query, passages, scored) * scored)
    return [float(final) for final in 1 / (1 + np.exp(-(SLOPE * together + OFFSET)))]


def joined(fused: LogOdds, opinion: LogOdds, most_lift: float = MOST_LIFT) -> LogOdds:
    """(n,) log-odds of both; of the ``opinion`` no passage gets more than ``most_lift`` above the first fused one."""
    together: LogOdds = fused + np.minimum(opinion, opinion[np.argmax(fused)] + most_lift)
    return together


def weight(query: str, passages: Sequence[str], scored: LogOdds) -> float:
    """How much the log-odds ``scored``, (n,), of the passages count, in [MIN_WEIGHT, MAX_WEIGHT]."""
    length = np.log1p(np.mean([len(text.split()) for text in passages]))
    found = BASE + PER_LOG_WORD * length + PER_QUESTION * is_question(query) + PER_MEDIAN * np.median(scored)
    return float(np.clip(found, MIN_WEIGHT, MAX_WEIGHT))


def is_question(query: str) -> bool:
    """By its first word, or a question mark at its end; English."""
    return _QUESTION.match(query) is not None


def log_odds(probabilities: Sequence[float] | npt.NDArray[np.floating[Any]]) -> LogOdds:
    """(n,), of probabilities kept a little from 0 and 1."""
    clipped = np.clip(np.asarray(probabilities, dtype=np.float64), CERTAIN, 1 - CERTAIN)
    found: LogOdds = np.log(clipped) - np.log1p(-clipped)
    return found
