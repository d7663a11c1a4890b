"""Conversations in a file, for several processes of one server that answer."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from rag.dialogue.config import DialogueConfig
from rag.dialogue.session import Session
from rag.dialogue.turn import Turn
from rag.errors import DialogueUnavailable
from server.sharing.table import SharedTable

SCHEMA = """
CREATE TABLE IF NOT EXISTS session (
  name TEXT PRIMARY KEY, until_s REAL NOT NULL, turns TEXT NOT NULL, facts TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS session_until ON session (until_s);
"""


class FileDialogue:
    """``DialogueMemory`` as one row for each session. The ``clock`` must be the same in all processes."""

    def __init__(
        self, path: Path, config: DialogueConfig = DialogueConfig(), clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._table = SharedTable(path, SCHEMA)
        self._config = config
        self._clock = clock

    def turns(self, session: str) -> tuple[Turn, ...]:
        """What was said so far."""
        with _mapped():
            return self._found(self._table.reading(), session).turns

    def remember(self, session: str, turn: Turn) -> None:
        """Add a turn, and drop what nobody goes on with."""
        self._change(session, lambda found: found.with_turn(turn, self._config))

    def facts(self, session: str) -> Mapping[str, str]:
        """What was told for later."""
        with _mapped():
            return self._found(self._table.reading(), session).facts

    def keep_fact(self, session: str, name: str, value: str) -> None:
        """Keep a fact, and drop the oldest of too many."""
        self._change(session, lambda found: found.with_fact(name, value, self._config))

    def drop_fact(self, session: str, name: str) -> None:
        """Drop a fact."""
        self._change(session, lambda found: found.without_fact(name))

    def forget(self, session: str) -> None:
        """Forget all that was said."""
        with _mapped(), self._table.changing() as db:
            db.execute("DELETE FROM session WHERE name = ?", (session,))

    def close(self) -> None:
        """Close the file."""
        self._table.close()

    def _change(self, session: str, change: Callable[[Session], Session]) -> None:
        with _mapped(), self._table.changing() as db:
            now, found = self._clock(), change(self._found(db, session))
            turns = json.dumps([asdict(turn) for turn in found.turns])
            row = (session, now + self._config.expiry_s, turns, json.dumps(dict(found.facts)))
            db.execute("INSERT OR REPLACE INTO session VALUES (?, ?, ?, ?)", row)
            db.execute("DELETE FROM session WHERE until_s <= ?", (now,))
            too_many = db.execute("SELECT COUNT(*) FROM session").fetchone()[0] - self._config.max_sessions
            if too_many > 0:
                oldest = "SELECT name FROM session ORDER BY until_s LIMIT ?"
                db.execute(f"DELETE FROM session WHERE name IN ({oldest})", (too_many,))  # noqa: S608  # our own words

    def _found(self, db: sqlite3.Connection, session: str) -> Session:
        row = db.execute("SELECT until_s, turns, facts FROM session WHERE name = ?", (session,)).fetchone()
        if row is None or self._clock() >= row[0]:
            return Session()
        return Session(tuple(Turn(**turn) for turn in json.loads(row[1])), json.loads(row[2]))


@contextmanager
def _mapped() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise DialogueUnavailable(
            f"The memory of conversations in a file cannot be used ({error})",
            "Check the disk for temporary files; questions are answered without what was said before",
        ) from error
