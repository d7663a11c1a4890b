"""The query log in a SQLite file beside the index, for all processes of one machine."""

import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from indexer.errors import StoreUnavailable
from server.doors.owned import make_owned
from server.querylog.mark import mark_of
from server.querylog.record import Click, Entered, Feedback, Judgement, Noted, Shared, same_query

SCHEMA = """
CREATE TABLE IF NOT EXISTS entered (
  at_s INTEGER NOT NULL, kind TEXT NOT NULL, query TEXT NOT NULL, same TEXT NOT NULL, total INTEGER NOT NULL,
  took_ms REAL NOT NULL, stages_ms TEXT NOT NULL, is_refused INTEGER NOT NULL, degraded TEXT NOT NULL,
  site TEXT NOT NULL, key_id TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS entered_at ON entered (at_s);
CREATE TABLE IF NOT EXISTS click (
  at_s INTEGER NOT NULL, query TEXT NOT NULL, same TEXT NOT NULL, url TEXT NOT NULL, position INTEGER NOT NULL,
  site TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS click_at ON click (at_s);
CREATE TABLE IF NOT EXISTS feedback (
  at_s INTEGER NOT NULL, query TEXT NOT NULL, same TEXT NOT NULL, url TEXT NOT NULL, is_useful INTEGER NOT NULL,
  site TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS feedback_at ON feedback (at_s);
CREATE TABLE IF NOT EXISTS shared (
  same TEXT NOT NULL, site TEXT NOT NULL, mark INTEGER NOT NULL, query TEXT NOT NULL, uses INTEGER NOT NULL,
  last_s INTEGER NOT NULL, PRIMARY KEY (same, site, mark)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS secret (one INTEGER PRIMARY KEY CHECK (one = 1), value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS judgement (
  same TEXT NOT NULL, url TEXT NOT NULL, query TEXT NOT NULL, relevance INTEGER NOT NULL, judge TEXT NOT NULL,
  PRIMARY KEY (same, url)) WITHOUT ROWID;
"""
BUSY_S = 10.0
MAX_ROWS = 2_000_000
"""Of requests, some 500 MB; the oldest are forgotten first."""


class QueryFile:
    """The log in the file ``path``, which is made when something is first written; until then it reads as empty.

    Several processes may write and read at once. Raises StoreUnavailable where the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, lines: Iterable[Noted]) -> None:
        """Write them in one transaction."""
        with self._writing() as db:
            for line in lines:
                if isinstance(line, Shared):
                    _share(db, line)
                    continue
                table, row = _row(line)
                marks = ", ".join("?" * len(row))
                db.execute(f"INSERT INTO {table} VALUES ({marks})", row)  # noqa: S608  # our own names

    def judge(self, judgement: Judgement) -> None:
        """Keep a judgement in place of an earlier one of the same query and document."""
        row = (same_query(judgement.query), judgement.url, judgement.query, judgement.relevance, judgement.judge)
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO judgement VALUES (?, ?, ?, ?, ?)", row)

    def unjudge(self, query: str, url: str) -> bool:
        """Take a judgement back; False where there is none."""
        with self._writing() as db:
            gone = db.execute("DELETE FROM judgement WHERE same = ? AND url = ?", (same_query(query), url))
            return gone.rowcount > 0

    def judgements(self, query: str | None = None) -> list[Judgement]:
        """All of them, or those of one query, by query and URL. They do not grow old."""
        what = "SELECT query, url, relevance, judge FROM judgement"
        where, values = ("", ()) if query is None else (" WHERE same = ?", (same_query(query),))
        return [Judgement(*row) for row in self.select(f"{what}{where} ORDER BY same, url", values)]

    def prune(self, before_s: int) -> None:
        """Forget what is older, and what is more than ``MAX_ROWS``; judgements stay."""
        if not self.exists():
            return
        with self._writing() as db:
            for table in ("entered", "click", "feedback"):
                db.execute(f"DELETE FROM {table} WHERE at_s < ?", (before_s,))  # noqa: S608  # as above
            db.execute("DELETE FROM shared WHERE last_s < ?", (before_s,))
            newest = "SELECT MAX(rowid) - ? FROM entered"
            db.execute(f"DELETE FROM entered WHERE rowid <= ({newest})", (MAX_ROWS,))  # noqa: S608  # as above

    def exists(self) -> bool:
        """Whether anything was ever written."""
        return self._path.exists() and self._path.stat().st_size > 0

    def select(self, statement: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[Any]:
        """The rows of a SELECT; none where nothing was ever written."""
        if not self.exists():
            return []
        with self._opened() as db:
            return db.execute(statement, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        make_owned(self._path)
        with self._opened() as db:
            yield db

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=BUSY_S)) as db:
                # Readers need not wait for the writer, nor the writer for them.
                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = NORMAL")
                db.executescript(SCHEMA)
                with db:
                    yield db
        except sqlite3.Error as error:
            raise StoreUnavailable(f"The query log {self._path} cannot be read or written: {error}") from error


def _share(db: sqlite3.Connection, line: Shared) -> None:
    """Count a query once more for whoever asked it, known by a mark alone."""
    db.execute("INSERT OR IGNORE INTO secret VALUES (1, ?)", (secrets.token_bytes(),))
    (secret,) = db.execute("SELECT value FROM secret").fetchone()
    same = same_query(line.query)
    row = (same, line.site, mark_of(secret, line.payer, line.site, same), line.query, line.at_s)
    db.execute(
        "INSERT INTO shared (same, site, mark, query, uses, last_s) VALUES (?, ?, ?, ?, 1, ?)"
        " ON CONFLICT DO UPDATE SET uses = uses + 1, last_s = excluded.last_s",
        row,
    )


def _row(line: Entered | Click | Feedback) -> tuple[str, tuple[Any, ...]]:
    """The table of a line, and its row there."""
    match line:
        case Entered():
            stages, degraded = json.dumps(dict(line.stages_ms)), json.dumps(line.degraded)
            counts = (line.total, line.took_ms, stages, line.is_refused, degraded)
            same = same_query(line.query)
            return "entered", (line.at_s, line.kind, line.query, same, *counts, line.site, line.key_id)
        case Click():
            position = (line.url, line.position, line.site)
            return "click", (line.at_s, line.query, same_query(line.query), *position)
        case Feedback():
            said = (line.url, line.is_useful, line.site)
            return "feedback", (line.at_s, line.query, same_query(line.query), *said)
