"""The Sink seam: where documents go, whether they are indexed here or by workers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from indexer.document import Document


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What became of documents; reports add up with ``+``.

    ``failed`` maps a document's URL to the reason it was set aside. ``encoded`` counts the texts that went through the
    encoder, ``passages`` all that were stored. ``queued`` documents were handed to workers, who report for themselves.
    """

    indexed: int = 0
    unchanged: int = 0
    deleted: int = 0
    passages: int = 0
    encoded: int = 0
    queued: int = 0
    failed: Mapping[str, str] = field(default_factory=dict)

    def __add__(self, other: "IndexReport") -> "IndexReport":
        return IndexReport(
            self.indexed + other.indexed,
            self.unchanged + other.unchanged,
            self.deleted + other.deleted,
            self.passages + other.passages,
            self.encoded + other.encoded,
            self.queued + other.queued,
            {**self.failed, **other.failed},
        )


class Sink(Protocol):
    """Takes documents in and out of an index.

    Promises of every implementation:
    - When a call returns, its work is durable: stored, or accepted by a queue that keeps it.
    - Doing the same work twice leaves the same index.
    - One bad document is set aside in ``failed``; only errors that concern all of them are raised.
    """

    def index(self, documents: Iterable[Document]) -> IndexReport:
        """Make the documents findable, in place of what was stored under their ids."""

    def delete(self, doc_ids: Sequence[str]) -> int:
        """Remove documents; returns how many were there, as far as that is known."""
