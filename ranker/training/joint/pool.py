"""The passages of the data with their vectors, and what a query is to learn of them."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from indexer.document import Vectors
from indexer.encoder import Encoder
from indexer.store import Store
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


class KeptEncoder:
    """An encoder whose passages' vectors stay in ``folder``: what stands there is not encoded again after a stop."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder, self._folder = encoder, folder
        self.name, self.dim, self.languages = encoder.name, encoder.dim, encoder.languages
        self._vectors: dict[bytes, Vectors] = {}
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(folder.glob("*.npz")):
            with np.load(path) as part:
                self._vectors.update(zip(part["digests"].tolist(), part["vectors"], strict=True))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """As the encoder does."""
        return self._encoder.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(n, dim), in the order of the texts. Raises EncoderError."""
        digests = [self._digest(text) for text in texts]
        fresh = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in self._vectors}
        if fresh:
            self._keep(list(fresh), self._encoder.encode_passages(list(fresh.values())))
        return np.stack([self._vectors[digest] for digest in digests]) if texts else np.empty((0, self.dim), np.float32)

    def learn(self, store: Store) -> None:
        """Keep the vectors that an index has of its passages. Raises StoreError."""
        heads = store.scan()
        while some := [head.doc_id for head in islice(heads, ENCODED_TOGETHER)]:
            known = {self._digest(text): vector for text, vector in store.known_vectors(some).items()}
            if fresh := {digest: vector for digest, vector in known.items() if digest not in self._vectors}:
                self._keep(list(fresh), np.stack(list(fresh.values())).astype(np.float32))

    def _keep(self, digests: Sequence[bytes], vectors: Vectors) -> None:
        self._vectors.update(zip(digests, vectors, strict=True))
        path = self._folder / f"{digests[0].hex()}.npz"
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.savez(file, digests=np.array(digests), vectors=vectors)
        part.replace(path)

    def _digest(self, text: str) -> bytes:
        digest = hashlib.sha256(f"{self.name}\0{text}".encode("utf-8", "replace")).digest()[:16]
        return digest.replace(b"\0", b"\1")  # an array of bytes drops zeros at the end


def vectors_of(
    texts: Sequence[str], encoder: Encoder, folder: Path, report: Report = lambda done, total: None
) -> Vectors:
    """(n, dim) of passages; what ``folder`` has is not encoded again. Raises EncoderError."""
    kept = KeptEncoder(encoder, folder)
    parts = [np.empty((0, encoder.dim), np.float32)]
    for first in range(0, len(texts), ENCODED_TOGETHER):
        report(first, len(texts))
        parts.append(kept.encode_passages(texts[first : first + ENCODED_TOGETHER]))
    report(len(texts), len(texts))
    return np.concatenate(parts)
