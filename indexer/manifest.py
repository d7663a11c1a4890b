"""What an index was made with; two indexes are comparable only if these agree."""

from dataclasses import dataclass, fields

from indexer.errors import ManifestMismatch

ANEW = "recollect crawl URL --rebuild, or recollect import PATH --rebuild"
"""The commands that make an index anew, on every store."""

SCHEMA_VERSION = 2
"""Raised by one whenever what a store writes changes shape."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """``encoder`` is the encoder's name, ``dim`` its vector length, ``splitter`` and ``analyser`` their versions."""

    encoder: str
    dim: int
    splitter: str
    analyser: str
    schema: int = SCHEMA_VERSION

    def differences(self, other: "Manifest") -> list[str]:
        """Readable differences, such as ``encoder: stored 'a', configured 'b'``; ``self`` is the stored one."""
        return [
            f"{f.name}: stored {getattr(self, f.name)!r}, configured {getattr(other, f.name)!r}"
            for f in fields(self)
            if getattr(self, f.name) != getattr(other, f.name)
        ]

    def require_fit(self, other: "Manifest", place: str) -> None:
        """Raise ManifestMismatch where an index made with ``self`` cannot serve one who is configured with ``other``.

        ``place`` is the index in a person's words.
        """
        self.require_schema(place, other.schema)
        if differences := self.differences(other):
            what = f"{place} does not fit the configuration ({'; '.join(differences)})"
            raise ManifestMismatch(what, f"Configure what it was made with, or make it anew with: {ANEW}")

    def require_schema(self, place: str, schema: int = SCHEMA_VERSION) -> None:
        """Raise ManifestMismatch for an index that another version of this program has made."""
        if self.schema != schema:
            age = "an earlier" if (self.schema or 0) < schema else "a later"
            what = f"{place} was made by {age} version of Recollect (schema {self.schema}, here {schema})"
            raise ManifestMismatch(what, f"Make it anew with: {ANEW}")
