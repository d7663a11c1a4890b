"""The seam between a memory that somebody else keeps and the index: records come out of it as documents."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from indexer.document import Document


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that cannot be a document: ``key`` names it, ``why`` says what is wrong with it."""

    key: str
    why: str


class Reading(Protocol):
    """One look at a source; all of it speaks of one moment where the source can do that."""

    @property
    def mark(self) -> str | None:
        """What to give as ``since`` next time: taken before the first record, so that no change falls in between.

        None where the source cannot tell what changed.
        """

    def records(self, since: str | None) -> Iterator[Document | BadRecord]:
        """All records, or where ``since`` is a mark at least those that changed after it; in any order."""

    def doc_ids(self) -> Iterator[str]:
        """The ids of all documents there are now, in any order; what is missing there is gone."""


class Source(Protocol):
    """A memory that is read and never written.

    Promises of every implementation (each one a test in tests/contracts):
    - A record keeps its ``doc_id`` and URL as long as its key stays; equal records give equal content hashes.
    - A bad record (no key, a key seen before, a value nobody can read) comes as BadRecord; the others go on.
    - Memory stays flat however many records there are.
    - ``BadSource`` where the settings cannot be right, ``SourceUnavailable`` where it does not answer now.
    """

    @property
    def name(self) -> str:
        """Its name in the configuration; the ``source`` of its documents."""

    @property
    def settings(self) -> str:
        """Changes with whatever makes other documents of the same records, so that all of them are read again."""

    def close(self) -> None:
        """Free connections."""

    def reading(self) -> AbstractContextManager[Reading]:
        """Connect, look, and free the connection at the end of the block."""
