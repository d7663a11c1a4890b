"""The writing half of the embedded store: SQLite first, then what is derived from it."""

import json
import logging
import threading
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from indexer.config import EmbeddedConfig
from indexer.document import EncodedDocument
from indexer.embedded.documents import add_words, insert_document, remove_documents
from indexer.embedded.lock import WriteLock
from indexer.embedded.meta import Meta, read_meta, write_meta
from indexer.embedded.sql import Database
from indexer.embedded.vectors import write_snapshot
from indexer.embedded.words import (
    WORDS_VERSION,
    WordIndex,
    added_since,
    analysers_since,
    gone_since,
    remove_folder,
)
from indexer.errors import StoreDamaged, StoreRefused
from indexer.manifest import Manifest

logger = logging.getLogger(__name__)

SNAPSHOT_GROWTH = 0.1
"""A snapshot is worth writing once the index has grown by this share: each vector is then written about ten times."""


class EmbeddedWriter:
    """Stores and removes documents.

    A transaction of SQLite decides what is stored. The words follow; after a crash they catch up from the number of the
    last transaction they have seen, and doing so twice does no harm.
    """

    def __init__(self, folder: Path, lock: WriteLock, database: Database, config: EmbeddedConfig) -> None:
        self._folder = folder
        self._os_lock = lock
        self._database = database
        self._config = config
        self._lock = threading.Lock()
        self._indexes: dict[str, WordIndex] = {}
        self._recover()

    def create(self, manifest: Manifest) -> None:
        """Write down what the index is made with, unless it has that already."""
        with self._lock, self._database.writing() as sql:
            if not read_meta(sql).manifest:
                write_meta(sql, manifest=json.dumps(asdict(manifest)))

    def replace(self, documents: Sequence[EncodedDocument]) -> None:
        """Store documents with different ids in place of what was stored under them."""
        with self._lock:
            with self._database.writing() as sql:
                meta = read_meta(sql)
                self._require_dim(meta, documents)
                write_meta(sql, seq=meta.seq + 1)
                remove_documents(sql, [document.head.doc_id for document in documents], meta.seq + 1)
                for document in documents:
                    insert_document(sql, document, meta.seq + 1)
            self._derive()

    def delete(self, doc_ids: Sequence[str]) -> int:
        """Remove documents; returns how many were there."""
        with self._lock:
            with self._database.writing() as sql:
                seq = read_meta(sql).seq + 1
                write_meta(sql, seq=seq)
                removed = remove_documents(sql, doc_ids, seq)
            self._derive()
            return removed

    def close(self) -> None:
        """Wait for merges and let others write."""
        with self._lock:
            for index in self._indexes.values():
                index.close()
            self._indexes.clear()
            self._os_lock.release()

    def _require_dim(self, meta: Meta, documents: Sequence[EncodedDocument]) -> None:
        if not meta.manifest:
            raise StoreRefused(f"{self._folder} holds no index yet", "Call check(manifest) first: it creates one")
        for document in documents:
            if document.vectors.shape != (len(document.passages), meta.dim):
                raise StoreRefused(
                    f"{document.head.url}: {len(document.passages)} passages came with vectors of shape "
                    f"{document.vectors.shape}, not ({len(document.passages)}, {meta.dim})",
                    "Encode with the encoder that the index was made with",
                )

    def _recover(self) -> None:
        """Make the derived files what they should be, whatever the last writer left behind."""
        with self._database.writing() as sql:
            add_words(sql)
            meta = read_meta(sql)
        for path in self._folder.glob("*-*"):
            if (
                path.is_dir()
                and path.name.startswith(("words-", "vectors-"))
                and path.name not in (meta.words, meta.vectors)
            ):
                remove_folder(path)
        if meta.vectors and not (self._folder / meta.vectors).is_dir():
            with self._database.writing() as sql:
                write_meta(sql, vectors="", vectors_seq=0, vectors_row=0, vectors_count=0)
        if not self._words_are_usable(meta):
            self._derive_words_anew(meta)
        try:
            self._derive()
        except StoreDamaged as error:
            logger.warning("deriving the words anew: %s", error.what)
            self._derive_words_anew(meta)
            self._derive()

    def _words_are_usable(self, meta: Meta) -> bool:
        if not meta.words.startswith(f"words-{WORDS_VERSION}-") or meta.words_seq > meta.seq:
            return False
        try:
            for analyser in filter(None, meta.analysers.split(",")):
                self._indexes[analyser] = WordIndex(analyser, self._folder / meta.words / analyser)
                self._indexes[analyser].part()
        except StoreDamaged as error:
            logger.warning("deriving the words anew: %s", error.what)
            return False
        return True

    def _derive_words_anew(self, old: Meta) -> None:
        self._indexes.clear()
        name = f"words-{WORDS_VERSION}-{uuid.uuid4().hex[:12]}"
        self._derive_words(name, old, since=0)
        if old.words:
            remove_folder(self._folder / old.words)

    def _derive(self) -> None:
        """Bring the words, and now and then the vector snapshot, to the present."""
        with self._database.reading() as sql:
            meta = read_meta(sql)
        if meta.words_seq < meta.seq:
            self._derive_words(meta.words, meta, since=meta.words_seq)
        self._derive_vectors()

    def _derive_words(self, name: str, meta: Meta, since: int) -> None:
        with self._database.reading() as sql:
            gone = gone_since(sql, since)
            added = analysers_since(sql, since)
            for analyser in added:
                if analyser not in self._indexes:
                    self._indexes[analyser] = WordIndex(analyser, self._folder / name / analyser, may_create=True)
            for analyser in {*added, *gone} & self._indexes.keys():
                self._indexes[analyser].write(
                    gone.get(analyser, ()), added_since(sql, since, analyser), self._config.word_buffer_bytes
                )
        (self._folder / name).mkdir(exist_ok=True)
        with self._database.writing() as sql:
            write_meta(sql, words=name, words_seq=meta.seq, analysers=",".join(sorted(self._indexes)))

    def _derive_vectors(self) -> None:
        with self._database.reading() as sql:
            meta = read_meta(sql)
            last_row = sql.execute("SELECT COALESCE(MAX(row), 0) FROM vectors").fetchone()[0]
            new = last_row - meta.vectors_row
            if new < max(self._config.snapshot_rows, SNAPSHOT_GROWTH * meta.vectors_count):
                return
            name, count = write_snapshot(sql, self._folder, meta, self._config)
        with self._database.writing() as sql:
            write_meta(sql, vectors=name, vectors_seq=meta.seq, vectors_row=last_row, vectors_count=count)
            floor = min(meta.seq, meta.words_seq)
            sql.execute("DELETE FROM gone WHERE seq <= ?", (floor,))
            write_meta(sql, floor=floor)
        if meta.vectors:
            remove_folder(self._folder / meta.vectors)
