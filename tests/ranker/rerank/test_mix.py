"""The final score of reranking: a cross-encoder's opinion joined to the fused score."""

import numpy as np
import pytest

from ranker.rerank.mix import CERTAIN, MAX_WEIGHT, MIN_WEIGHT, is_question, joined, mixed, weight

SHORT, LONG = ["a few words"] * 4, ["word " * 300] * 4
EVEN = np.zeros(4)


@pytest.mark.parametrize("query", ["who wrote it", "In which year?", "Can I go home", "lighthouse keepers?\n"])
def test_questions_are_known_by_their_first_word_or_mark(query: str) -> None:
    assert is_question(query)


@pytest.mark.parametrize("query", ["", "?no", "whatever works", "the way it is", "island history"])
def test_other_queries_are_none(query: str) -> None:
    assert not is_question(query)


def test_questions_count_more_and_long_or_likely_passages_less() -> None:
    asked = weight("who is it", SHORT, EVEN)
    assert 0 < weight("its name", SHORT, EVEN) < asked
    assert weight("who is it", LONG, EVEN) < asked
    assert weight("who is it", SHORT, EVEN + 3) < asked < weight("who is it", SHORT, EVEN - 1)
    assert weight("its name", LONG, EVEN + 9) == MIN_WEIGHT
    assert weight("who is it", [""], EVEN - 50) == MAX_WEIGHT


def test_a_higher_score_of_either_kind_lifts_a_passage() -> None:
    first, scored, fused = mixed("who", SHORT[:3], [0.2, 0.2, 0.4], np.array([0.3, 0.9, 0.3], dtype=np.float32))
    assert first < scored and first < fused


def test_a_passage_far_above_the_others_stays_first_whatever_reading_says() -> None:
    scores = np.array([0.01, 0.99], dtype=np.float32)
    near, far = (mixed("who", SHORT[:2], [first, 0.3], scores) for first in (0.4, 0.9))
    assert near[0] < near[1]
    assert far[0] > far[1]


def test_what_reading_adds_above_the_first_is_bounded() -> None:
    fused, opinion = np.array([1.0, 0.0, -5.0]), np.array([0.0, 9.0, 9.0])
    assert joined(fused, opinion, 2.0).tolist() == [1.0, 2.0, -3.0]
    assert joined(fused, -opinion, 2.0).tolist() == [1.0, -9.0, -14.0]


def test_equal_opinions_keep_the_fused_order() -> None:
    found = mixed("who", SHORT, [0.9, 0.5, 0.3, 0.1], np.full(4, 0.6, dtype=np.float32))
    assert found == sorted(found, reverse=True) and len(set(found)) == 4


def test_certainty_stays_within_bounds() -> None:
    found = mixed("who", SHORT[:2], [0.0, 1.0], np.array([0, 1], dtype=np.float32))
    assert 0 < found[0] < 0.01 < 0.99 < found[1] < 1
    assert found[0] > CERTAIN**3
    assert mixed("who", [], [], np.empty(0, dtype=np.float32)) == []
