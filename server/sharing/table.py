"""A small SQLite file for several processes of one server, which need not outlive it."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.transaction import transaction

BUSY_S = 5.0
"""How long another process may hold the file. Threads of one wait for each other in a line of their own: SQLite lets
all that wait try again at times of their own, so that one of many may find the file taken each time.
"""


class SharedTable:
    """One connection for each thread. ``schema`` is made where it is missing. Raises sqlite3.Error."""

    def __init__(self, path: Path, schema: str) -> None:
        self._path, self._schema = path, schema
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._opening, self._changing = threading.Lock(), threading.Lock()

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction in which nobody else writes; what was done is undone where the block fails."""
        db = self._connection()
        with self._changing, transaction(db):
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
            with self._opening:
                db = self._own.db = self._opened_one()
        return db

    def _opened_one(self) -> sqlite3.Connection:
        # Closed by whoever closes all.
        db = sqlite3.connect(self._path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        self._opened.append(db)
        db.execute("PRAGMA journal_mode = WAL")
        # It may be lost with the machine, which takes the server with it.
        db.execute("PRAGMA synchronous = OFF")
        db.executescript(self._schema)
        return db
