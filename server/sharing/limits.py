"""Counts callers for all workers of a server."""

import logging
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from server.doors.limits import MAX_NAMES, LocalLimiter, next_arrival
from server.sharing.table import SharedTable

log = logging.getLogger(__name__)
SCHEMA = "CREATE TABLE IF NOT EXISTS due (name TEXT PRIMARY KEY, due_s REAL NOT NULL) WITHOUT ROWID"
FORGET_EVERY = 10_000
"""Calls after which a worker looks for callers whose bucket is full again: they are like those never heard of."""


class SharedLimiter:
    """``Limiter`` in a file; where that cannot be used, each worker counts for itself.

    The ``clock`` must be the same in all processes; Linux counts ``time.monotonic`` from its start.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._table = SharedTable(path, SCHEMA)
        self._clock = clock
        self._alone = LocalLimiter(clock)
        self._calls = 0

    def take(self, name: str, per_minute: int) -> float:
        """See ``Limiter``."""
        try:
            return self._take(name, per_minute)
        except sqlite3.Error as error:
            log.warning("limits are counted in this process alone: %s", error)
            return self._alone.take(name, per_minute)

    def close(self) -> None:
        """Close the file."""
        self._table.close()

    def _take(self, name: str, per_minute: int) -> float:
        self._calls += 1
        with self._table.changing() as db:
            now = self._clock()
            row = db.execute("SELECT due_s FROM due WHERE name = ?", (name,)).fetchone()
            wait, due = next_arrival(row[0] if row else 0.0, now, per_minute)
            if not wait:
                db.execute("INSERT OR REPLACE INTO due VALUES (?, ?)", (name, due))
            if self._calls % FORGET_EVERY == 0:
                db.execute("DELETE FROM due WHERE due_s <= ?", (now,))
                over = "SELECT name FROM due ORDER BY due_s DESC LIMIT -1 OFFSET ?"
                db.execute(f"DELETE FROM due WHERE name IN ({over})", (MAX_NAMES,))  # noqa: S608  # our own words
        return wait
