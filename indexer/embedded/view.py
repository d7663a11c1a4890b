"""What readers of the embedded store search: words and vectors that belong to one moment of the database."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from indexer.config import EmbeddedConfig
from indexer.embedded.filters import FilterKey, allowed_docs, has_restricted
from indexer.embedded.meta import Meta, read_meta
from indexer.embedded.read import PassageReader
from indexer.embedded.sql import Database
from indexer.embedded.vectors import Mask, VectorView, advance, open_view
from indexer.embedded.words import CURE, WORDS_VERSION, Part, WordIndex, added_since, analysers_since, gone_since
from indexer.errors import StoreDamaged

MAX_CACHED_MASKS = 32
MAX_ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class View:
    """Searchable parts at ``meta.seq``; ``dead`` documents are still in the parts on disk. Never changed once made.

    ``vectors`` is None until somebody searches by vector.
    """

    meta: Meta
    parts: tuple[Part, ...]
    dead: tuple[int, ...]
    is_restricted: bool
    vectors: VectorView | None
    masks: dict[FilterKey, Mask] = field(default_factory=dict)
    passages: PassageReader = field(default_factory=PassageReader)

    def mask(self, sql: sqlite3.Connection, key: FilterKey) -> Mask:
        """Which vectors the filters let through; worked out once per filter and view."""
        assert self.vectors is not None
        mask = self.masks.get(key)
        if mask is None:
            mask = self.vectors.mask(allowed_docs(sql, key, self.is_restricted))
            if len(self.masks) >= MAX_CACHED_MASKS:
                self.masks.clear()
            self.masks[key] = mask
        return mask


class Views:
    """Makes views and keeps the latest.

    A reader never waits for a writer: what the words on disk lack (the writer is just adding it, or was killed before
    it did) is indexed in memory and searched beside them.
    """

    def __init__(self, folder: Path, database: Database, config: EmbeddedConfig) -> None:
        self._folder = folder
        self._database = database
        self._config = config
        self._lock = threading.Lock()
        self._indexes: dict[str, WordIndex] = {}
        self._view: View | None = None
        self._words_name = ""

    @contextmanager
    def reading(self, *, with_vectors: bool = False) -> Iterator[tuple[sqlite3.Connection, View]]:
        """A snapshot of the database and the view that belongs to it."""
        with ExitStack() as stack:
            sql, view = self._current(stack, with_vectors)
            yield sql, view

    def close(self) -> None:
        """Let go of all files."""
        with self._lock:
            self._view = None
            self._indexes.clear()

    def _current(self, stack: ExitStack, with_vectors: bool) -> tuple[sqlite3.Connection, View]:
        sql = stack.enter_context(self._database.reading())
        view = self._view
        if _is_current(view, read_meta(sql), with_vectors):
            assert view is not None
            return sql, view
        stack.pop_all().close()
        with self._lock:
            for attempts_left in range(MAX_ATTEMPTS - 1, -1, -1):
                try:
                    return self._renewed(stack, with_vectors)
                except FileNotFoundError as error:
                    # The writer may have replaced a derived folder between our look at its name and our opening it.
                    stack.pop_all().close()
                    if not attempts_left:
                        raise StoreDamaged(f"{error} is missing from the index", CURE) from error
        raise AssertionError("unreachable")

    def _renewed(self, stack: ExitStack, with_vectors: bool) -> tuple[sqlite3.Connection, View]:
        """The order matters: the words first, the snapshot after them, so that the words are never ahead of it."""
        with self._database.reading() as sql:
            words_meta = read_meta(sql)
        parts = self._parts_on_disk(words_meta)
        sql = stack.enter_context(self._database.reading())
        meta = read_meta(sql)
        if meta.words != words_meta.words:
            raise FileNotFoundError(meta.words)
        overlay, dead = self._overlay(sql, words_meta.words_seq) if meta.seq > words_meta.words_seq else ((), ())
        vectors = self._vectors(sql, meta) if with_vectors or (self._view and self._view.vectors) else None
        self._view = View(meta, (*parts, *overlay), dead, has_restricted(sql), vectors)
        return sql, self._view

    def _parts_on_disk(self, meta: Meta) -> tuple[Part, ...]:
        if not meta.words:
            return ()
        if meta.words.split("-")[1] != str(WORDS_VERSION):
            raise StoreDamaged(f"The words in {self._folder} were made by another version", CURE)
        if meta.words != self._words_name:
            self._indexes.clear()
            self._words_name = meta.words
        root = self._folder / meta.words
        if not root.is_dir():
            raise FileNotFoundError(root)
        for analyser in filter(None, meta.analysers.split(",")):
            if analyser not in self._indexes:
                self._indexes[analyser] = WordIndex(analyser, root / analyser)
        return tuple(index.part() for index in self._indexes.values())

    def _overlay(self, sql: sqlite3.Connection, seq: int) -> tuple[tuple[Part, ...], tuple[int, ...]]:
        dead = [doc for docs in gone_since(sql, seq).values() for doc in docs]
        dead += [doc for (doc,) in sql.execute("SELECT doc FROM heads WHERE seq > ?", (seq,))]
        parts = []
        for analyser in analysers_since(sql, seq):
            index = WordIndex(analyser, None)
            index.write((), added_since(sql, seq, analyser), self._config.word_buffer_bytes)
            parts.append(index.part())
            index.close()
        return tuple(parts), tuple(dead)

    def _vectors(self, sql: sqlite3.Connection, meta: Meta) -> VectorView:
        known = self._view.vectors if self._view else None
        if known and known.dim == meta.dim and known.name == meta.vectors and meta.floor <= known.seq <= meta.seq:
            return advance(sql, known, meta.seq)
        return open_view(sql, self._folder, meta)


def _is_current(view: View | None, meta: Meta, with_vectors: bool) -> bool:
    return view is not None and view.meta.seq == meta.seq and (view.vectors is not None or not with_vectors)
