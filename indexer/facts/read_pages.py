"""What was read from which page, so that only changed pages are read again. SQLite, one writer at a time."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

RULES = 2
"""Counts up when rules read other facts from the same page, so that all pages are read again."""

_TABLE = """
CREATE TABLE IF NOT EXISTS pages (
    doc_id TEXT PRIMARY KEY, mark TEXT NOT NULL, passages INTEGER NOT NULL, facts INTEGER NOT NULL, rows TEXT NOT NULL
) WITHOUT ROWID
"""


class Row(NamedTuple):
    """A fact and where it stands: ``origin`` is a passage id, or a document's where the page states it in data."""

    origin: str
    subject: str
    relation: str
    value: str


class ReadPages:
    """One transaction on the file; what it changed counts when it ended well."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def marks(self) -> dict[str, str]:
        """doc_id -> the mark it was put with; only those that today's rules have read."""
        found = self._connection.execute("SELECT doc_id, mark FROM pages").fetchall()
        return {doc_id: mark.partition(":")[2] for doc_id, mark in found if mark.startswith(f"{RULES}:")}

    def put(self, doc_id: str, mark: str, passages: int, rows: list[Row]) -> None:
        """What a page says now, in place of what it said before."""
        values = (doc_id, f"{RULES}:{mark}", passages, len(rows), json.dumps(rows))
        self._connection.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)", values)

    def drop_others(self, doc_ids: set[str]) -> int:
        """Forget all pages but these; how many that were."""
        known = [doc_id for (doc_id,) in self._connection.execute("SELECT doc_id FROM pages")]
        gone = [(doc_id,) for doc_id in known if doc_id not in doc_ids]
        self._connection.executemany("DELETE FROM pages WHERE doc_id = ?", gone)
        return len(gone)

    def rows(self) -> Iterator[Row]:
        """Every fact of every page, by doc_id."""
        for (rows,) in self._connection.execute("SELECT rows FROM pages ORDER BY doc_id"):
            yield from (Row(*row) for row in json.loads(rows))

    def count(self) -> tuple[int, int]:
        """(passages read, facts found) of all pages."""
        passages, facts = self._connection.execute("SELECT TOTAL(passages), TOTAL(facts) FROM pages").fetchone()
        return int(passages), int(facts)


@contextmanager
def read_pages(path: Path) -> Iterator[ReadPages]:
    """The file, locked against other writers. Raises sqlite3.OperationalError where another one has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.execute(_TABLE)
            yield ReadPages(connection)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
