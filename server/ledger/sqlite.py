"""The memory of runs in a SQLite file, for all processes of one machine."""

import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from indexer.errors import StoreUnavailable
from server.ledger.json import from_json, timing_from_json, timing_to_json, to_json
from server.ledger.record import Hold, Record, Timing

SCHEMA = """
CREATE TABLE IF NOT EXISTS run (site TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS timing (site TEXT PRIMARY KEY, timing TEXT NOT NULL) WITHOUT ROWID;
"""
BUSY_S = 10.0


class SqliteLedger:
    """``Ledger`` in the file ``path``; its folder is created.

    A hold is a lock of the operating system on a file beside it: freed when its process ends, whatever the clock says.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=BUSY_S)
            self._db.executescript(SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise self._unavailable(error) from error

    def record(self, name: str) -> Record:
        """What is known of a site."""
        with self._lock:
            try:
                return self._read(name)
            except sqlite3.Error as error:
                raise self._unavailable(error) from error

    def put(self, record: Record, seen: Record) -> bool:
        """Compare and store in one transaction."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    is_same = to_json(self._read(record.name)) == to_json(seen)
                    if is_same:
                        self._db.execute("INSERT OR REPLACE INTO run VALUES (?, ?)", (record.name, to_json(record)))
                finally:
                    self._db.execute("COMMIT")
            except sqlite3.Error as error:
                raise self._unavailable(error) from error
        return is_same

    def timing(self, name: str) -> Timing:
        """What was decided about a site last."""
        with self._lock:
            try:
                row = self._db.execute("SELECT timing FROM timing WHERE site = ?", (name,)).fetchone()
            except sqlite3.Error as error:
                raise self._unavailable(error) from error
        return timing_from_json(row[0] if row else None)

    def decide(self, name: str, timing: Timing) -> None:
        """Store it."""
        with self._lock:
            try:
                self._db.execute("INSERT OR REPLACE INTO timing VALUES (?, ?)", (name, timing_to_json(timing)))
            except sqlite3.Error as error:
                raise self._unavailable(error) from error

    @contextmanager
    def hold(self, name: str) -> Iterator[Hold | None]:
        """Lock the file of this site."""
        file = self._locked(name)
        try:
            yield None if file is None else FileHold()
        finally:
            if file is not None:
                file.close()

    def is_held(self, name: str) -> bool:
        """Whether the file of this site is locked."""
        if not self._lock_file(name).exists():
            return False
        with self.hold(name) as held:
            return held is None

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def _locked(self, name: str) -> BinaryIO | None:
        import fcntl

        try:
            file = self._lock_file(name).open("ab")
        except OSError as error:
            raise self._unavailable(error) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        except OSError as error:
            file.close()
            raise self._unavailable(error) from error
        return file

    def _read(self, name: str) -> Record:
        row = self._db.execute("SELECT record FROM run WHERE site = ?", (name,)).fetchone()
        return from_json(row[0]) if row else Record(name)

    def _lock_file(self, name: str) -> Path:
        # On a file system that does not tell upper from lower case, Docs and docs are two sites with one file.
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        return self._path.with_name(f"{self._path.stem}-{digest}.lock")

    def _unavailable(self, error: Exception) -> StoreUnavailable:
        return StoreUnavailable(
            f"The schedule's memory {self._path} cannot be used: {error}", "Check free space and permissions"
        )


class FileHold:
    """A locked file; the operating system keeps it locked until this process ends or lets go."""

    def is_lost(self) -> bool:
        """Never."""
        return False
