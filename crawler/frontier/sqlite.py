"""The frontier in one SQLite file: for one crawler process on one machine."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crawler.errors import FrontierError
from crawler.frontier.rows import MIGRATIONS, SCHEMA, SCHEMA_VERSION, Statements
from crawler.frontier.seam import Turn
from crawler.frontier.sql import SqlFrontier
from crawler.frontier.turns import LocalTurns
from crawler.transaction import transaction

TYPES = {"serial": "INTEGER PRIMARY KEY", "url": "TEXT", "bytes": "BLOB"}


class SqliteFrontier(SqlFrontier):
    """``Frontier`` in the file ``path``; its folder is created. Only one crawler may use a file at a time."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = Path(path)
        self._lock = threading.RLock()
        self._turns = LocalTurns()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None, timeout=10.0)
            self._open()
        except (OSError, sqlite3.Error) as error:
            raise FrontierError(
                f"The crawl state {self.path} cannot be opened: {error}",
                "Check that the folder exists, is writable and has free space, and that no other crawl is using it",
            ) from error

    def _open(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        # NORMAL loses no committed step when the process dies; only a power cut may lose the last ones, which
        # are then fetched again.
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("BEGIN IMMEDIATE")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            for statement in SCHEMA:
                self._db.execute(statement.format(**TYPES))
        for older in range(version or SCHEMA_VERSION, SCHEMA_VERSION):
            for statement in MIGRATIONS[older]:
                self._db.execute(statement.format(**TYPES))
        if version < SCHEMA_VERSION:
            self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        self._db.execute("COMMIT")
        if version > SCHEMA_VERSION:
            raise FrontierError(
                f"The crawl state {self.path} has schema {version}; this version reads {SCHEMA_VERSION}",
                "Delete the file to crawl from scratch",
            )

    @contextmanager
    def _step(self) -> Iterator[Statements]:
        with self._reading() as db, transaction(db):
            yield db

    @contextmanager
    def _reading(self) -> Iterator[Statements]:
        with self._lock:
            try:
                yield self._db
            except sqlite3.Error as error:
                raise FrontierError(
                    f"The crawl state {self.path} cannot be used: {error}", "Check free space and permissions"
                ) from error

    def _now(self) -> float:
        return time.time()

    def _abandoned(self, db: Statements) -> str:
        """All of it: there is no other worker."""
        return "1 = 1"

    def _lock_rounds(self, db: Statements) -> None:
        """A step locks the whole file."""

    def _lock_sketches(self, db: Statements) -> None:
        """A step locks the whole file."""

    def _join(self, db: Statements) -> None:
        """Nobody asks who takes part."""

    def _leave(self, db: Statements) -> bool:
        """The only worker is the last."""
        return True

    def reserve(self, origin: str, delay_s: float) -> Turn:
        """Start a request now, or say how long to wait."""
        return self._turns.reserve(origin, delay_s)

    def slow_down(self, origin: str, delay_s: float, wait_s: float) -> None:
        """Keep this delay from now on, and let nobody ask before ``wait_s`` are over."""
        self._turns.slow_down(origin, delay_s, wait_s)

    def forget(self) -> None:
        """Forget all crawls."""
        with self._step() as db:
            tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
            for (name,) in tables.fetchall():
                db.execute(f'DELETE FROM "{name}"')  # noqa: S608  a name of our own schema

    def take_place_of(self, place: str) -> None:
        """Move the file to ``place``, whose present one is deleted; this frontier is then closed."""
        self.close()
        for ending in ("-wal", "-shm"):
            Path(place + ending).unlink(missing_ok=True)
        self.path.replace(place)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()
