"""The parts of the loss, on logits made by hand."""

import math
from dataclasses import replace
from typing import Any

import pytest

from ranker.training.batches import tensors
from ranker.training.loss import LossConfig, losses
from ranker.training.sources.pairs import IGNORED, Example, Row

pytestmark = pytest.mark.torch


def row(start: int = IGNORED) -> Row:
    return Row((1, 2, 3, 4, 5), 2, start, start)


def example(count: int, teacher: tuple[float, ...] = (), *, answers: bool = True, start: int = IGNORED) -> Example:
    return Example((row(start), *(row(IGNORED if start == IGNORED else 0) for _ in range(count - 1))), teacher, answers)


def parts(batch: list[Example], relevance: list[float], span: Any = None, config: LossConfig = LossConfig()) -> Any:
    import torch

    inputs = tensors(batch, "cpu")
    scores = torch.tensor(relevance)
    places = torch.zeros(inputs["input_ids"].shape) if span is None else span
    found = losses((scores, scores, places, places), batch, inputs, config)
    return {name: float(value) for name, value in found.items()}


def test_ranking_is_the_cross_entropy_of_the_right_passage() -> None:
    found = parts([example(2)], [1.0, 0.0])
    assert found["rank"] == pytest.approx(math.log(1 + math.exp(-1)))


def test_the_teacher_takes_a_share_of_the_target() -> None:
    found = parts([example(2, (0.0, 0.0))], [2.0, 0.0], config=LossConfig(teacher=0.5))
    low, high = math.log(1 + math.exp(-2)), 2 + math.log(1 + math.exp(-2))
    assert found["rank"] == pytest.approx(0.75 * low + 0.25 * high)


def test_a_passage_alone_teaches_neither_ranking_nor_relevance() -> None:
    found = parts([example(1)], [3.0])
    assert (found["rank"], found["pointwise"], found["answerable"]) == (0, 0, 0)


def test_a_passage_alone_answers_where_its_answer_is_known_and_not_where_the_query_is_changed() -> None:
    answered, changed = example(1, start=3), replace(example(1, start=0), is_changed=True)
    yes, no = math.log(1 + math.exp(-2)), math.log(1 + math.exp(2))
    assert parts([answered], [2.0])["answerable"] == pytest.approx(yes)
    assert parts([changed], [2.0])["answerable"] == pytest.approx(no)
    assert parts([answered, changed], [2.0, 2.0])["pointwise"] == 0  # a changed query is near all the same


def test_a_query_that_asks_nothing_does_not_teach_what_answers() -> None:
    found = parts([example(2, answers=False)], [1.0, 0.0])
    assert found["answerable"] == 0 < found["pointwise"]


def test_a_span_that_is_not_known_does_not_count() -> None:
    assert parts([example(2)], [1.0, 0.0])["span"] == 0


def test_the_span_is_looked_for_among_the_passages_tokens_and_cls() -> None:
    import torch

    span = torch.full((2, 16), 50.0)
    span[:, [0, 2, 3, 4]] = 0.0  # the others, query and padding, may not win
    found = parts([example(2, start=3)], [1.0, 0.0], span)
    assert found["span"] == pytest.approx(math.log(4))


def test_the_total_weighs_the_parts() -> None:
    weights = {"rank": 2.0, "pointwise": 0.5, "answerable": 0.25, "span": 1.5}
    found = parts([example(3, start=3)], [1.0, 0.0, 2.0], config=LossConfig(**weights))
    assert found["total"] == pytest.approx(sum(weight * found[name] for name, weight in weights.items()))
