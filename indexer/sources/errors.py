"""Errors of sources; part of the tree in ``indexer/errors.py``."""

from indexer.errors import IndexerError


class SourceError(IndexerError):
    """A source could not be read; ``name`` is its name in the configuration."""

    def __init__(self, name: str, what: str, cure: str = "") -> None:
        super().__init__(f"source {name}: {what}", cure)
        self.name = name


class BadSource(SourceError):
    """The settings of a source cannot be right."""


class SourceUnavailable(SourceError):
    """A source does not answer now; the same call may succeed later."""
