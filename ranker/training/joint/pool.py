"""The passages of the data with their vectors, and what a query is to learn of them."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.document import Vectors
from indexer.encoder import Encoder
from ranker.training.group import Group

ENCODED_TOGETHER = 1024

Report = Callable[[int, int], None]
"""(done, of how many)."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A query, the row of its right passage, the rows the reader has read (the right one first), and what it prefers
    among them, as logits."""

    query: str
    right: int
    read: tuple[int, ...]
    preference: tuple[float, ...]


def pool_of(groups: Iterable[Group]) -> list[str]:
    """Every passage of the groups once, in the order of their appearance."""
    return list(dict.fromkeys(text for group in groups for text in group.passages))


def lessons(groups: Sequence[Group], preferences: Sequence[Sequence[float]], pool: Sequence[str]) -> tuple[Lesson, ...]:
    """A lesson for each group and the reader's logits of its passages."""
    row = {text: number for number, text in enumerate(pool)}
    found = []
    for group, preference in zip(groups, preferences, strict=True):
        read = tuple(row[text] for text in group.passages)
        found.append(Lesson(group.query, read[0], read, tuple(preference)))
    return tuple(found)


def vectors_of(
    texts: Sequence[str], encoder: Encoder, folder: Path, report: Report = lambda done, total: None
) -> Vectors:
    """(n, dim) of passages; what ``folder`` has is not encoded again. Raises EncoderError."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = [np.empty((0, encoder.dim), np.float32)]
    for first in range(0, len(texts), ENCODED_TOGETHER):
        report(first, len(texts))
        some = texts[first : first + ENCODED_TOGETHER]
        path = folder / f"{_digest((encoder.name, *some))}.npy"
        if not path.is_file():
            fresh = folder / f".{path.name}"
            np.save(fresh, encoder.encode_passages(some))
            fresh.replace(path)
        parts.append(np.load(path))
    report(len(texts), len(texts))
    return np.concatenate(parts)


def _digest(texts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()[:32]
