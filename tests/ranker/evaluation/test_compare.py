"""Comparing two models on the same groups."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from ranker.evaluation.compare import Difference, Figures, compare, is_worse, measure, p_value
from ranker.scorer import Scores
from ranker.scorers.bundled import BundledScorer, BundledScorerConfig
from ranker.scorers.overlap import OverlapScorer
from ranker.training.group import Group
from tests.support.tiny_models import export_tiny_reader

GROUPS = [
    Group("cat home", ("the cat sat home", "dog ran far", "mat"), "s", (4, 7), (0.0, 1.0, 2.0)),
    Group("dog", ("cat", "dog ran", "mat"), "s", None, (1.0, 0.0, 0.5)),
]


class Same:
    """Finds everything equally good."""

    name = "same"
    languages = None

    def score(self, query: str, passages: Sequence[str]) -> Scores:
        return np.zeros(len(passages), dtype=np.float32)


def test_the_right_passages_rank_is_measured() -> None:
    found = measure(OverlapScorer(), GROUPS)
    assert found.mrr.tolist() == [1, pytest.approx(1 / 3)]
    assert found.ndcg.tolist() == [1, pytest.approx(0.5)]


def test_equal_scores_do_not_put_the_right_passage_first() -> None:
    assert measure(Same(), GROUPS).mrr.tolist() == [pytest.approx(1 / 3)] * 2


@pytest.mark.torch
def test_a_reader_ranker_reads_where_the_answer_is_known(tmp_path: Path) -> None:
    scorer = BundledScorer(BundledScorerConfig(folder=export_tiny_reader(tmp_path)))
    found = measure(scorer, GROUPS)
    (reading,) = scorer.read(GROUPS[0].query, GROUPS[0].passages[:1])
    assert reading.span
    text = GROUPS[0].passages[0][reading.span.start_char : reading.span.end_char]
    assert found.exact_match.tolist() == [float(text in ("cat", "the cat"))]
    assert len(found.ndcg) == 2
    assert set(compare(found, found)) == {"ndcg", "mrr", "exact_match", "f1"}


def figures(ndcg: list[float], f1: list[float]) -> Figures:
    return Figures(np.array(ndcg), np.array(ndcg), np.array(f1), np.array(f1))


def test_reading_is_compared_only_where_both_read() -> None:
    assert set(compare(figures([1.0], [0.5]), figures([1.0], []))) == {"ndcg", "mrr"}


@pytest.mark.parametrize(
    ("new", "present", "worse"),
    [
        (([1.0, 0.5], [0.5]), ([1.0, 0.5], [0.5]), False),
        (([1.0, 0.6], [0.5]), ([1.0, 0.5], [0.5]), False),
        (([1.0, 0.4], [0.5]), ([1.0, 0.5], [0.5]), True),
        (([1.0, 0.6], [0.4]), ([1.0, 0.5], [0.5]), True),
        (([1.0, 0.6], [0.4]), ([1.0, 0.5], []), False),
    ],
)
def test_worse_is_a_lower_mean_of_ranking_or_reading(
    new: tuple[list[float], list[float]], present: tuple[list[float], list[float]], worse: bool
) -> None:
    assert is_worse(compare(figures(*new), figures(*present))) is worse


def test_the_paired_test_knows_chance_from_a_difference() -> None:
    assert p_value(np.zeros(50)) == 1
    assert p_value(np.full(12, 0.1)) == pytest.approx(2 / 2**12, abs=1e-3)
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 1, 400)
    assert p_value(noise - noise.mean() + 0.001) > 0.5
    # Of the eight combinations of signs only + + + and - - - are as far from 0.
    assert p_value(np.array([1.0, 2.0, 3.0])) == pytest.approx(2 / 8, abs=0.02)


def test_means_and_chance_are_reported() -> None:
    found = compare(figures([1.0, 0.5], []), figures([0.5, 0.5], []))
    assert found["ndcg"] == Difference(0.75, 0.5, 1.0)
