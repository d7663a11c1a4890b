"""A small SQLite file for several processes of one server, which need not outlive it."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.transaction import transaction

BUSY_S = 2.0


class SharedTable:
    """One connection for each thread. ``schema`` is made where it is missing. Raises sqlite3.Error."""

    def __init__(self, path: Path, schema: str) -> None:
        self._path, self._schema = path, schema
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._opening = threading.Lock()

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction in which nobody else writes; what was done is undone where the block fails."""
        db = self._connection()
        with transaction(db):
            yield db

    def reading(self) -> sqlite3.Connection:
        """For a single SELECT."""
        return self._connection()

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._opening:
            for db in self._opened:
                db.close()
            self._opened.clear()
        self._own = threading.local()

    def _connection(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._own, "db", None)
        if db is None:
            # Closed by whoever closes all.
            db = sqlite3.connect(self._path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
            db.execute("PRAGMA journal_mode = WAL")
            # It may be lost with the machine, which takes the server with it.
            db.execute("PRAGMA synchronous = OFF")
            db.executescript(self._schema)
            with self._opening:
                self._opened.append(db)
            self._own.db = db
        return db
