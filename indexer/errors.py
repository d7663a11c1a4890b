"""Errors of the indexer.

RecollectError
└── IndexerError
    ├── StoreError
    │   ├── StoreUnavailable     the store does not answer now; the same call may succeed later (the retry type)
    │   ├── StoreLocked          another process is writing to the same embedded index
    │   ├── StoreDamaged         the files of an index cannot be read
    │   ├── StoreRefused         the store answered and said no (permission, mapping, disk full)
    │   └── ManifestMismatch     the index was made with another encoder, splitter, analyser or schema
    ├── EncoderError             texts could not be turned into vectors
    ├── WrongWorker              a batch came to a worker that writes to another index
    └── BadDocument              one document cannot be read or indexed
"""

from crawler.errors import RecollectError


class IndexerError(RecollectError):
    """Something went wrong between a page and the index."""


class StoreError(IndexerError):
    """A store could not do what it was asked."""


class StoreUnavailable(StoreError):
    """The store does not answer now; the same call may succeed later."""


class StoreLocked(StoreError):
    """Another process is writing to the same embedded index."""


class StoreDamaged(StoreError):
    """The files of an index cannot be read."""


class StoreRefused(StoreError):
    """The store answered and said no: permission, mapping, disk full."""


class ManifestMismatch(StoreError):
    """The index was made with another encoder, splitter, analyser or schema."""


class EncoderError(IndexerError):
    """Texts could not be turned into vectors."""


class WrongWorker(IndexerError):
    """A batch came to a worker that writes to another index, or with another encoder."""


class BadDocument(IndexerError):
    """One document cannot be read or indexed; ``key`` names it."""

    def __init__(self, key: str, what: str, cure: str = "") -> None:
        super().__init__(what, cure)
        self.key = key
