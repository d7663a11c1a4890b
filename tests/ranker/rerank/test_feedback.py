"""The query's vector moved towards what was found."""

import numpy as np

from ranker.rerank.feedback import chosen, moved, names_a_subject

EAST, NORTH = np.array([1, 0], np.float32), np.array([0, 1], np.float32)


def test_the_vector_lies_between_query_and_passages_and_has_unit_length() -> None:
    found = moved(EAST, np.stack([NORTH, NORTH]), 0.5)
    np.testing.assert_allclose(found, [0.5**0.5, 0.5**0.5], rtol=1e-6)
    assert found.dtype == np.float32


def test_the_weight_is_the_share_of_the_passages() -> None:
    np.testing.assert_allclose(moved(EAST, NORTH[None], 0), EAST)
    np.testing.assert_allclose(moved(EAST, NORTH[None], 1), NORTH)
    near, far = moved(EAST, NORTH[None], 0.3), moved(EAST, NORTH[None], 0.7)
    assert near @ EAST > far @ EAST


def test_passages_that_cancel_the_query_out_leave_it_as_it_is() -> None:
    np.testing.assert_array_equal(moved(EAST, -EAST[None], 0.5), EAST)


def test_passages_are_chosen_by_both_opinions() -> None:
    fused = (0.9, 0.6, 0.5, 0.4)
    agreeing, surprised = (np.array(read, np.float32) for read in ([0.9, 0.6, 0.5, 0.4], [0.5, 0.5, 0.5, 0.999]))
    assert chosen(fused, agreeing, 2) == [0, 1]
    assert chosen(fused, surprised, 2) == [0, 3]
    assert chosen(fused, np.array([0.01, 0.99], np.float32), 1) == [1]


def test_without_scores_the_first_are_chosen() -> None:
    assert chosen((0.9, 0.6, 0.5), np.empty(0, np.float32), 2) == [0, 1]
    assert chosen((0.9,), np.empty(0, np.float32), 2) == [0]


def test_a_subject_is_a_few_words_that_ask_nothing() -> None:
    assert names_a_subject("deep vein thrombosis", 3)
    assert not names_a_subject("deep vein thrombosis in travellers", 3)
    assert not names_a_subject("what is thrombosis", 3)
    assert not names_a_subject("thrombosis?", 3)
