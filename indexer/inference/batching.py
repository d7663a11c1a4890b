"""Rows of tokens from many callers, computed together in batches.

A batch holds rows that are padded to one length, and that length is the row's own, rounded up: so what is computed for
a row does not depend, to the last bit, on the rows beside it.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

STEP = 16
"""Rows are padded to a multiple of this: finer steps waste fewer tokens, coarser ones make fuller batches."""

Inputs = list[npt.NDArray[np.int64]]
Outputs = list[npt.NDArray[np.float32]]
Compute = Callable[[Inputs], Outputs]


class Row(NamedTuple):
    """Token ids of a text, or of two after each other: from position ``second`` on they are those of the second."""

    ids: Sequence[int]
    second: int | None = None


def padded_length(tokens: int) -> int:
    """The length a row is padded to; at least one step."""
    return max(1, -(-tokens // STEP)) * STEP


def padded(rows: Sequence[Row]) -> Inputs:
    """[token ids, attention mask, token types], each (n, length) int64, for rows of one padded length.

    Padding is 0, as in BERT vocabularies, and not attended.
    """
    shape = (len(rows), padded_length(max(len(row.ids) for row in rows)))
    tokens, mask, types = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for i, row in enumerate(rows):
        tokens[i, : len(row.ids)] = row.ids
        mask[i, : len(row.ids)] = 1
        if row.second is not None:
            types[i, row.second : len(row.ids)] = 1
    return [tokens, mask, types]


class Job:
    """The rows of one caller: those that wait, by padded length, and what has been computed."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.waiting: dict[int, deque[int]] = {}
        self.done: SimpleQueue[tuple[list[int], Outputs | Exception]] = SimpleQueue()
        for i, row in enumerate(rows):
            self.waiting.setdefault(padded_length(len(row.ids)), deque()).append(i)

    def take(self, length: int, count: int) -> list[int]:
        """At most ``count`` of the waiting rows of that length, which then wait no more."""
        found = self.waiting.get(length, deque())
        taken = [found.popleft() for _ in range(min(count, len(found)))]
        if not found:
            self.waiting.pop(length, None)
        return taken


class Batcher:
    """Computes the rows of all callers with a few threads of its own. Thread-safe.

    Callers have their turn one after the other, so that a query does not wait until a thousand passages are done; rows
    of the others that have the same length fill up the batch. ``compute`` is called by at most ``workers`` threads at a
    time with at most ``batch_tokens`` tokens, or with one row. Rows no longer than ``few_tokens`` come in batches of no
    more than that, so that either all batches a row may be in are larger or none is.
    """

    def __init__(self, compute: Compute, workers: int, batch_tokens: int, few_tokens: int = 0) -> None:
        self._compute = compute
        self._workers = workers
        self._batch_tokens = batch_tokens
        self._few_tokens = few_tokens
        self._working = 0
        self._jobs: deque[Job] = deque()
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="model")

    def submit(self, rows: Sequence[Row]) -> Job:
        """Let the rows be computed; ``results`` gives what comes of them.

        One row that nobody else is before is computed here and now: to hand it to a thread and back may take longer.
        """
        job = Job(rows)
        with self._lock:
            is_alone = len(rows) == 1 and not self._jobs and self._working < self._workers
            starting = 1 if is_alone else min(self._workers - self._working, len(rows))
            self._working += starting
            if job.waiting and not is_alone:
                self._jobs.append(job)
        if is_alone:
            self._compute_batch([(job, [0])])
            self._hand_over()
        else:
            for _ in range(starting):
                self._threads.submit(self._work)
        return job

    def results(self, job: Job) -> Iterator[tuple[list[int], Outputs]]:
        """(indices of rows, outputs for them) until every row is done. Raises what ``compute`` raised."""
        left = len(job.rows)
        try:
            while left:
                indices, outcome = job.done.get()
                if isinstance(outcome, Exception):
                    raise outcome
                left -= len(indices)
                yield indices, outcome
        finally:
            self.cancel(job)

    def cancel(self, job: Job) -> None:
        """Compute no more rows of this job."""
        with self._lock:
            job.waiting.clear()
            if job in self._jobs:
                self._jobs.remove(job)

    def _work(self) -> None:
        while batch := self._next_batch():
            self._compute_batch(batch)

    def _compute_batch(self, batch: Sequence[tuple[Job, list[int]]]) -> None:
        try:
            outputs = self._compute(padded([job.rows[i] for job, indices in batch for i in indices]))
        except Exception as error:  # noqa: BLE001 - the callers raise it
            for job, indices in batch:
                job.done.put((indices, error))
            return
        first = 0
        for job, indices in batch:
            job.done.put((indices, [output[first : first + len(indices)] for output in outputs]))
            first += len(indices)

    def _hand_over(self) -> None:
        """Let a thread go on in this one's place where others wait by now."""
        with self._lock:
            is_wanted = bool(self._jobs)
            self._working -= not is_wanted
        if is_wanted:
            self._threads.submit(self._work)

    def _next_batch(self) -> list[tuple[Job, list[int]]]:
        """Rows of one padded length, the longest of whose turn it is; without any, the calling thread is done."""
        with self._lock:
            if not self._jobs:
                self._working -= 1
                return []
            length = max(self._jobs[0].waiting)
            most = min(self._few_tokens, self._batch_tokens) if length <= self._few_tokens else self._batch_tokens
            room = max(1, most // length)
            batch: list[tuple[Job, list[int]]] = []
            for job in list(self._jobs):
                if room and (indices := job.take(length, room)):
                    batch.append((job, indices))
                    room -= len(indices)
            self._jobs.rotate(-1)
            self._jobs = deque(job for job in self._jobs if job.waiting)
            return batch


def grouped(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """The values, ``size`` at a time."""
    return (values[start : start + size] for start in range(0, len(values), size))
