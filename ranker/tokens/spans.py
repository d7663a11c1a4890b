"""The best answer inside a passage, from a reader's start and end logits: pure functions."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

MAX_ANSWER_TOKENS = 30
"""Longer answers are no answers but paragraphs."""


class TokenSpan(NamedTuple):
    """First and last token of an answer, and the sum of its two logits."""

    first: int
    last: int
    logit: float


def best_span(start: npt.NDArray[Any], end: npt.NDArray[Any]) -> TokenSpan | None:
    """The span of at most ``MAX_ANSWER_TOKENS`` with the highest sum of its first token's start and last token's end.

    ``start`` and ``end`` hold a logit for each token of the passage; None where it has none.
    """
    if not len(start):
        return None
    window = np.full(MAX_ANSWER_TOKENS - 1, -np.inf, dtype=np.float64)
    ends = np.lib.stride_tricks.sliding_window_view(np.concatenate([end, window]), MAX_ANSWER_TOKENS)
    sums = start[:, None] + ends
    first, length = divmod(int(np.argmax(sums)), MAX_ANSWER_TOKENS)
    return TokenSpan(first, first + length, float(sums[first, length]))
