"""A scorer without a model: how many of the query's words stand in the passage. Deterministic and always there."""

import re
from collections.abc import Sequence

import numpy as np

from ranker.scorer import Scores

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_CJK}]+|[^\W{_CJK}]+")

COVERAGE_WEIGHT = 0.9
"""The rest goes to how much of the passage the words make up, which puts the shorter of two equal matches first."""


class OverlapScorer:
    """0.9 x share of the query's distinct words found + 0.1 x their share of the passage's distinct words."""

    name = "overlap"

    def score(self, query: str, passages: Sequence[str]) -> Scores:
        """(n,) in [0, 1]; all 0 for a query without words."""
        wanted = distinct_words(query)
        return np.array([_score(wanted, distinct_words(passage)) for passage in passages], dtype=np.float32)


def distinct_words(text: str) -> frozenset[str]:
    """Lower-cased words; runs of Chinese, Japanese or Korean characters as their pairs of neighbours."""
    words: set[str] = set()
    for run in _WORD.findall(text.lower()):
        if len(run) > 2 and re.match(f"[{_CJK}]", run):
            words.update(run[i : i + 2] for i in range(len(run) - 1))
        else:
            words.add(run)
    return frozenset(words)


def _score(wanted: frozenset[str], found: frozenset[str]) -> float:
    if not wanted or not found:
        return 0.0
    common = len(wanted & found)
    return COVERAGE_WEIGHT * common / len(wanted) + (1 - COVERAGE_WEIGHT) * common / len(found)
