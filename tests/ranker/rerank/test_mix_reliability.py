"""What the benchmark of the mix says of probabilities: right ones lie on the diagonal, few passages say nothing."""

import pytest

from benchmarks.mix_reliability import FEW, Bin, reliability


def scored(score: float, relevant: int, others: int) -> list[tuple[float, bool]]:
    return [(score, True)] * relevant + [(score, False)] * others


def test_probabilities_that_come_true_lie_on_the_diagonal() -> None:
    bins = reliability({"one": scored(0.25, 25, 75) + scored(0.75, 75, 25)})
    assert bins == [Bin(0.2, 0.35, 1, 0.25, 0.25), Bin(0.65, 0.8, 1, 0.75, 0.75)]


def test_each_set_counts_the_same_whatever_its_size() -> None:
    (found,) = reliability({"large": scored(0.4, 0, 1000), "small": scored(0.4, 20, 0)})
    assert (found.sets, found.score, found.relevant) == (2, pytest.approx(0.4), 0.5)


def test_a_bin_with_few_passages_of_a_set_says_nothing_of_it() -> None:
    (found,) = reliability({"many": scored(0.4, 20, 0), "few": scored(0.4, 0, FEW)})
    assert (found.sets, found.relevant) == (1, 1.0)
