"""The API keys of one installation, in a SQLite file beside the index."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from indexer.errors import StoreUnavailable
from server.doors.key import Key, check_key, normal_origin
from server.doors.owned import make_owned
from server.doors.scope import Scope
from server.doors.secret import hash_of, make_secret

SCHEMA = """CREATE TABLE IF NOT EXISTS key (
  key_id TEXT PRIMARY KEY, hash TEXT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL, groups TEXT NOT NULL,
  sites TEXT NOT NULL, origins TEXT NOT NULL, created_at TEXT NOT NULL, expires_at TEXT, revoked_at TEXT,
  sources TEXT NOT NULL DEFAULT '[]'
) WITHOUT ROWID"""
BUSY_S = 10.0


class KeyFile:
    """Keys in the file ``path``, which is made with the first one. Each call reads it anew, so what another process
    creates or revokes counts at once. Raises StoreUnavailable.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def path(self) -> Path:
        """Where it is, or will be."""
        return self._path

    def create(
        self,
        name: str,
        scopes: Sequence[Scope],
        *,
        groups: Sequence[str] = (),
        sites: Sequence[str] = (),
        origins: Sequence[str] = (),
        sources: Sequence[str] = (),
        expires_at: datetime | None = None,
    ) -> tuple[Key, str]:
        """The record and the key itself, which is told this once. Raises BadInput, see ``check_key``."""
        check_key(scopes, groups, origins)
        key_id, secret = make_secret()
        key = Key(
            key_id,
            hash_of(secret),
            name,
            tuple(dict.fromkeys(scopes)),
            tuple(groups),
            tuple(site.lower() for site in sites),
            tuple(dict.fromkeys(map(normal_origin, origins))),
            datetime.now(UTC),
            expires_at,
            sources=tuple(dict.fromkeys(sources)),
        )
        make_owned(self._path)
        with self._opened() as db:
            db.execute(SCHEMA)
            _bring_up_to_date(db)
            db.execute("INSERT INTO key VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _row(key))
        return key, secret

    def get(self, key_id: str) -> Key | None:
        """The key of this id, whether it is usable or not."""
        return next(iter(self._select("WHERE key_id = ?", key_id)), None)

    def all(self) -> list[Key]:
        """All keys, oldest first."""
        return self._select("ORDER BY created_at, key_id")

    def is_empty(self) -> bool:
        """Whether no key was ever made."""
        return not self._select("LIMIT 1")

    def revoke(self, key_id: str) -> bool:
        """End a key for good; False where there is none of this id. One that is revoked keeps its time."""
        if not self._path.exists():
            return False
        with self._opened() as db:
            now = datetime.now(UTC).isoformat()
            changed = db.execute("UPDATE key SET revoked_at = COALESCE(revoked_at, ?) WHERE key_id = ?", (now, key_id))
            return changed.rowcount > 0

    def _select(self, rest: str, *values: str) -> list[Key]:
        # An empty file is one whose first key is being written.
        if not self._path.exists() or not self._path.stat().st_size:
            return []
        with self._opened() as db:
            return [_key(row) for row in db.execute(f"SELECT * FROM key {rest}", values)]  # noqa: S608  # our own text

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=BUSY_S)) as db, db:
                yield db
        except sqlite3.Error as error:
            raise StoreUnavailable(f"The API keys in {self._path} cannot be read or written: {error}") from error


def _bring_up_to_date(db: sqlite3.Connection) -> None:
    """A file of an older version gets what was added since."""
    if "sources" not in {column[1] for column in db.execute("PRAGMA table_info(key)")}:
        db.execute("ALTER TABLE key ADD COLUMN sources TEXT NOT NULL DEFAULT '[]'")


def _row(key: Key) -> tuple[str | None, ...]:
    lists = (json.dumps(values) for values in (key.scopes, key.groups, key.sites, key.origins))
    times = (time.isoformat() if time else None for time in (key.created_at, key.expires_at, key.revoked_at))
    return (key.key_id, key.hash, key.name, *lists, *times, json.dumps(key.sources))


def _key(row: Sequence[str]) -> Key:
    key_id, known, name, scopes, groups, sites, origins, *times = row
    created, expires, revoked = (datetime.fromisoformat(time) if time else None for time in times[:3])
    # A file of an older version has no sources.
    sources = times[3] if len(times) > 3 else "[]"
    assert created is not None
    known_scopes = {str(scope) for scope in Scope}
    return Key(
        key_id,
        known,
        name,
        # A scope of a newer version opens nothing here.
        tuple(Scope(scope) for scope in json.loads(scopes) if scope in known_scopes),
        tuple(json.loads(groups)),
        tuple(json.loads(sites)),
        tuple(json.loads(origins)),
        created,
        expires,
        revoked,
        tuple(json.loads(sources)),
    )
