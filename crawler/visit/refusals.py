"""Remembers which URLs were left out of a crawl and why, compactly, so that a person can ask later."""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.errors import FrontierError
from crawler.outcome import Reason
from crawler.report import CrawlEvent
from crawler.urls.ascii import as_text

MAX_REFUSALS = 200_000
"""Rows kept, about 40 MB; the oldest go first."""

BATCH = 500
BUSY_S = 10.0


@dataclass(frozen=True, slots=True)
class Refused:
    """A URL that gave no page; ``at_s`` is seconds since 1970."""

    url: str
    reason: Reason
    detail: str
    referrer: str | None
    at_s: float


class Refusals:
    """The file ``path``, made on the first write. Raises FrontierError when it cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._waiting: dict[str, tuple[str, str, str, str | None, float]] = {}

    def note(self, event: CrawlEvent) -> None:
        """Remember an event that gave no page; others are passed over."""
        if not event.outcome.is_remembered:
            return
        url, detail = as_text(event.url), as_text(event.detail)
        referrer = None if event.referrer is None else as_text(event.referrer)
        self._waiting[url] = (url, event.reason.value, detail, referrer, time.time())
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what waits; when that fails, it waits for the next time."""
        if not self._waiting:
            return
        self._run(list(self._waiting.values()))
        self._waiting.clear()

    def find(self, url: str) -> Refused | None:
        """What is remembered of one URL."""
        self.flush()
        if not self.path.exists():
            return None
        row = self._run([], url)
        return Refused(row[0], Reason.stored(row[1]), *row[2:]) if row else None

    def last(self, size: int, reason: Reason | None = None) -> list[Refused]:
        """The last ones that are written, newest first, of all reasons or of one."""
        where, values = ("", ()) if reason is None else ("WHERE reason = ?", (reason.value,))
        found = self._select(f"SELECT * FROM refused {where} ORDER BY at DESC, rowid DESC LIMIT ?", (*values, size))  # noqa: S608
        return [Refused(row[0], Reason.stored(row[1]), *row[2:]) for row in found]

    def counts(self) -> dict[Reason, int]:
        """How many are written for each reason, the commonest first."""
        found = self._select("SELECT reason, COUNT(*) FROM refused GROUP BY reason ORDER BY COUNT(*) DESC, reason")
        return {Reason.stored(reason): count for reason, count in found}

    def _select(self, statement: str, values: Sequence[str | int] = ()) -> list[Any]:
        if not self.path.exists():
            return []
        try:
            with closing(sqlite3.connect(self.path, timeout=BUSY_S)) as db:
                return db.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> FrontierError:
        return FrontierError(
            f"The memory of refused URLs {self.path} cannot be used: {error}", "Check free space and permissions"
        )

    def _run(
        self, rows: list[tuple[str, str, str, str | None, float]], url: str = ""
    ) -> tuple[str, str, str, str | None, float] | None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            db = sqlite3.connect(self.path, timeout=BUSY_S)
            try:
                with db:
                    db.execute(
                        "CREATE TABLE IF NOT EXISTS refused (url TEXT PRIMARY KEY, reason TEXT NOT NULL, "
                        "detail TEXT NOT NULL, referrer TEXT, at REAL NOT NULL)"
                    )
                    db.executemany("INSERT OR REPLACE INTO refused VALUES (?, ?, ?, ?, ?)", rows)
                    db.execute(
                        "DELETE FROM refused WHERE rowid <= (SELECT MAX(rowid) FROM refused) - ?", (MAX_REFUSALS,)
                    )
                found: tuple[str, str, str, str | None, float] | None = db.execute(
                    "SELECT * FROM refused WHERE url = ?", (url,)
                ).fetchone()
                return found
            finally:
                db.close()
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from error
