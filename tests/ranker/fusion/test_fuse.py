"""Fusing two lists: each formula by hand, and what holds for all of them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Head, Passage
from indexer.store import Candidate
from ranker.fusion.fuse import FuseConfig, FuseMethod, atan, convex, fuse, min_max, reciprocal_rank
from ranker.fusion.scored import Scored, best_first

METHODS: tuple[FuseMethod, ...] = ("evidence", "convex", "atan", "reciprocal_rank")
LEXICAL = [Scored("a", 20.0), Scored("b", 10.0)]
DENSE = [Scored("b", 0.9), Scored("c", 0.5)]


def candidates(scored: list[tuple[int, float]]) -> list[Candidate]:
    """Candidates of documents with these numbers, best first."""
    made = [Candidate(Passage(Head(f"d{n}", f"u{n}", "", ""), 0, "text"), score) for n, score in scored]
    return sorted(made, key=lambda c: (-c.score, c.passage.passage_id))


def test_reciprocal_rank_by_hand() -> None:
    first, second = 1 / 61, 1 / 62
    expected = {"b": (second + first) * 61 / 2, "a": first * 61 / 2, "c": second * 61 / 2}
    assert dict(reciprocal_rank(LEXICAL, DENSE)) == pytest.approx(expected)


def test_convex_counts_an_absent_id_as_the_least_score() -> None:
    assert dict(convex(LEXICAL, DENSE, 0.25)) == pytest.approx({"a": 0.75, "b": 0.25, "c": 0.0})


def test_convex_with_theoretical_minima() -> None:
    fused = dict(convex(LEXICAL, DENSE, 0.5, lexical_floor=0.0, dense_floor=-1.0))
    assert fused == pytest.approx({"a": 0.5, "b": 0.5 * 0.5 + 0.5, "c": 0.5 * 1.5 / 1.9})


def test_atan_by_hand() -> None:
    fused = dict(atan([Scored("a", 1.0)], [Scored("a", 1.0), Scored("b", -0.5)], 0.5))
    assert fused == pytest.approx({"a": 0.5, "b": 0.0})


def test_min_max_of_equal_scores_is_one() -> None:
    assert min_max([Scored("a", 3.0), Scored("b", 3.0)]) == {"a": 1.0, "b": 1.0}


def test_ties_are_broken_by_id() -> None:
    assert [item.id for item in best_first({"b": 1.0, "a": 1.0, "c": 2.0})] == ["c", "a", "b"]


scored_lists = st.lists(
    st.tuples(st.integers(0, 20), st.floats(0, 80, width=32)), max_size=20, unique_by=lambda t: t[0]
)
cosine_lists = st.lists(
    st.tuples(st.integers(0, 20), st.floats(-1, 1, width=32)), max_size=20, unique_by=lambda t: t[0]
)


@pytest.mark.parametrize("method", METHODS)
@given(lexical=scored_lists, dense=cosine_lists)
def test_every_method_gives_each_id_once_best_first_in_the_unit_interval(
    method: FuseMethod, lexical: list[tuple[int, float]], dense: list[tuple[int, float]]
) -> None:
    words, vectors = candidates(lexical), candidates(dense)
    fused = fuse("a query", words, vectors, FuseConfig(method=method))
    assert {item.id for item in fused} == {c.passage.passage_id for c in (*words, *vectors)}
    assert len({item.id for item in fused}) == len(fused)
    assert all(0 <= item.score <= 1 for item in fused)
    assert all(better.score >= worse.score for better, worse in pairwise(fused))


@pytest.mark.parametrize("method", METHODS)
def test_a_list_alone_keeps_its_order(method: FuseMethod) -> None:
    words = candidates([(1, 9.0), (2, 5.0), (3, 1.0)])
    expected = [c.passage.passage_id for c in words]
    assert [item.id for item in fuse("q", words, [], FuseConfig(method=method))] == expected
    vectors = candidates([(1, 0.9), (2, 0.5), (3, 0.1)])
    assert [item.id for item in fuse("q", [], vectors, FuseConfig(method=method))] == expected
