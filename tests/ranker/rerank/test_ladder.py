"""How deep is reranked within a budget, by a clock that the scorer moves."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from ranker.config import RerankConfig
from ranker.errors import ScorerError
from ranker.rerank.ladder import FIRST_PASSAGES, KEPT_SCORES, Ladder
from ranker.scorer import Scores
from ranker.scorers.overlap import OverlapScorer

QUERY = "fox"
PASSAGES = [f"passage {n:03} about a fox" for n in range(100)]


class Clocked:
    """Scores like ``OverlapScorer``; the clock goes on by ``pace_s`` for every passage, and by ``load_s`` at first."""

    name = "clocked"
    languages = None

    def __init__(self, pace_s: float, load_s: float = 0.0) -> None:
        self.pace_s, self.load_s, self.now_s = pace_s, load_s, 1000.0
        self.calls: list[list[str]] = []
        self._counting = threading.Lock()

    def score(self, query: str, passages: Sequence[str]) -> Scores:
        with self._counting:
            self.now_s += self.load_s + self.pace_s * len(passages)
            self.load_s = 0.0
            self.calls.append(list(passages))
        return OverlapScorer().score(query, passages)

    def ladder(self, passages: int = 50, budget_ms: float | None = 500) -> Ladder:
        return Ladder(self, RerankConfig(passages, budget_ms), lambda: self.now_s)


def test_a_fast_scorer_reads_everything_in_one_call_after_the_first_few() -> None:
    scorer = Clocked(pace_s=0.001, load_s=2.0)
    read = scorer.ladder().read(QUERY, PASSAGES)
    np.testing.assert_array_equal(read.scores, OverlapScorer().score(QUERY, PASSAGES))
    assert read.note == ""
    assert scorer.calls == [PASSAGES[:FIRST_PASSAGES], PASSAGES[:FIRST_PASSAGES], PASSAGES[FIRST_PASSAGES:]]


def test_a_slow_scorer_reads_what_fits_the_budget_and_says_so() -> None:
    scorer = Clocked(pace_s=0.02, load_s=2.0)
    ladder = scorer.ladder()
    ladder.read("first", PASSAGES[:1])
    began_s = scorer.now_s
    read = ladder.read(QUERY, PASSAGES)
    assert 0.45 <= scorer.now_s - began_s <= 0.5
    assert 20 <= len(read.scores) <= 25
    assert read.note == (f"{len(read.scores)} of 100 passages reranked within 500 ms, fused order kept for the rest")


def test_two_readings_for_one_query_share_its_budget() -> None:
    scorer = Clocked(pace_s=0.02)
    ladder = scorer.ladder()
    ladder.read("another query", PASSAGES[:FIRST_PASSAGES])
    began_s = scorer.now_s
    first = ladder.read(QUERY, PASSAGES[:10])
    assert first.spent_s == pytest.approx(0.2)
    second = ladder.read(QUERY, PASSAGES, first.spent_s)
    assert 0.45 <= scorer.now_s - began_s <= 0.5
    assert second.spent_s == pytest.approx(scorer.now_s - began_s)
    assert 20 <= len(second.scores) <= 25


def test_a_machine_that_becomes_busy_while_it_reads_stops_soon_after_the_budget() -> None:
    scorer = Clocked(pace_s=0.005)
    ladder = scorer.ladder()
    ladder.read("first", PASSAGES[:FIRST_PASSAGES])
    scorer.pace_s = 0.02
    began_s = scorer.now_s
    read = ladder.read(QUERY, PASSAGES)
    assert scorer.now_s - began_s < 0.7
    assert 0 < len(read.scores) < 50


def test_without_a_budget_everything_is_read_in_one_call() -> None:
    scorer = Clocked(pace_s=10.0)
    assert len(scorer.ladder(budget_ms=None).read(QUERY, PASSAGES).scores) == len(PASSAGES)
    assert scorer.calls == [PASSAGES]


def test_known_scores_are_not_asked_for_again() -> None:
    scorer = Clocked(pace_s=0.001)
    ladder = scorer.ladder(budget_ms=None)
    first = ladder.read(QUERY, PASSAGES[:10]).scores
    again = ladder.read(QUERY, PASSAGES[5:15]).scores
    assert scorer.calls == [PASSAGES[:10], PASSAGES[10:15]]
    np.testing.assert_array_equal(again[:5], first[5:])
    ladder.read("another query", PASSAGES[:10])
    assert len(scorer.calls) == 3


def test_one_passage_twice_in_a_list_is_read_once() -> None:
    scorer = Clocked(pace_s=0.001)
    assert len(scorer.ladder(budget_ms=None).read(QUERY, ["fox", "cat", "fox"]).scores) == 3
    assert scorer.calls == [["fox", "cat"]]


def test_further_pages_of_a_query_see_the_order_of_the_first_for_a_while() -> None:
    scorer = Clocked(pace_s=0.02)
    ladder = scorer.ladder()
    first = ladder.read(QUERY, PASSAGES)
    scorer.pace_s = 0.0001
    for n in range(30):
        ladder.read(f"query {n}", PASSAGES[:20])
    assert len(ladder.read(QUERY, PASSAGES).scores) == len(first.scores)
    scorer.now_s += 1000
    assert len(ladder.read(QUERY, PASSAGES).scores) == len(PASSAGES)


def test_a_pace_from_a_bad_moment_is_forgotten() -> None:
    scorer = Clocked(pace_s=100.0)
    ladder = scorer.ladder()
    ladder.read("first", PASSAGES[:FIRST_PASSAGES])
    scorer.pace_s = 0.001
    depths = [len(ladder.read(f"query {n}", PASSAGES).scores) for n in range(60)]
    assert depths[0] == 0
    assert depths[-1] == len(PASSAGES)


@pytest.mark.parametrize("passages", [[], [""], ["\ud800", "x" * 100_000, "狗"]])
def test_any_texts_are_read(passages: list[str]) -> None:
    assert len(Clocked(pace_s=0.001).ladder().read("\ud800", passages).scores) == len(passages)


def test_a_failing_scorer_is_told_of() -> None:
    class Failing:
        name = "failing"
        languages = None

        def score(self, query: str, passages: Sequence[str]) -> Scores:
            raise ScorerError("does not work")

    with pytest.raises(ScorerError, match="does not work"):
        Ladder(Failing(), RerankConfig()).read(QUERY, PASSAGES)


def test_threads_get_the_scores_of_their_own_query() -> None:
    ladder = Clocked(pace_s=0.0001).ladder()
    queries = ["fox", "passage 007", "about", "none"]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda query: ladder.read(query, PASSAGES).scores, queries * 4))
    for i, scores in enumerate(found):
        np.testing.assert_array_equal(scores, OverlapScorer().score(queries[i % 4], PASSAGES))


def test_remembered_scores_are_bounded() -> None:
    scorer = Clocked(pace_s=0.0)
    ladder = scorer.ladder(budget_ms=None)
    ladder.read(QUERY, PASSAGES)
    ladder.read(QUERY, [f"other {n}" for n in range(KEPT_SCORES)])
    ladder.read(QUERY, PASSAGES)
    assert scorer.calls[-1] == PASSAGES


@pytest.mark.parametrize(("settings", "named"), [({"passages": -1}, "passages"), ({"budget_ms": 0}, "budget_ms")])
def test_impossible_settings_are_named(settings: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        RerankConfig(**settings)
