"""Answers that one worker kept, for the others: in a file of theirs, or in the broker where that is Redis."""

import logging
import sqlite3
from pathlib import Path
from typing import Any, Protocol

from crawler.errors import MissingExtra
from server.sharing.table import SharedTable

log = logging.getLogger(__name__)
SCHEMA = """
CREATE TABLE IF NOT EXISTS answer (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, body BLOB NOT NULL);
"""
EXPIRY_S = 86_400
"""Names hold the day, so that what is older is never asked for again."""

TIMEOUT_S = 0.5


class KeptAnswers(Protocol):
    """What was answered last. Promises: what is got is what was put under that name; thread-safe; never raises."""

    def get(self, name: str) -> bytes | None:
        """The answer of that name; None where none is kept, or the memory does not answer."""

    def put(self, name: str, answer: bytes) -> None:
        """Keep an answer, and forget the oldest of too many."""


class FileAnswers:
    """``KeptAnswers``, ``size`` of them, in a file for the workers of one server."""

    def __init__(self, path: Path, size: int) -> None:
        self._table = SharedTable(path, SCHEMA)
        self._size = size

    def get(self, name: str) -> bytes | None:
        """See ``KeptAnswers``."""
        try:
            row = self._table.reading().execute("SELECT body FROM answer WHERE name = ?", (name,)).fetchone()
        except sqlite3.Error as error:
            log.warning("answers of other workers are not known: %s", error)
            return None
        return bytes(row[0]) if row else None

    def put(self, name: str, answer: bytes) -> None:
        """See ``KeptAnswers``."""
        try:
            with self._table.changing() as db:
                # A new number: what is kept again is the newest again.
                db.execute("INSERT OR REPLACE INTO answer (name, body) VALUES (?, ?)", (name, answer))
                newest = "SELECT number FROM answer ORDER BY number DESC LIMIT ?"
                db.execute(f"DELETE FROM answer WHERE number NOT IN ({newest})", (self._size,))  # noqa: S608  # ours
        except sqlite3.Error as error:
            log.warning("an answer is kept in this worker alone: %s", error)

    def close(self) -> None:
        """Close the file."""
        self._table.close()


class RedisAnswers:
    """``KeptAnswers``, ``size`` of them, in Redis for all servers that share it."""

    def __init__(self, url: str, prefix: str, size: int) -> None:
        try:
            import redis
        except ImportError as error:
            raise MissingExtra("Keeping answers in Redis", "celery") from error
        self._errors = redis.RedisError
        self._redis: Any = redis.Redis.from_url(url, socket_connect_timeout=TIMEOUT_S, socket_timeout=TIMEOUT_S)
        self._prefix, self._size = prefix, size

    def get(self, name: str) -> bytes | None:
        """See ``KeptAnswers``."""
        try:
            found: bytes | None = self._redis.get(self._key(name))
        except self._errors as error:
            log.warning("answers of other processes are not known: %s", error)
            return None
        return found

    def put(self, name: str, answer: bytes) -> None:
        """See ``KeptAnswers``."""
        order = f"{self._prefix}:order"
        try:
            with self._redis.pipeline(transaction=True) as steps:
                steps.set(self._key(name), answer, ex=EXPIRY_S)
                steps.lrem(order, 0, name)
                steps.lpush(order, name)
                steps.expire(order, EXPIRY_S)
                steps.lrange(order, self._size, -1)
                steps.ltrim(order, 0, self._size - 1)
                too_many = steps.execute()[4]
            if too_many:
                self._redis.delete(*(self._key(old.decode()) for old in too_many))
        except self._errors as error:
            log.warning("an answer is kept in this process alone: %s", error)

    def close(self) -> None:
        """Give the connections back."""
        self._redis.close()

    def _key(self, name: str) -> str:
        return f"{self._prefix}:{name}"
