"""The best span is the one that trying them all finds."""

import numpy as np

from ranker.tokens.spans import MAX_ANSWER_TOKENS, best_span


def test_it_is_the_best_of_all_that_are_short_enough() -> None:
    random = np.random.default_rng(0)
    for length in (1, 2, MAX_ANSWER_TOKENS, MAX_ANSWER_TOKENS + 1, 100, 300):
        start, end = random.normal(size=(2, length)).astype(np.float32)
        sums = {
            (i, j): float(start[i] + end[j])
            for i in range(length)
            for j in range(i, min(length, i + MAX_ANSWER_TOKENS))
        }
        found = best_span(start, end)
        assert found is not None
        assert (found.first, found.last) == max(sums, key=lambda span: sums[span])
        np.testing.assert_allclose(found.logit, max(sums.values()), rtol=1e-6)


def test_an_end_before_the_start_is_never_chosen() -> None:
    found = best_span(np.array([0.0, 0, 9]), np.array([9.0, 0, 0]))
    assert found is not None and found.first <= found.last


def test_no_tokens_hold_no_span() -> None:
    assert best_span(np.empty(0), np.empty(0)) is None
