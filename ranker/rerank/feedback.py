"""Pseudo-relevance feedback: the query's vector moves towards the best of the passages found first. Pure.

Rocchio (1971), on dense vectors as Li, Mourad, Zhuang, Koopman and Zuccon have it (TOIS 2023): a few words name a
subject, and passages on it tell more of it. Which ones are, a scorer knows better than the fused order.
docs/fusion.md has the measurements.
"""

from collections.abc import Sequence

import numpy as np

from indexer.document import Vectors
from ranker.rerank.mix import is_question, log_odds
from ranker.scorer import Scores

SCORED_WEIGHT = 0.3
"""Of the scores' log-odds beside the fused ones."""


def names_a_subject(query: str, max_words: int) -> bool:
    """Whether the query is a few words and no question: a question says itself which of the passages on its subject
    it wants, and so does a long query.
    """
    return len(query.split()) <= max_words and not is_question(query)


def chosen(fused: Sequence[float], scores: Scores, count: int) -> list[int]:
    """Indices of the passages to move to, best first: ``count`` of those that have a score, else the first ``count``.

    ``fused`` are scores in [0, 1], best first, ``scores`` those that a scorer gave to the first of them.
    """
    if not len(scores):
        return list(range(min(count, len(fused))))
    together = log_odds(fused[: len(scores)]) + SCORED_WEIGHT * log_odds(scores)
    return [int(i) for i in np.argsort(-together, kind="stable")[:count]]


def moved(query: Vectors, passages: Vectors, weight: float) -> Vectors:
    """(dim,) float32, unit length: ``1 - weight`` of the query's vector and ``weight`` of the mean of the passages'.

    ``query`` is (dim,), ``passages`` (n, dim) with n above 0, all of unit length. Where they cancel out, the query.
    """
    together = (1 - weight) * query + weight * passages.mean(axis=0)
    length = float(np.linalg.norm(together))
    return (together / length).astype(np.float32) if length > 1e-6 else query
