"""The vectors of the embedded store: a Faiss snapshot on disk, and what SQLite has beyond it in memory."""

import logging
import os
import sqlite3
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.config import EmbeddedConfig
from indexer.document import Vectors
from indexer.embedded.filters import Docs
from indexer.embedded.meta import Meta
from indexer.embedded.rows import vectors_from_blobs
from indexer.errors import StoreDamaged, StoreRefused

logger = logging.getLogger(__name__)

SMALL_SHARE = 0.1
"""Where fewer than this share of the vectors may be shown, looking at each of them beats walking the graph."""

DEAD_SHARE = 0.25
"""A graph with more removed vectors than this is built anew."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A passage's row number and its cosine, rounded so that equal vectors compare equal."""

    row: int
    score: float


@dataclass(frozen=True, slots=True)
class VectorView:
    """The vectors at one ``seq``: the index ``base`` (None: there is no snapshot) holds the first of ``rows``, ``tail``
    the rest. Never changed once made.

    ``rows`` and ``docs`` are ascending, as numbers are given out in order and never twice; so a document's vectors are
    neighbours. ``alive`` is False for those of removed documents.
    """

    seq: int
    name: str
    base: Any
    tail: Any
    rows: Docs
    docs: Docs
    alive: Mask

    @property
    def dim(self) -> int:
        """Length of one vector; 0 where there is no index yet."""
        return int(self.tail.d)

    def mask(self, allowed: Docs | None) -> Mask:
        """Which vectors may be shown when only these documents may (None: all)."""
        if allowed is None:
            return self.alive
        mask: Mask = self.alive & np.isin(self.docs, allowed)
        return mask

    def nearest(self, vector: Vectors, k: int, mask: Mask, search_width: int) -> list[Neighbour]:
        """The ``k`` best by cosine and all that tie with the last of them, best first."""
        available = int(mask.sum())
        fetch = k + 16
        while True:
            found = self._nearest(vector, min(fetch, available), mask, search_width)
            if fetch >= available or len(found) <= k or found[k - 1].score > found[-1].score:
                return [f for f in found if len(found) <= k or f.score >= found[k - 1].score]
            fetch *= 4

    def _nearest(self, vector: Vectors, k: int, mask: Mask, search_width: int) -> list[Neighbour]:
        base_count = len(self.rows) - int(self.tail.ntotal)
        found: list[Neighbour] = []
        for index, start, end in ((self.base, 0, base_count), (self.tail, base_count, len(self.rows))):
            if index is not None and end > start:
                rows = self.rows[start:end]
                hits = _search(index, vector, k, mask[start:end], search_width)
                found += [Neighbour(int(rows[position]), round(score, 6)) for score, position in hits]
        return sorted(found, key=lambda f: (-f.score, f.row))[:k]


def open_view(sql: sqlite3.Connection, folder: Path, meta: Meta) -> VectorView:
    """Read the snapshot, where there is one, and complete it to the present."""
    name = meta.vectors
    base, rows, docs = _read_snapshot(folder / name) if name else (None, _numbers([]), _numbers([]))
    alive = np.ones(len(rows), np.bool_)
    return advance(sql, VectorView(meta.vectors_seq, name, base, _flat(meta.dim), rows, docs, alive), meta.seq)


def advance(sql: sqlite3.Connection, view: VectorView, seq: int) -> VectorView:
    """The same vectors at a later ``seq``: new rows in the tail, removed documents no longer alive."""
    last = int(view.rows[-1]) if len(view.rows) else 0
    fresh = sql.execute("SELECT row, doc, vector FROM vectors WHERE row > ? ORDER BY row", (last,)).fetchall()
    rows = np.concatenate([view.rows, _numbers([row for row, _, _ in fresh])])
    docs = np.concatenate([view.docs, _numbers([doc for _, doc, _ in fresh])])
    alive = np.concatenate([view.alive, np.ones(len(fresh), np.bool_)])
    tail = view.tail
    if fresh:
        tail = _faiss().clone_index(tail)
        tail.add(vectors_from_blobs([blob for _, _, blob in fresh], view.dim))
    gone = _numbers([doc for (doc,) in sql.execute("SELECT doc FROM gone WHERE seq > ?", (view.seq,))])
    starts, ends = np.searchsorted(docs, gone, "left"), np.searchsorted(docs, gone, "right")
    for start, end in zip(starts, ends, strict=True):
        alive[start:end] = False
    return VectorView(seq, view.name, view.base, tail, rows, docs, alive)


def write_snapshot(sql: sqlite3.Connection, folder: Path, meta: Meta, config: EmbeddedConfig) -> tuple[str, int]:
    """Write all vectors to a new snapshot; returns its name and how many vectors it holds.

    A graph is continued from the last snapshot unless much of it is dead.
    """
    faiss = _faiss()
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    (count,) = sql.execute("SELECT COUNT(*) FROM vectors").fetchone()
    is_graph = count >= config.graph_rows
    view = open_view(sql, folder, meta) if is_graph else None
    if view and isinstance(view.base, faiss.IndexHNSW) and (~view.alive).mean() < DEAD_SHARE:
        index, rows, docs = view.base, view.rows, view.docs
        index.add(view.tail.reconstruct_n(0, view.tail.ntotal))
    else:
        index = _graph(meta.dim, config) if is_graph else _flat(meta.dim)
        rows, docs = _fill(sql, index, meta.dim)
    name = f"vectors-{uuid.uuid4().hex[:12]}"
    try:
        (folder / name).mkdir()
        faiss.write_index(index, str(folder / name / "index.faiss"))
        np.save(folder / name / "numbers.npy", np.stack([rows, docs]))
    except (OSError, RuntimeError) as error:
        raise StoreRefused(
            f"{folder / name} cannot be written ({error})", "Check the disk and its free space"
        ) from error
    return name, len(rows)


def _search(index: Any, vector: Vectors, k: int, mask: Mask, search_width: int) -> list[tuple[float, int]]:
    """(score, position) of the ``k`` best of those that the mask lets through."""
    faiss = _faiss()
    wanted = int(mask.sum())
    if min(k, wanted) <= 0:
        return []
    selector = None if wanted == len(mask) else faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))
    if isinstance(index, faiss.IndexHNSW) and wanted < SMALL_SHARE * len(mask):
        index = faiss.downcast_index(index.storage)
    if isinstance(index, faiss.IndexHNSW):
        params = faiss.SearchParametersHNSW(efSearch=max(search_width, 2 * k), sel=selector)
    else:
        params = faiss.SearchParameters(sel=selector)
    # One query is searched on one core anyway; a team of threads would only be waited for. (Set per thread.)
    faiss.omp_set_num_threads(1)
    scores, positions = index.search(vector[None, :], min(k, wanted), params=params)
    return [(float(s), int(p)) for s, p in zip(scores[0], positions[0], strict=True) if p >= 0]


def _flat(dim: int) -> Any:
    """Every vector is looked at, in half precision."""
    faiss = _faiss()
    return faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)


def _graph(dim: int, config: EmbeddedConfig) -> Any:
    """A graph of neighbours (HNSW, Malkov and Yashunin 2016) is walked, over vectors in half precision."""
    faiss = _faiss()
    logger.info("building the vector graph; this takes about a minute per 200,000 passages")
    links, metric = config.graph_links, faiss.METRIC_INNER_PRODUCT
    index = faiss.IndexHNSWSQ(dim, faiss.ScalarQuantizer.QT_fp16, links, metric)
    index.hnsw.efConstruction = config.graph_build_width
    return index


def _fill(sql: sqlite3.Connection, index: Any, dim: int) -> tuple[Docs, Docs]:
    numbers: list[tuple[int, int]] = []
    cursor = sql.execute("SELECT row, doc, vector FROM vectors ORDER BY row")
    while chunk := cursor.fetchmany(10_000):
        numbers += [(row, doc) for row, doc, _ in chunk]
        index.add(vectors_from_blobs([blob for _, _, blob in chunk], dim))
    both = np.array(numbers, dtype=np.int64).reshape(-1, 2)
    return both[:, 0].copy(), both[:, 1].copy()


def _read_snapshot(folder: Path) -> tuple[Any, Docs, Docs]:
    faiss = _faiss()
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    try:
        index = faiss.read_index(str(folder / "index.faiss"))
        rows, docs = np.load(folder / "numbers.npy")
    except (OSError, RuntimeError, ValueError, EOFError) as error:
        if not (folder / "index.faiss").is_file() or not (folder / "numbers.npy").is_file():
            raise FileNotFoundError(folder) from error  # a writer took it away while it was read
        raise StoreDamaged(
            f"The vector snapshot {folder} cannot be read ({str(error).splitlines()[0]})",
            "Delete that folder; it is made again when the index is opened for writing",
        ) from error
    if index.ntotal != len(rows):
        raise StoreDamaged(f"The vector snapshot {folder} is incomplete", "Delete it; it will be made again")
    return index, rows, docs


def _faiss() -> Any:
    """Faiss, untyped: its type stubs lack much of what there is."""
    import faiss

    return faiss


def _numbers(values: list[int]) -> Docs:
    return np.array(values, dtype=np.int64)
