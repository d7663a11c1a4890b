"""What is remembered of each source: which documents came from it, and up to which change it was read."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS source (name TEXT PRIMARY KEY, mark TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS kept (name TEXT, doc_id TEXT, PRIMARY KEY (name, doc_id)) WITHOUT ROWID;
"""


class SourceMemory:
    """A SQLite file beside the index; a source that was never read has no mark and no documents."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.executescript("PRAGMA journal_mode = WAL;" + _SCHEMA)

    def mark(self, name: str, settings: str) -> str | None:
        """Up to which change the source was read completely by these settings."""
        row = self._connection.execute("SELECT mark FROM source WHERE name = ?", (name,)).fetchone()
        read_by, _, mark = (row[0] or "").partition(" ") if row else ("", "", "")
        return mark if mark and read_by == settings else None

    def set_mark(self, name: str, settings: str, mark: str | None) -> None:
        """Remember it; call it when everything up to there is stored. ``settings`` has no space."""
        value = None if mark is None else f"{settings} {mark}"
        self._connection.execute("INSERT OR REPLACE INTO source VALUES (?, ?)", (name, value))

    def begin(self) -> None:
        """A sync begins: nothing has come yet."""
        self._connection.executescript(
            "DROP TABLE IF EXISTS temp.came; "
            "CREATE TEMP TABLE came (doc_id TEXT PRIMARY KEY, content_hash TEXT) WITHOUT ROWID;"
        )

    def came(self, doc_id: str, content_hash: str) -> str | None:
        """The hash that a document of this id came with before in this sync; None, and remembered, for the first."""
        values = (doc_id, content_hash)
        if self._connection.execute("INSERT OR IGNORE INTO temp.came VALUES (?, ?)", values).rowcount:
            return None
        found = self._connection.execute("SELECT content_hash FROM temp.came WHERE doc_id = ?", (doc_id,)).fetchone()
        return str(found[0])

    def keep(self, name: str, doc_ids: Iterable[str]) -> None:
        """These documents are in the index."""
        with self._transaction():
            self._connection.executemany("INSERT OR IGNORE INTO kept VALUES (?, ?)", ((name, i) for i in doc_ids))

    def drop(self, name: str, doc_ids: Iterable[str]) -> None:
        """These documents are no longer in the index."""
        with self._transaction():
            self._connection.executemany("DELETE FROM kept WHERE name = ? AND doc_id = ?", ((name, i) for i in doc_ids))

    def count(self, name: str) -> int:
        """How many documents of the source are in the index."""
        return int(self._connection.execute("SELECT count(*) FROM kept WHERE name = ?", (name,)).fetchone()[0])

    def gone(self, name: str, present: Iterable[str]) -> "Gone":
        """What is kept and not ``present``; on disk while it is computed, for there may be millions.

        Ids come in no order: to sort them once when all are there costs a third of keeping them in order.
        """
        self._connection.executescript(
            "DROP TABLE IF EXISTS temp.present; CREATE TEMP TABLE present (doc_id TEXT NOT NULL);"
        )
        with self._transaction():
            self._connection.executemany("INSERT INTO temp.present VALUES (?)", ((i,) for i in present))
        self._connection.execute("CREATE INDEX temp.present_ids ON present (doc_id)")
        return Gone(self._connection, name)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


class Gone:
    """The documents of a source that are no longer there, readable until the next question."""

    _FROM = "FROM kept WHERE name = ? AND doc_id NOT IN (SELECT doc_id FROM temp.present)"

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection = connection
        self._name = name

    def __len__(self) -> int:
        return int(self._connection.execute(f"SELECT count(*) {self._FROM}", (self._name,)).fetchone()[0])

    def batches(self, size: int) -> Iterator[list[str]]:
        """Their ids; the one who takes a batch drops it before asking for the next."""
        while rows := self._connection.execute(f"SELECT doc_id {self._FROM} LIMIT ?", (self._name, size)).fetchall():
            yield [row[0] for row in rows]
