"""The bookkeeping of the embedded store: how far the truth has come, and how far what is derived from it."""

import json
import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meta:
    """The bookkeeping of the database; an absent index has ``seq`` 0.

    ``words`` and ``vectors`` name the derived folders, ``words_seq`` and ``vectors_seq`` are the moments they have
    reached. ``analysers`` (comma-separated) are those with words on disk. ``vectors_row`` is the last row in the vector
    snapshot, ``vectors_count`` their number. Removed documents are remembered from ``floor`` on.
    """

    seq: int = 0
    words: str = ""
    words_seq: int = 0
    analysers: str = ""
    vectors: str = ""
    vectors_seq: int = 0
    vectors_row: int = 0
    vectors_count: int = 0
    floor: int = 0
    manifest: str = ""

    @property
    def dim(self) -> int:
        """Length of the vectors; 0 where there is no index yet."""
        return int(json.loads(self.manifest)["dim"]) if self.manifest else 0


def read_meta(sql: sqlite3.Connection) -> Meta:
    """The bookkeeping at this moment."""
    return Meta(**dict(sql.execute("SELECT key, value FROM meta").fetchall()))


def write_meta(sql: sqlite3.Connection, **values: int | str) -> None:
    """Change entries of the bookkeeping."""
    sql.executemany("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", values.items())
