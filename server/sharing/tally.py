"""How many requests are under way in all workers: numbers in a file that each of them maps into its memory."""

import mmap
from enum import IntEnum
from pathlib import Path

MAX_SLOTS = 256
"""Twice the workers that a server may have: while it reloads, there are old ones and new ones."""

BYTES = 8


class Counted(IntEnum):
    """What is counted."""

    REQUESTS = 0
    PUSHES = 1


class SharedTally:
    """The numbers of worker ``slot``, and those of all; each writes its own alone, so that no lock is needed."""

    def __init__(self, path: Path, slot: int) -> None:
        size = MAX_SLOTS * len(Counted) * BYTES
        with path.open("a+b") as file:
            file.truncate(size)
            self._bytes = mmap.mmap(file.fileno(), size)
        self._numbers = memoryview(self._bytes).cast("q")
        self._first = slot * len(Counted)

    def add(self, counted: Counted, number: int) -> None:
        """So many more of this worker; fewer where it is negative."""
        self._numbers[self._first + counted] += number

    def total(self, counted: Counted) -> int:
        """Those of all workers."""
        return sum(self._numbers[counted :: len(Counted)])

    def clear(self) -> None:
        """Nothing is under way in this slot: its worker has ended."""
        for counted in Counted:
            self._numbers[self._first + counted] = 0

    def close(self) -> None:
        """Unmap the file."""
        self._numbers.release()
        self._bytes.close()


class LocalTally:
    """The same for a server that is one process."""

    def __init__(self) -> None:
        self._numbers = [0] * len(Counted)

    def add(self, counted: Counted, number: int) -> None:
        """See ``SharedTally``."""
        self._numbers[counted] += number

    def total(self, counted: Counted) -> int:
        """See ``SharedTally``."""
        return self._numbers[counted]
