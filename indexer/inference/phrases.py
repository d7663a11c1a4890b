"""What a collection says of the words of a query, as a vector to be added to the query's own.

A model of language knows words in general; a collection gives some of them a meaning of its own: names, numbers, terms.
The passages that hold such words, alone or side by side, have vectors already. The query attends to these passages: the
more of its rare words a passage holds, and the nearer it is, the more it counts. Their mean, less the mean of all
passages and with every direction made equally wide, so that it points to them and away from others, moves the query. It
is what feedback from the first passages does (Rocchio, 1971; Li et al., 2022), in the encoder itself. Words are the
pieces that the model's tokenizer makes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from indexer.document import Vectors
from indexer.errors import EncoderError

FILE = "phrases.npz"
MAX_PASSAGES = 2000
"""What more passages than these hold tells them apart too little to be worth counting for every query."""

ATTENDED = 50
"""Passages that a query attends to: the right one is among them for 93 of 100 questions of SQuAD."""

ROOM = 1 << 32
"""Numbers of pieces are below it, so that a pair has a number of its own."""

RIDGE = 0.01
"""Of the mean variance, added to that of every direction: narrow ones are noise."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Attention:
    """How a query attends: ``words`` weighs the rarity (as BM25 counts it) of what passage and query both hold,
    ``likeness`` the cosine of their vectors, both in logits; ``share`` is the length of what is added to the query.

    A query whose nearest passage of those attended to has a cosine of ``far`` or less asks of something else and stays
    as it is; from ``near`` on it is moved by the whole of ``share``, and between by a part.
    """

    words: float = 0.2
    likeness: float = 10.0
    share: float = 1.0
    far: float = -1.0
    near: float = -1.0

    def share_at(self, cosine: float) -> float:
        """How far a query is moved whose nearest passage has this cosine."""
        between = (cosine - self.far) / max(self.near - self.far, 1e-9)
        return self.share * min(max(between, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Phrases:
    """``keys`` are the sorted numbers of pieces and pairs; ``rows[starts[i] : starts[i + 1]]`` are the passages that
    hold ``keys[i]``. ``vectors`` (passages, dim) are the passages', ``mean`` (dim,) is theirs, and ``widening``
    (dim, dim) makes all directions equally wide."""

    keys: Numbers
    starts: Numbers
    rows: npt.NDArray[np.int32]
    vectors: npt.NDArray[np.float16]
    mean: Vectors
    widening: Vectors

    def moved(self, queries: Vectors, pieces: Sequence[Sequence[int]], attention: Attention) -> Vectors:
        """Unit vectors (n, dim) of queries, moved towards what the collection says of their pieces."""
        found = [self._said(query, text, attention) for query, text in zip(queries, pieces, strict=True)]
        sums = queries + np.reshape(found, queries.shape)
        return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), dtype=np.float32)

    def nearest(self, queries: Vectors, pieces: Sequence[Sequence[int]]) -> Vectors:
        """(n,): the cosine of each query and the nearest passage it attends to; -1 where there is none."""
        found = (self._attended(text)[0] @ query for query, text in zip(queries, pieces, strict=True))
        return np.array([cosines.max(initial=-1.0) for cosines in found], np.float32)

    def _said(self, query: Vectors, pieces: Sequence[int], attention: Attention) -> Vectors:
        """What is added to a query: the direction (dim,) to the passages attended to; zeros where there are none."""
        vectors, rarity = self._attended(pieces)
        cosines = vectors @ query
        share = attention.share_at(float(cosines.max(initial=-1.0)))
        if not len(vectors) or not share:
            return np.zeros_like(query)
        logits = attention.words * rarity + attention.likeness * cosines
        weights = np.exp(logits - logits.max())
        said = (weights @ vectors / weights.sum() - self.mean) @ self.widening
        return np.asarray(share * said / max(float(np.linalg.norm(said)), 1e-9), dtype=np.float32)

    def _attended(self, pieces: Sequence[int]) -> tuple[Vectors, Vectors]:
        """The vectors (n, dim) of the passages that hold the rarest of these pieces, and how rare those are (n,)."""
        rarity = self._rarity(pieces)
        rows = np.argpartition(-rarity, min(ATTENDED, len(rarity)) - 1)[:ATTENDED]
        rows = np.sort(rows[rarity[rows] > 0])
        return self.vectors[rows].astype(np.float32), rarity[rows]

    def _rarity(self, pieces: Sequence[int]) -> Vectors:
        """(passages,): of the keys that a passage shares with ``pieces``, summed up (Robertson and Zaragoza, 2009)."""
        total = len(self.vectors)
        found = np.zeros(total, np.float32)
        wanted = _keys(pieces)
        places = np.searchsorted(self.keys, wanted)
        inside = places < len(self.keys)
        for place in places[inside][self.keys[places[inside]] == wanted[inside]]:
            held = self.rows[self.starts[place] : self.starts[place + 1]]
            found[held] += np.log1p((total - len(held) + 0.5) / (len(held) + 0.5))
        return found


def phrases_of(pieces: Sequence[Sequence[int]], vectors: Vectors) -> Phrases:
    """Of the passages of a collection, at least one, by their pieces and unit vectors (n, dim)."""
    held = [_keys(text) for text in pieces]
    everything = np.concatenate(held)
    rows = np.repeat(np.arange(len(held), dtype=np.int32), [len(one) for one in held])
    rows = rows[np.argsort(everything, kind="stable")]
    keys, counts = np.unique(everything, return_counts=True)
    is_rare = counts <= MAX_PASSAGES
    starts = np.concatenate([[0], np.cumsum(counts[is_rare])]).astype(np.int64)
    mean = vectors.mean(0)
    return Phrases(
        keys[is_rare],
        starts,
        rows[np.repeat(is_rare, counts)],
        vectors.astype(np.float16),
        mean,
        _widening(vectors - mean),
    )


def save_phrases(phrases: Phrases, attention: Attention, folder: Path) -> None:
    """Write ``FILE`` beside a model."""
    values = {field.name: getattr(part, field.name) for part in (phrases, attention) for field in fields(part)}
    np.savez(folder / FILE, **values)


def load_phrases(folder: Path) -> tuple[Phrases, Attention] | None:
    """Those of a model's folder, if it has any. Raises EncoderError if the file is damaged."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        with path.open("rb") as source, np.load(source) as file:
            values: dict[str, Any] = {name: file[name] for name in file}
        attention = Attention(**{field.name: float(values.pop(field.name)) for field in fields(Attention)})
        return Phrases(**values), attention
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        raise EncoderError(f"the file {path} is damaged", "Train the query encoder again") from error


def _keys(pieces: Sequence[int]) -> Numbers:
    """Every piece and every pair once, as numbers."""
    numbers = np.asarray(pieces, np.int64)
    return np.unique(np.concatenate([numbers, (numbers[:-1] + 1) * ROOM + numbers[1:]]))


def _widening(centred: Vectors) -> Vectors:
    """The inverse of the covariance, with a ridge."""
    variances, axes = np.linalg.eigh(centred.T @ centred / len(centred))
    kept = np.maximum(variances, 0) + RIDGE * variances.mean() + 1e-9
    return np.asarray((axes / kept) @ axes.T, dtype=np.float32)
