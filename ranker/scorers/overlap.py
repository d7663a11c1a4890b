"""A scorer without a model: how many of the query's words stand in the passage. Deterministic and always there."""

from collections.abc import Sequence

import numpy as np

from ranker.scorer import Scores
from ranker.words import terms

COVERAGE_WEIGHT = 0.9
"""The rest goes to how much of the passage the words make up, which puts the shorter of two equal matches first."""


class OverlapScorer:
    """0.9 x share of the query's distinct terms found + 0.1 x their share of the passage's distinct terms."""

    name = "overlap"
    languages = None

    def score(self, query: str, passages: Sequence[str]) -> Scores:
        """(n,) in [0, 1], of the stems of ``ranker.words.terms``; all 0 for a query without words."""
        wanted = frozenset(terms(query))
        return np.array([_score(wanted, frozenset(terms(passage))) for passage in passages], dtype=np.float32)


def _score(wanted: frozenset[str], found: frozenset[str]) -> float:
    if not wanted or not found:
        return 0.0
    common = len(wanted & found)
    return COVERAGE_WEIGHT * common / len(wanted) + (1 - COVERAGE_WEIGHT) * common / len(found)
