"""The truth of the embedded store: one SQLite file, read through short snapshots, written in transactions."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.errors import StoreDamaged, StoreError, StoreRefused, StoreUnavailable

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE heads (
    doc INTEGER PRIMARY KEY AUTOINCREMENT,
    doc_id TEXT NOT NULL UNIQUE,
    content_hash TEXT NOT NULL,
    analyser TEXT NOT NULL,
    modified INTEGER,
    passages INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    head TEXT NOT NULL
);
CREATE INDEX heads_seq ON heads (seq);
CREATE INDEX heads_passages ON heads (passages);
CREATE INDEX heads_modified ON heads (modified) WHERE modified IS NOT NULL;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    doc INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    text TEXT NOT NULL,
    heading_path TEXT NOT NULL,
    anchor TEXT,
    start_char INTEGER NOT NULL,
    end_char INTEGER NOT NULL,
    page_number INTEGER,
    blocks TEXT NOT NULL,
    words BLOB
);
CREATE UNIQUE INDEX passages_doc ON passages (doc, ordinal);
CREATE TABLE vectors (row INTEGER PRIMARY KEY, doc INTEGER NOT NULL, vector BLOB NOT NULL);
CREATE TABLE keywords (
    field TEXT NOT NULL, value TEXT NOT NULL, doc INTEGER NOT NULL, PRIMARY KEY (field, value, doc)
) WITHOUT ROWID;
CREATE INDEX keywords_doc ON keywords (doc);
CREATE TABLE suggestions (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, documents INTEGER NOT NULL);
CREATE TABLE suggestion_keys (key TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (key, id)) WITHOUT ROWID;
CREATE INDEX suggestion_keys_id ON suggestion_keys (id);
CREATE TABLE suggestion_documents (
    doc INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (doc, id)
) WITHOUT ROWID;
CREATE INDEX suggestion_documents_id ON suggestion_documents (id, doc);
CREATE TABLE gone (doc INTEGER PRIMARY KEY, analyser TEXT NOT NULL, seq INTEGER NOT NULL);
CREATE INDEX gone_seq ON gone (seq);
"""
"""``doc`` and ``row`` numbers are never used twice, so that a stale entry of a derived index never finds new content.

``seq`` numbers the transactions: what a derived index lacks is what carries a higher number than it has seen. ``gone``
remembers removed documents until every derived index on disk has seen it.
"""


class Database:
    """Connections to the file: one writer if asked for, and a pool of readers for any number of threads.

    A reader of a file that does not exist yet sees an empty database, and the real one once it is there.
    """

    def __init__(self, path: Path, *, writable: bool, busy_timeout_s: float) -> None:
        self._path = path
        self._timeout_s = busy_timeout_s
        self._idle: list[sqlite3.Connection] = []
        self._pool_lock = threading.Lock()
        self._writer = self._open_writer() if writable else None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection inside one snapshot: everything read from it belongs to the same moment."""
        with sqlite_errors(self._path):
            connection, is_pooled = self._reader()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                if is_pooled:
                    with self._pool_lock:
                        self._idle.append(connection)
                else:
                    connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The writer's connection inside a transaction: all of it is stored, durably, or none of it."""
        if self._writer is None:
            raise StoreRefused(f"The index in {self._path.parent} is open for reading only")
        with sqlite_errors(self._path):
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise

    def take_content_of(self, other: Path) -> None:
        """Replace all that is stored by what another file holds, in one transaction, whatever this file's schema is."""
        if self._writer is None:
            raise StoreRefused(f"The index in {self._path.parent} is open for reading only")
        with sqlite_errors(self._path):
            self._writer.execute("ATTACH ? AS other", (str(other),))
        try:
            with self.writing() as sql:
                for name in _tables(sql, "main"):
                    sql.execute(f'DROP TABLE main."{name}"')
                for statement in filter(str.strip, SCHEMA.split(";")):
                    sql.execute(statement)
                for name in _tables(sql, "other"):
                    sql.execute(f'INSERT INTO main."{name}" SELECT * FROM other."{name}"')  # noqa: S608 - own names
                sql.execute("DELETE FROM main.sqlite_sequence")
                sql.execute("INSERT INTO main.sqlite_sequence SELECT * FROM other.sqlite_sequence")
        finally:
            self._writer.execute("DETACH other")

    def close(self) -> None:
        """Close every connection; the last one to close folds the write-ahead log into the file."""
        with self._pool_lock, sqlite_errors(self._path):
            while self._idle:
                self._idle.pop().close()
            if self._writer is not None:
                self._writer.close()
                self._writer = None

    def _reader(self) -> tuple[sqlite3.Connection, bool]:
        with self._pool_lock:
            if self._idle:
                return self._idle.pop(), True
        if not self._path.exists():
            return _empty(), False
        connection = self._open_reader()
        if not _has_schema(connection):
            connection.close()
            return _empty(), False
        return connection, True

    def _open_reader(self) -> sqlite3.Connection:
        try:
            connection = self._connect("mode=ro")
            _has_schema(connection)
        except sqlite3.OperationalError:
            # A folder on a read-only disk: without its log the file is complete and cannot change under us.
            if self._path.with_name(self._path.name + "-wal").exists():
                raise
            connection = self._connect("mode=ro&immutable=1")
        return connection

    def _open_writer(self) -> sqlite3.Connection:
        with sqlite_errors(self._path):
            connection = self._connect("mode=rwc")
            try:
                connection.execute("PRAGMA journal_mode=WAL")
                # FULL, not NORMAL: after a power cut the truth must never be older than what was derived from it.
                connection.execute("PRAGMA synchronous=FULL")
                if not _has_schema(connection):
                    connection.executescript(f"BEGIN IMMEDIATE;{SCHEMA}COMMIT;")
            except BaseException:
                connection.close()
                raise
            return connection

    def _connect(self, mode: str) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self._path.absolute().as_uri()}?{mode}",
            timeout=self._timeout_s,
            isolation_level=None,
            check_same_thread=False,
            uri=True,
        )


@contextmanager
def sqlite_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into the store's."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _operational(path, error) from error
    except sqlite3.DatabaseError as error:
        raise StoreDamaged(
            f"{path} cannot be read ({error})", "Restore the folder from a backup, or delete it and index again"
        ) from error


def _operational(path: Path, error: sqlite3.OperationalError) -> StoreError:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreUnavailable(f"{path} is busy ({error})", "Try again")
    if name.startswith("SQLITE_FULL"):
        return StoreRefused(f"The disk with {path.parent} is full", "Free some space and run the same command again")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return StoreRefused(f"{path} cannot be opened or written ({error})", "Check the folder and its permissions")
    if name.startswith("SQLITE_IOERR"):
        return StoreRefused(f"{path} cannot be read or written ({error})", "Check the disk and its free space")
    return StoreDamaged(f"{path} is not a usable index ({error})", "Delete the folder and index again")


def _has_schema(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'gone'").fetchone() is not None


def _tables(sql: sqlite3.Connection, schema: str) -> list[str]:
    query = f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"  # noqa: S608
    return [name for (name,) in sql.execute(query)]


def _empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(SCHEMA)
    return connection
