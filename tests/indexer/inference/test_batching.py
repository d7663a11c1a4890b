"""Rows of several callers share batches, and everyone gets what belongs to them."""

import threading
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from indexer.inference.batching import STEP, Batcher, Inputs, Outputs, Row, padded, padded_length


def sums(inputs: Inputs) -> Outputs:
    """Stands for a model: (n,) sum of the ids, and (n, length) the ids themselves."""
    tokens = inputs[0].astype(np.float32)
    return [tokens.sum(1), tokens]


def rows_of(lengths: Sequence[int], first_id: int = 1) -> list[Row]:
    return [Row([first_id + i] * length) for i, length in enumerate(lengths)]


class Held:
    """Computes ``sums``, but only so many batches as it was let; remembers what it was given."""

    def __init__(self) -> None:
        self.began, self._allowed = threading.Event(), threading.Semaphore(0)
        self.batches: list[Inputs] = []

    def __call__(self, inputs: Inputs) -> Outputs:
        self.batches.append(inputs)
        self.began.set()
        assert self._allowed.acquire(timeout=30)
        return sums(inputs)

    def let(self, batches: int = 10_000) -> None:
        self._allowed.release(batches)


@pytest.fixture
def held() -> Iterator[Held]:
    compute = Held()
    yield compute
    compute.let()


def finished(batcher: Batcher, rows: Sequence[Row]) -> dict[int, float]:
    found: dict[int, float] = {}
    for indices, outputs in batcher.results(batcher.submit(rows)):
        assert not found.keys() & set(indices)
        found.update(zip(indices, outputs[0].tolist(), strict=True))
    return found


def test_every_row_comes_back_once_with_its_own_outputs() -> None:
    rows = rows_of([3, 500, 7, 120, 120, 1, 0, 64, 64, 64])
    found = finished(Batcher(sums, workers=3, batch_tokens=256), rows)
    assert found == {i: sum(row.ids) for i, row in enumerate(rows)}


def test_no_rows_are_done_at_once() -> None:
    assert finished(Batcher(sums, workers=2, batch_tokens=256), []) == {}


def test_batches_hold_rows_of_one_padded_length_and_at_most_their_budget_of_tokens(held: Held) -> None:
    held.let()
    lengths = [STEP] * 40 + [STEP + 1] * 3 + [300, 5000]
    finished(Batcher(held, workers=2, batch_tokens=10 * STEP), rows_of(lengths))
    for tokens, mask, _ in held.batches:
        assert tokens.shape[1] % STEP == 0
        assert len(tokens) == 1 or tokens.size <= 10 * STEP
        assert {padded_length(n) for n in mask.sum(1)} == {tokens.shape[1]}
    assert max(len(tokens) for tokens, _, _ in held.batches) == 10


def test_rows_of_callers_that_wait_together_share_a_batch(held: Held) -> None:
    batcher = Batcher(held, workers=1, batch_tokens=64 * STEP)
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(finished, batcher, rows_of([5]))
        assert held.began.wait(30)
        others = [batcher.submit(rows_of([n], first_id=n)) for n in range(1, 9)]
        held.let()
        for n, job in enumerate(others, start=1):
            ((indices, outputs),) = batcher.results(job)
            assert (indices, outputs[0].tolist()) == ([0], [n * n])
        assert first.result() == {0: 5.0}
    assert [len(tokens) for tokens, _, _ in held.batches] == [1, 8]


def test_a_query_does_not_wait_until_a_thousand_passages_are_done(held: Held) -> None:
    batcher = Batcher(held, workers=1, batch_tokens=4 * STEP)
    long = batcher.submit(rows_of([2 * STEP] * 1000))
    assert held.began.wait(30)
    query = batcher.submit(rows_of([3]))
    held.let()
    list(batcher.results(query))
    assert STEP in [tokens.shape[1] for tokens, _, _ in held.batches[:3]]
    assert sum(len(indices) for indices, _ in batcher.results(long)) == 1000


def test_a_failure_reaches_its_callers_and_later_ones_are_served() -> None:
    def compute(inputs: Inputs) -> Outputs:
        if (inputs[0] == 13).any():
            raise RuntimeError("thirteen")
        return sums(inputs)

    batcher = Batcher(compute, workers=2, batch_tokens=256)
    for _ in range(5):
        with pytest.raises(RuntimeError, match="thirteen"):
            finished(batcher, [*rows_of([20] * 50), Row([13])])
    assert finished(batcher, rows_of([4])) == {0: 4.0}


def test_what_a_caller_no_longer_wants_is_not_computed(held: Held) -> None:
    batcher = Batcher(held, workers=1, batch_tokens=STEP)
    job = batcher.submit(rows_of([3] * 1000))
    assert held.began.wait(30)
    results = batcher.results(job)
    held.let(1)
    assert isinstance(results, Generator)
    next(results)
    results.close()
    held.let()
    assert finished(batcher, rows_of([2])) == {0: 2.0}
    assert len(held.batches) <= 3


def test_many_threads_get_their_own_rows() -> None:
    batcher = Batcher(sums, workers=3, batch_tokens=128)

    def work(seed: int) -> bool:
        lengths = np.random.default_rng(seed).integers(0, 60, 40).tolist()
        rows = rows_of(lengths, first_id=seed * 100)
        return finished(batcher, rows) == {i: sum(row.ids) for i, row in enumerate(rows)}

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(1, 100)))


@pytest.mark.parametrize("batch_tokens", [64 * STEP, 2 * STEP])
def test_short_rows_are_apart_in_batches_of_few_tokens(held: Held, batch_tokens: int) -> None:
    few_tokens = 4 * STEP
    lengths = [*range(1, 6 * STEP)] * 3
    held.let()
    batcher = Batcher(held, workers=1, batch_tokens=batch_tokens, few_tokens=few_tokens)
    assert len(finished(batcher, rows_of(lengths))) == len(lengths)
    largest: dict[int, int] = {}
    for tokens, _, _ in held.batches:
        largest[tokens.shape[1]] = max(tokens.size, largest.get(tokens.shape[1], 0))
    assert largest[STEP] == largest[2 * STEP] == min(few_tokens, batch_tokens)
    assert max(largest[3 * STEP], largest[4 * STEP]) <= few_tokens
    assert largest[5 * STEP] == max(1, batch_tokens // (5 * STEP)) * 5 * STEP


def test_padding_is_not_attended_and_the_second_text_has_its_own_type() -> None:
    tokens, mask, types = padded([Row([101, 7, 102, 8, 102], second=3), Row([101, 102])])
    assert tokens.shape == mask.shape == types.shape == (2, STEP)
    assert tokens[:, :5].tolist() == [[101, 7, 102, 8, 102], [101, 102, 0, 0, 0]]
    assert mask.sum(1).tolist() == [5, 2]
    assert np.flatnonzero(types[0]).tolist() == [3, 4]
    assert not types[1].any() and not tokens[:, 5:].any()


def test_a_single_row_is_computed_by_the_thread_that_asks() -> None:
    threads: list[str] = []

    def compute(inputs: Inputs) -> Outputs:
        threads.append(threading.current_thread().name)
        return sums(inputs)

    assert finished(Batcher(compute, workers=2, batch_tokens=256), rows_of([5])) == {0: 5.0}
    assert threads == [threading.current_thread().name]


def test_rows_that_came_while_a_thread_computed_its_own_are_computed_too(held: Held) -> None:
    batcher = Batcher(held, workers=1, batch_tokens=256)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(finished, batcher, rows_of([5]))
        assert held.began.wait(30)
        job = batcher.submit(rows_of([7], first_id=2))
        held.let()
        assert first.result(30) == {0: 5.0}
        assert [float(outputs[0][0]) for _, outputs in batcher.results(job)] == [14.0]
