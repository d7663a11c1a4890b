"""The API keys as they are now, read again only when another process or thread has changed them."""

import sqlite3
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from indexer.errors import StoreUnavailable
from server.doors.key import Key
from server.doors.keys import BUSY_S, KeyFile


class KnownKeys:
    """What ``KeyFile`` holds, at a hundredth of the cost; what is created or revoked elsewhere counts at once.

    SQLite counts the changes of a file (``PRAGMA data_version``), which is asked before each answer. Thread-safe.
    Raises StoreUnavailable.
    """

    def __init__(self, file: KeyFile) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None
        self._place: tuple[int, int] | None = None
        self._version = -1
        self._keys: Mapping[str, Key] = {}
        self._by_origin: Mapping[str, tuple[Key, ...]] = {}

    def get(self, key_id: str) -> Key | None:
        """The key of this id, whether it is usable or not."""
        with self._lock:
            self._look()
            return self._keys.get(key_id)

    def is_empty(self) -> bool:
        """Whether no key was ever made."""
        with self._lock:
            self._look()
            return not self._keys

    def is_origin_of_one(self, origin: str, now: datetime) -> bool:
        """Whether a key that is usable now is bound to pages of this origin."""
        with self._lock:
            self._look()
            found = self._by_origin.get(origin, ())
        return any(key.is_usable(now) for key in found)

    def close(self) -> None:
        """Close the file; safe to call twice."""
        with self._lock:
            self._let_go()

    def _look(self) -> None:
        """Read the keys where they have changed."""
        place = _place(self._file.path)
        if place != self._place:
            # Another file under the name, or none: what is known of the last one counts for nothing.
            self._let_go()
            self._place = place
        if place is None:
            return
        try:
            if self._db is None:
                self._db = sqlite3.connect(self._file.path, timeout=BUSY_S, check_same_thread=False)
            (version,) = self._db.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error as error:
            raise StoreUnavailable(f"The API keys in {self._file.path} cannot be read: {error}") from error
        if version == self._version:
            return
        # The number is older than what is read, so that a change in between is seen the next time.
        keys = self._file.all()
        by_origin: dict[str, tuple[Key, ...]] = {}
        for key in keys:
            for origin in key.origins:
                by_origin[origin] = (*by_origin.get(origin, ()), key)
        self._keys, self._by_origin = {key.key_id: key for key in keys}, by_origin
        self._version = version

    def _let_go(self) -> None:
        if self._db is not None:
            self._db.close()
        self._db, self._place, self._version = None, None, -1
        self._keys, self._by_origin = {}, {}


def _place(path: Path) -> tuple[int, int] | None:
    """Which file it is; None where there is none, or one that is being made just now."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return (found.st_dev, found.st_ino) if found.st_size else None
