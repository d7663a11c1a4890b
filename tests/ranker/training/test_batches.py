"""Batches: bounded, the same for a seed, every example once."""

import random

import pytest

from ranker.training.batches import POOL, batches, padded_length, tensors
from ranker.training.sources.pairs import Example, Row


def made(count: int) -> list[Example]:
    rng = random.Random(0)
    return [
        Example(
            tuple(Row(tuple(range(rng.randint(4, 90))), 3, 0, 0) for _ in range(rng.randint(1, 3))), (), answers=True
        )
        for _ in range(count)
    ]


def test_a_batch_holds_at_most_so_many_tokens_with_padding() -> None:
    examples = made(500)
    for batch in batches(examples, 1024, seed=1):
        rows = sum(len(examples[i].rows) for i in batch)
        assert rows * padded_length(max(examples[i].length for i in batch)) <= 1024


def test_a_group_larger_than_a_batch_is_a_batch_of_its_own() -> None:
    assert batches(made(3), 1, seed=1) in [[[a], [b], [c]] for a in range(3) for b in range(3) for c in range(3)]


def test_every_example_comes_once_in_an_order_of_the_seed() -> None:
    examples = made(POOL + 100)
    once, again, other = (batches(examples, 2048, seed) for seed in (1, 1, 2))
    assert once == again != other
    assert sorted(i for batch in once for i in batch) == list(range(len(examples)))


@pytest.mark.torch
def test_tensors_mark_query_passage_and_padding() -> None:
    inputs = tensors([Example((Row((5, 6, 7, 8), 2, 3, 3), Row((5, 6, 7), 2, 0, 0)), (), answers=True)], "cpu")
    assert inputs["input_ids"].shape == (2, 16)
    assert inputs["input_ids"][:, :5].tolist() == [[5, 6, 7, 8, 0], [5, 6, 7, 0, 0]]
    assert inputs["attention_mask"].sum(1).tolist() == [4, 3]
    assert inputs["token_type_ids"][:, :5].tolist() == [[0, 0, 1, 1, 0], [0, 0, 1, 0, 0]]
    assert (inputs["start"].tolist(), inputs["end"].tolist()) == ([3, 0], [3, 0])
