"""Validation by a module that answers what the test wants."""

import math
from typing import Any

import numpy as np
import pytest

from ranker.training.sources.pairs import IGNORED, Example, Row
from ranker.training.validate import validate

pytestmark = pytest.mark.torch


def module(relevance: list[float], place: int) -> Any:
    import torch

    class Fixed(torch.nn.Module):
        def forward(self, ids: Any, mask: Any, types: Any) -> Any:
            scores = torch.tensor(relevance)
            spots = torch.zeros(ids.shape)
            spots[:, place] = 9.0
            return scores, scores, spots, spots

    return Fixed()


def example(start: int) -> Example:
    wrong = IGNORED if start == IGNORED else 0
    return Example(
        (Row((1, 2, 3, 4, 5, 6), 2, start, start), Row((1, 2, 3, 4, 5, 6), 2, wrong, wrong)), (), answers=True
    )


def test_the_rank_of_the_right_passage_its_judgement_and_its_span_are_measured() -> None:
    found = validate(module([1.0, -1.0], 3), [example(3)], 1024, "cpu")
    assert (found.mrr, found.judged, found.exact, found.overlap) == (1, 1, 1, 1)
    found = validate(module([-1.0, 1.0], 4), [example(3)], 1024, "cpu")
    assert (found.mrr, found.judged, found.exact, found.overlap) == (0.5, 0, 0, 0)


def test_a_passage_scored_the_same_counts_as_ranked_before() -> None:
    assert validate(module([1.0, 1.0], 3), [example(3)], 1024, "cpu").mrr == 0.5


def test_what_cannot_be_measured_is_not_a_number_and_the_mode_stays() -> None:
    judge = module([1.0, -1.0], 3)
    judge.train()
    found = validate(judge, [example(IGNORED)], 1024, "cpu")
    assert math.isnan(found.exact) and not np.isnan(found.mrr)
    assert judge.training
