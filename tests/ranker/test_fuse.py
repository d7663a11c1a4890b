"""Fusing two lists: each formula by hand, and what holds for all of them."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Head, Passage
from indexer.store import Candidate
from ranker.fuse import (
    DEVIATION_WORTH,
    OFFSET,
    SLOPE,
    FuseConfig,
    FuseMethod,
    Scored,
    atan,
    best_first,
    convex,
    evidence,
    fuse,
    lexical_share,
    logistic,
    min_max,
    reciprocal_rank,
)

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


def test_evidence_adds_bm25_and_deviations_of_the_cosine() -> None:
    fused = dict(evidence([Scored("a", 20.0)], [Scored("a", 0.5)], cosine_mean=0.1, cosine_deviation=0.1))
    assert fused["a"] == pytest.approx(1 / (1 + math.exp(-(SLOPE * (20.0 + DEVIATION_WORTH * 4) + OFFSET))))


def test_evidence_takes_what_is_absent_from_a_full_list_for_half_its_last_score() -> None:
    cut = dict(evidence(LEXICAL, DENSE, 0.0, 0.1))
    in_both = dict(evidence([*LEXICAL, Scored("c", 5.0)], DENSE, 0.0, 0.1))
    assert cut["c"] == pytest.approx(in_both["c"])


def test_evidence_takes_what_is_absent_from_a_list_that_ended_for_no_match() -> None:
    ended = dict(evidence(LEXICAL[:1], DENSE, 0.0, 0.1))
    matching = dict(evidence([LEXICAL[0], Scored("c", 0.0)], DENSE, 0.0, 0.1))
    assert ended["c"] == pytest.approx(matching["c"])


def test_evidence_takes_what_is_absent_from_the_dense_list_for_its_last_score() -> None:
    fused = dict(evidence([Scored("a", 9.0), Scored("b", 9.0)], [Scored("a", 0.5)], 0.0, 0.1))
    assert fused["a"] == fused["b"]


def test_a_list_that_found_much_decides_over_one_that_found_little() -> None:
    near, far = [Scored("meant", 0.8), Scored("other", 0.1)], [Scored("other", 0.3), Scored("said", 0.29)]
    assert evidence([Scored("other", 2.0)], near, 0.0, 0.1)[0].id == "meant"
    assert evidence([Scored("said", 40.0), Scored("other", 5.0)], far, 0.0, 0.1)[0].id == "said"


@pytest.mark.parametrize(
    ("query", "share"),
    [("", 1.0), ("how do cats purr", 1.0), (" ".join(f"word{n}" for n in range(40)), 0.25), ("cat " * 40, 1.0)],
)
def test_bm25_counts_less_the_more_distinct_terms_a_query_has(query: str, share: float) -> None:
    assert lexical_share(query) == share


def test_a_long_query_is_fused_by_its_share() -> None:
    words, vectors = candidates([(1, 80.0), (2, 20.0)]), candidates([(1, 0.2), (2, 0.7)])
    query = " ".join(f"word{n}" for n in range(40))
    assert [item.id for item in fuse("word1 word2", words, vectors)] == ["d1-00000", "d2-00000"]
    assert [item.id for item in fuse(query, words, vectors)] == ["d2-00000", "d1-00000"]


def test_min_max_of_equal_scores_is_one() -> None:
    assert min_max([Scored("a", 3.0), Scored("b", 3.0)]) == {"a": 1.0, "b": 1.0}


def test_ties_are_broken_by_id() -> None:
    assert [item.id for item in best_first({"b": 1.0, "a": 1.0, "c": 2.0})] == ["c", "a", "b"]


def test_logistic_does_not_overflow() -> None:
    assert logistic(-1e6) == 0.0
    assert logistic(1e6) == 1.0
    assert logistic(0.0) == 0.5


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
