"""Choosing among measured settings."""

import numpy as np
import pytest

from ranker.evaluation.tune import (
    Comparison,
    CrossValidated,
    Setting,
    choose,
    compared,
    cross_validated,
    is_borne_out,
    verdict,
)

LEXICAL, HYBRID, RERANK = Setting("lexical"), Setting("hybrid"), Setting("rerank", 50)


def noisy(mean: float, seed: int, n: int = 200, spread: float = 0.1) -> list[float]:
    drawn = np.random.default_rng(seed).normal(0, spread, n)
    return list(mean + drawn - drawn.mean())


def test_the_dearest_is_chosen_where_it_is_clearly_better() -> None:
    choice = choose({LEXICAL: noisy(0.4, 1), HYBRID: noisy(0.5, 2), RERANK: noisy(0.6, 3)})
    assert choice.setting == choice.best == RERANK
    assert choice.verdicts == {LEXICAL: "worse", HYBRID: "worse", RERANK: "best"}
    assert choice.against_best[HYBRID].difference == pytest.approx(-0.1)


def test_a_gain_of_the_size_of_noise_does_not_switch_reranking_on() -> None:
    choice = choose({LEXICAL: noisy(0.3, 1), HYBRID: noisy(0.5, 2), RERANK: noisy(0.508, 3)})
    assert (choice.best, choice.setting) == (RERANK, HYBRID)
    assert choice.verdicts[HYBRID] == "as good"


def test_of_equal_settings_the_cheapest_is_chosen() -> None:
    values = noisy(0.5, 1)
    assert choose({LEXICAL: values, HYBRID: values, RERANK: values}).setting == LEXICAL


def test_a_gain_too_small_to_matter_is_not_paid_for_however_sure_it_is() -> None:
    values = noisy(0.5, 1)
    choice = choose({HYBRID: values, RERANK: [value + 0.004 for value in values]})
    assert choice.against_best[HYBRID].p_value < 0.05
    assert choice.setting == HYBRID


def test_a_large_and_uncertain_difference_leaves_the_choice_open() -> None:
    choice = choose({HYBRID: noisy(0.5, 1, n=30, spread=0.3), RERANK: noisy(0.56, 2, n=30, spread=0.3)})
    assert choice.setting is None
    assert choice.verdicts[HYBRID] == "undecided"


@pytest.mark.parametrize(
    ("difference", "p_value", "expected"),
    [
        (-0.004, 0.001, "as good"),
        (-0.02, 0.2, "as good"),
        (-0.02, 0.01, "worse"),
        (-0.1, 0.2, "undecided"),
        (0.0, 1.0, "as good"),
    ],
)
def test_verdicts_weigh_size_and_chance(difference: float, p_value: float, expected: str) -> None:
    assert verdict(Comparison(difference, difference - 0.1, difference + 0.1, p_value)) == expected


def test_the_interval_holds_the_difference_and_shrinks_with_more_queries() -> None:
    few, many = (compared(noisy(0.6, 1, n), noisy(0.5, 2, n)) for n in (40, 400))
    for found in (few, many):
        assert found.difference == pytest.approx(0.1)
        assert found.low < 0.1 < found.high
    assert many.high - many.low < few.high - few.low
    assert compared(noisy(0.6, 1), noisy(0.5, 2)) == compared(noisy(0.6, 1), noisy(0.5, 2))


def test_each_half_is_measured_with_the_choice_of_the_other() -> None:
    ids = [str(n) for n in range(100)]
    found = cross_validated(ids, {HYBRID: noisy(0.5, 1, 100), RERANK: noisy(0.7, 2, 100)}, HYBRID)
    assert found.chosen == (RERANK, RERANK)
    assert found.ndcg == pytest.approx(0.7)
    assert found.present_ndcg == pytest.approx(0.5)
    assert found.against_present.low > 0
    assert is_borne_out(found, is_dearer=True)


def test_a_gain_on_one_half_alone_shows_as_none_on_unseen_queries() -> None:
    ids = [str(n) for n in range(200)]
    values = {HYBRID: noisy(0.5, 1), RERANK: noisy(0.5, 1)}
    found = cross_validated(ids, values, HYBRID)
    assert found.against_present.difference == 0
    assert not is_borne_out(found, is_dearer=True)
    assert is_borne_out(found, is_dearer=False)


def test_saving_time_must_lose_nothing_on_unseen_queries() -> None:
    loss = CrossValidated((LEXICAL, LEXICAL), 0.4, 0.5, Comparison(-0.1, -0.12, -0.08, 0.001))
    assert not is_borne_out(loss, is_dearer=False)
