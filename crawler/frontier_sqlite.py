"""The frontier in one SQLite file: for one crawler process on one machine."""

import hashlib
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crawler.errors import FrontierError
from crawler.frontier import Found, History, Lease, Losses, State, Visit
from crawler.url import origin_of

SCHEMA_VERSION = 2
SCHEMA = """
CREATE TABLE url (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  origin TEXT NOT NULL,
  state TEXT NOT NULL,
  depth INTEGER NOT NULL,
  due_at REAL NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  referrer TEXT,
  reason TEXT NOT NULL DEFAULT '',
  status INTEGER NOT NULL DEFAULT 0,
  etag TEXT,
  last_modified TEXT,
  content_hash TEXT,
  target TEXT,
  fetched_at REAL NOT NULL DEFAULT 0,
  round INTEGER NOT NULL DEFAULT 0,
  is_indexed INTEGER NOT NULL DEFAULT 0,
  ignores_canonical INTEGER NOT NULL DEFAULT 0,
  changed_at REAL NOT NULL DEFAULT 0,
  interval_s REAL NOT NULL DEFAULT 0,
  revisit_at REAL NOT NULL DEFAULT 0,
  lastmod REAL
);
CREATE INDEX waiting ON url (origin, depth, id) WHERE state = 'queued';
CREATE INDEX leased ON url (origin, due_at) WHERE state = 'leased';
CREATE INDEX same_content ON url (content_hash) WHERE content_hash IS NOT NULL;
CREATE INDEX visited ON url (round);
CREATE TABLE round (
  id INTEGER PRIMARY KEY,
  seeds TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  started_at REAL NOT NULL,
  finished_at REAL,
  only_due INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE round_origin (round INTEGER NOT NULL, origin TEXT NOT NULL, PRIMARY KEY (round, origin)) WITHOUT ROWID;
"""
MIGRATIONS = {
    1: (
        "ALTER TABLE url ADD COLUMN changed_at REAL NOT NULL DEFAULT 0",
        "ALTER TABLE url ADD COLUMN interval_s REAL NOT NULL DEFAULT 0",
        "ALTER TABLE url ADD COLUMN revisit_at REAL NOT NULL DEFAULT 0",
        "ALTER TABLE url ADD COLUMN lastmod REAL",
        "ALTER TABLE round ADD COLUMN only_due INTEGER NOT NULL DEFAULT 0",
    )
}
"""What leads from each older schema to the next."""

RECENTLY_SEEN = 100_000
"""URLs kept in memory so that the links every page repeats cost no query (about 20 MB at most)."""


class SqliteFrontier:
    """``Frontier`` in the file ``path``; its folder is created. Only one crawler may use a file at a time."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self._lock = threading.RLock()
        self._seen: set[str] = set()
        self._round = 0
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None, timeout=10.0)
            self._open()
        except (OSError, sqlite3.Error) as error:
            raise FrontierError(
                f"The crawl state {self.path} cannot be opened: {error}",
                "Check that the folder exists, is writable and has free space, and that no other crawl is using it",
            ) from error

    def _open(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        # NORMAL loses no committed step when the process dies; only a power cut may lose the last ones, which
        # are then fetched again.
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("BEGIN IMMEDIATE")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            for statement in SCHEMA.split(";\n"):
                self._db.execute(statement)
        for older in range(version or SCHEMA_VERSION, SCHEMA_VERSION):
            for statement in MIGRATIONS[older]:
                self._db.execute(statement)
        if version < SCHEMA_VERSION:
            self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        self._db.execute("COMMIT")
        if version > SCHEMA_VERSION:
            raise FrontierError(
                f"The crawl state {self.path} has schema {version}; this version reads {SCHEMA_VERSION}",
                "Delete the file to crawl from scratch",
            )

    @contextmanager
    def _step(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield self._db
                except BaseException:
                    self._db.execute("ROLLBACK")
                    raise
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                raise FrontierError(
                    f"The crawl state {self.path} cannot be written: {error}", "Check free space and permissions"
                ) from error

    def begin(self, seeds: Sequence[str], fingerprint: str, *, only_due: bool = False) -> bool:
        """Resume or open the round of these seeds, and queue what it has to visit."""
        key = hashlib.sha256("\n".join(sorted(seeds)).encode()).hexdigest()
        with self._step() as db:
            last = db.execute(
                "SELECT id, finished_at, fingerprint, only_due FROM round WHERE seeds = ? ORDER BY id DESC LIMIT 1",
                (key,),
            ).fetchone()
            is_changed = last is not None and last[2] != fingerprint
            only_due = only_due and last is not None and not is_changed
            is_resumed = last is not None and last[1] is None and (only_due or not last[3])
            if is_resumed:
                self._round = last[0]
                db.execute("UPDATE round SET fingerprint = ? WHERE id = ?", (fingerprint, self._round))
            else:
                opened = db.execute(
                    "INSERT INTO round (seeds, fingerprint, started_at, only_due) VALUES (?, ?, ?, ?)",
                    (key, fingerprint, time.time(), only_due),
                )
                self._round = opened.lastrowid or 0
            self._widen(db, [origin_of(seed) for seed in seeds])
            self._queue_unfinished(db)
            if not is_resumed:
                self._queue_known(db, time.time() if only_due else float("inf"))
            if is_changed:
                db.execute(
                    "UPDATE url SET etag = NULL, last_modified = NULL "
                    "WHERE origin IN (SELECT origin FROM round_origin WHERE round = ?)",
                    (self._round,),
                )
            self._insert(db, [Found(seed, 0) for seed in seeds])
            db.executemany("UPDATE url SET depth = 0 WHERE url = ?", [(seed,) for seed in seeds])
        return is_resumed

    def _queue_unfinished(self, db: sqlite3.Connection) -> None:
        """What a crash left behind: leases, and pages whose storing was never acknowledged."""
        db.execute(
            "UPDATE url SET state = 'queued', due_at = 0 WHERE state = 'leased' "
            "AND origin IN (SELECT origin FROM round_origin WHERE round = ?)",
            (self._round,),
        )
        db.execute(
            "UPDATE url SET state = 'queued', due_at = 0, etag = NULL, last_modified = NULL, content_hash = NULL "
            "WHERE state = 'fetched' AND origin IN (SELECT origin FROM round_origin WHERE round = ?)",
            (self._round,),
        )

    def _queue_known(self, db: sqlite3.Connection, due_at_s: float) -> None:
        db.execute(
            "UPDATE url SET state = 'queued', due_at = 0, attempts = 0, ignores_canonical = 0 "
            "WHERE state <> 'queued' AND revisit_at <= ? "
            "AND origin IN (SELECT origin FROM round_origin WHERE round = ?)",
            (due_at_s, self._round),
        )

    def _widen(self, db: sqlite3.Connection, origins: Sequence[str]) -> None:
        db.executemany(
            "INSERT OR IGNORE INTO round_origin (round, origin) VALUES (?, ?)",
            [(self._round, origin) for origin in origins],
        )

    def add(self, found: Sequence[Found]) -> int:
        """Queue the URLs not seen before."""
        with self._step() as db:
            return self._insert(db, found)

    def _date(self, db: sqlite3.Connection, found: Sequence[Found]) -> None:
        dated = [(item.lastmod_s, item.url) for item in found if item.lastmod_s is not None]
        if dated:
            db.executemany("UPDATE url SET lastmod = ? WHERE url = ?", dated)
            db.executemany(
                "UPDATE url SET state = 'queued', due_at = 0, attempts = 0 WHERE fetched_at < ? AND url = ? "
                "AND state IN ('done', 'failed', 'gone') AND round <> ?",
                [(*pair, self._round) for pair in dated],
            )

    def _insert(self, db: sqlite3.Connection, found: Sequence[Found]) -> int:
        self._date(db, found)
        new = [item for item in found if item.url not in self._seen]
        if not new:
            return 0
        before = db.total_changes
        db.executemany(
            "INSERT OR IGNORE INTO url (url, origin, state, depth, referrer, lastmod) VALUES (?, ?, 'queued', ?, ?, ?)",
            [(item.url, origin_of(item.url), item.depth, item.referrer, item.lastmod_s) for item in new],
        )
        added = db.total_changes - before
        self._widen(db, [origin_of(item.url) for item in new if item.depth == 0])
        if len(self._seen) > RECENTLY_SEEN:
            self._seen.clear()
        self._seen.update(item.url for item in new)
        return added

    def origins(self) -> tuple[str, ...]:
        """Origins of the seeds and of what they redirect to."""
        with self._lock:
            rows = self._db.execute("SELECT origin FROM round_origin WHERE round = ? ORDER BY origin", (self._round,))
            return tuple(row[0] for row in rows)

    def next(self, origin: str, limit: int, lease_s: float) -> list[Lease]:
        """Lease up to ``limit`` due URLs of ``origin``, the shallowest first."""
        now = time.time()
        with self._step() as db:
            db.execute(
                "UPDATE url SET state = 'queued', due_at = 0 WHERE state = 'leased' AND origin = ? AND due_at < ?",
                (origin, now),
            )
            rows = db.execute(
                "SELECT id, url, depth, referrer, attempts, etag, last_modified, content_hash, is_indexed, "
                "ignores_canonical, reason, fetched_at, changed_at, interval_s, lastmod FROM url "
                "WHERE state = 'queued' AND origin = ? AND due_at <= ? "
                "ORDER BY depth, id LIMIT ?",
                (origin, now, limit),
            ).fetchall()
            db.executemany(
                "UPDATE url SET state = 'leased', due_at = ? WHERE id = ?", [(now + lease_s, row[0]) for row in rows]
            )
        return [_lease(row[1:]) for row in rows]

    def record(self, visit: Visit, found: Sequence[Found] = ()) -> None:
        """Store what became of a leased URL, and queue what it links to, in one transaction."""
        with self._step() as db:
            db.execute(
                "UPDATE url SET state = ?, reason = ?, status = ?, etag = ?, last_modified = ?, content_hash = ?, "
                "target = ?, fetched_at = ?, changed_at = ?, interval_s = ?, revisit_at = ?, round = ?, due_at = 0 "
                "WHERE url = ?",
                (
                    visit.state.value,
                    visit.reason,
                    visit.status,
                    visit.etag,
                    visit.last_modified,
                    visit.content_hash,
                    visit.target,
                    visit.fetched_at_s,
                    visit.changed_at_s,
                    visit.interval_s,
                    visit.fetched_at_s + visit.interval_s,
                    self._round,
                    visit.url,
                ),
            )
            self._insert(db, found)

    def unchanged(self, url: str, fetched_at_s: float, interval_s: float = 0.0) -> None:
        """Keep what is known of a leased URL and note the visit."""
        with self._step() as db:
            db.execute(
                "UPDATE url SET state = 'done', due_at = 0, fetched_at = ?, interval_s = ?, revisit_at = ?, round = ? "
                "WHERE url = ?",
                (fetched_at_s, interval_s, fetched_at_s + interval_s, self._round, url),
            )

    def retry(self, url: str, after_s: float) -> None:
        """Queue a leased URL again, due later."""
        with self._step() as db:
            db.execute(
                "UPDATE url SET state = 'queued', due_at = ?, attempts = attempts + 1 WHERE url = ?",
                (time.time() + after_s, url),
            )

    def release(self, urls: Sequence[str]) -> None:
        """Give leases back."""
        with self._step() as db:
            db.executemany(
                "UPDATE url SET state = 'queued', due_at = 0 WHERE url = ? AND state = 'leased'", [(u,) for u in urls]
            )

    def acknowledge(self, urls: Sequence[str]) -> None:
        """Stored pages are done and indexed; removed ones are gone for good."""
        with self._step() as db:
            db.executemany(
                "UPDATE url SET state = 'done', is_indexed = 1 WHERE url = ? AND state = 'fetched'",
                [(u,) for u in urls],
            )
            db.executemany("UPDATE url SET is_indexed = 0 WHERE url = ? AND state = 'gone'", [(u,) for u in urls])

    def losses(self) -> Losses:
        """Removals of this round's origins that wait, and what moved."""
        gone = "state = 'gone' AND is_indexed = 1 AND origin IN (SELECT origin FROM round_origin WHERE round = :round)"
        with self._lock:
            removals, moved, indexed = self._db.execute(
                f"SELECT (SELECT COUNT(*) FROM url WHERE {gone}), "  # noqa: S608 - a constant of ours
                f"(SELECT COUNT(DISTINCT target) FROM url WHERE {gone} AND EXISTS (SELECT 1 FROM url AS other "
                "WHERE other.url = url.target AND other.reason = 'page' AND other.state IN ('fetched', 'done'))), "
                "(SELECT COUNT(*) FROM url WHERE is_indexed = 1 "
                "AND origin IN (SELECT origin FROM round_origin WHERE round = :round))",
                {"round": self._round},
            ).fetchone()
        return Losses(removals, moved, indexed)

    def removals(self, after: str, limit: int) -> list[tuple[str, str]]:
        """The next removals that wait."""
        with self._lock:
            return self._db.execute(
                "SELECT url, reason FROM url WHERE state = 'gone' AND is_indexed = 1 AND url > ? "
                "AND origin IN (SELECT origin FROM round_origin WHERE round = ?) ORDER BY url LIMIT ?",
                (after, self._round, limit),
            ).fetchall()

    def next_due_s(self, origins: Sequence[str] = ()) -> float | None:
        """Seconds until a known page is due; what was never visited or is unfinished is due now."""
        of_origins = f"WHERE origin IN ({', '.join('?' * len(origins))})" if origins else ""
        with self._lock:
            row = self._db.execute(
                "SELECT MIN(CASE WHEN state IN ('done', 'failed', 'gone') THEN revisit_at ELSE 0 END) "  # noqa: S608 - marks
                f"FROM url {of_origins}",
                tuple(origins),
            ).fetchone()
        return None if row[0] is None else max(0.0, float(row[0]) - time.time())

    def owner(self, content_hash: str, url: str) -> str | None:
        """The URL that was handed out first with this content."""
        with self._lock:
            row = self._db.execute(
                "SELECT url FROM url WHERE content_hash = ? AND url <> ? AND reason = 'page' "
                "AND (state IN ('done', 'fetched') OR is_indexed = 1) ORDER BY id LIMIT 1",
                (content_hash, url),
            ).fetchone()
        return row[0] if row else None

    def revive(self) -> int:
        """Queue pages folded into a canonical or an original that gave no page."""
        with self._step() as db:
            return db.execute(
                "UPDATE url SET state = 'queued', due_at = 0, ignores_canonical = 1, etag = NULL, "
                "last_modified = NULL, content_hash = NULL "
                "WHERE state IN ('done', 'gone') AND reason IN ('canonical', 'duplicate') "
                "AND origin IN (SELECT origin FROM round_origin WHERE round = ?) "
                "AND ignores_canonical = 0 AND NOT EXISTS (SELECT 1 FROM url AS other "
                "WHERE other.url = url.target AND other.state IN ('queued', 'leased', 'fetched', 'done') "
                "AND other.reason IN ('page', 'duplicate', ''))",
                (self._round,),
            ).rowcount

    def due_in_s(self, origin: str) -> float | None:
        """Seconds until something of ``origin`` is due."""
        with self._lock:
            row = self._db.execute(
                "SELECT MIN(due_at) FROM url WHERE state = 'queued' AND origin = ?", (origin,)
            ).fetchone()
        return None if row[0] is None else max(0.0, float(row[0]) - time.time())

    def history(self, url: str) -> History | None:
        """What is known of one URL."""
        with self._lock:
            row = self._db.execute(
                "SELECT url, state, reason, status, depth, referrer, attempts, etag, last_modified, content_hash, "
                "target, fetched_at, is_indexed, changed_at, interval_s, revisit_at, lastmod FROM url WHERE url = ?",
                (url,),
            ).fetchone()
        return _history(row) if row else None

    def counts(self) -> dict[State, int]:
        """How many URLs stand in each state."""
        with self._lock:
            rows = dict(self._db.execute("SELECT state, COUNT(*) FROM url GROUP BY state").fetchall())
        return {state: rows.get(state.value, 0) for state in State}

    def visited(self) -> int:
        """URLs visited in this round."""
        with self._lock:
            return int(self._db.execute("SELECT COUNT(*) FROM url WHERE round = ?", (self._round,)).fetchone()[0])

    def finish(self) -> None:
        """Close the round."""
        with self._step() as db:
            db.execute("UPDATE round SET finished_at = ? WHERE id = ?", (time.time(), self._round))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()


def _lease(row: tuple[Any, ...]) -> Lease:
    known = [*row]
    known[7:9] = map(bool, row[7:9])
    return Lease(*known)


def _history(row: tuple[Any, ...]) -> History:
    return History(
        url=row[0],
        state=State(row[1]),
        reason=row[2],
        status=row[3],
        depth=row[4],
        referrer=row[5],
        attempts=row[6],
        etag=row[7],
        last_modified=row[8],
        content_hash=row[9],
        target=row[10],
        fetched_at_s=row[11],
        is_indexed=bool(row[12]),
        changed_at_s=row[13],
        interval_s=row[14],
        revisit_at_s=row[15],
        lastmod_s=row[16],
    )
