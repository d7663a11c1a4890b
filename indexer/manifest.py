"""What an index was made with; two indexes are comparable only if these agree."""

from dataclasses import dataclass, fields

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
