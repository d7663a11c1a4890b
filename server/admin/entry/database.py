"""The SQLite file of the admin area, beside the index: accounts, guests, sessions, ways and
attempts to sign in, and the audit log."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from indexer.errors import StoreUnavailable
from server.doors.owned import make_owned

SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
  name TEXT PRIMARY KEY, hash TEXT NOT NULL, created_s INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (
  hash TEXT PRIMARY KEY, name TEXT NOT NULL, token TEXT NOT NULL, begun_s INTEGER NOT NULL, seen_s INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS guest (name TEXT PRIMARY KEY, user TEXT NOT NULL, groups TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS way (
  state TEXT PRIMARY KEY, browser TEXT NOT NULL, nonce TEXT NOT NULL, verifier TEXT NOT NULL, next TEXT NOT NULL,
  begun_s INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS attempt (at_s INTEGER NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS change (
  at_s INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL);
"""
BUSY_S = 10.0


class AdminFile:
    """The file ``path``, made on the first write; until then it reads as empty. Raises StoreUnavailable."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def select(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows of a SELECT."""
        if not self._path.exists() or not self._path.stat().st_size:
            return []
        with self._opened() as db:
            return db.execute(statement, values).fetchall()

    def write(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run one statement; returns how many rows it changed."""
        make_owned(self._path)
        with self._opened() as db:
            return db.execute(statement, values).rowcount

    def take(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows of a DELETE ... RETURNING: of two who run it at once, one has them."""
        if not self._path.exists():
            return []
        with self._opened() as db:
            return db.execute(statement, values).fetchall()

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=BUSY_S)) as db:
                db.executescript(SCHEMA)
                with db:
                    yield db
        except sqlite3.Error as error:
            raise StoreUnavailable(f"The admin area's {self._path} cannot be read or written: {error}") from error
