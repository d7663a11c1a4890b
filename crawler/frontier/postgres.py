"""The frontier in PostgreSQL: many crawlers on several machines share one crawl.

Who is alive is known by a lock that every connection holds on its worker's number: PostgreSQL releases it when the
process or the connection ends, and what that worker held is handed out again, at the latest when its leases expire.
"""

import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from crawler.errors import FrontierError
from crawler.frontier.postgres_tables import PostgresStatements, connect, make_tables, mapped_errors, place_of
from crawler.frontier.rows import Statements
from crawler.frontier.seam import Discovery, Turn
from crawler.frontier.sql import SqlFrontier
from crawler.urls.url import origin_of

MAX_URL_CHARS = 2600
"""A B-tree of PostgreSQL takes keys up to a third of a page of 8 kB."""

POLL_S = 0.25
"""How often a worker with nothing to do looks whether others have found something."""

_CLOCK = "extract(epoch FROM clock_timestamp())::float8"
_NAMESPACE = re.compile(r"[a-z][a-z0-9_]{0,62}")


class PostgresFrontier(SqlFrontier):
    """``Frontier`` in the database ``url``, in tables of its own under ``namespace``; one worker in a crawl of many.

    Connects directly: a pooler that hands out another connection for each transaction would lose the worker's lock.
    Raises FrontierError when psycopg is missing or the database cannot be reached.
    """

    LOCK_ROWS = " FOR UPDATE SKIP LOCKED"

    def __init__(self, url: str, namespace: str = "recollect") -> None:
        super().__init__()
        if not _NAMESPACE.fullmatch(namespace):
            raise FrontierError(f"{namespace!r} is no name of a schema", "Use small letters, digits and _")
        self._namespace = namespace
        self._lock = threading.RLock()
        self._connection = connect(url)
        self._db = PostgresStatements(self._connection)
        self._place = place_of(url)
        try:
            self._open()
        except FrontierError:
            self._connection.close()
            raise

    def _open(self) -> None:
        with self._step() as db:
            self._lock_rounds(db)
            db.execute(f"CREATE SCHEMA IF NOT EXISTS {self._namespace}")
            db.execute(f"SET search_path TO {self._namespace}")
            make_tables(self._db, self._place)
        with self._reading() as db:
            self._worker = db.execute("SELECT nextval('worker')::integer").fetchone()[0]
            db.execute("SELECT pg_advisory_lock(hashtext(?), ?)", (self._namespace, self._worker))
            before = time.time()
            clock: float = db.execute(f"SELECT {_CLOCK}").fetchone()[0]
            self._ahead_s = clock - (before + time.time()) / 2

    @contextmanager
    def _step(self) -> Iterator[Statements]:
        with self._reading() as db, self._connection.transaction():
            yield db

    @contextmanager
    def _reading(self) -> Iterator[Statements]:
        with self._lock, mapped_errors(self._place):
            yield self._db

    def _now(self) -> float:
        return time.time() + self._ahead_s

    def _abandoned(self, db: Statements) -> str:
        return f"worker = {self._worker} OR worker NOT IN ({self._living(db)})"

    def _living(self, db: Statements) -> str:
        """Numbers of the workers whose connection is open, as SQL; this one's at least."""
        locks = db.execute(
            "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted "
            "AND classid::bigint = hashtext(?)::bigint & 4294967295 "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            (self._namespace,),
        )
        return ", ".join(str(row[0]) for row in locks.fetchall())

    def _lock_rounds(self, db: Statements) -> None:
        # Workers count from 1.
        db.execute("SELECT pg_advisory_xact_lock(hashtext(?), 0)", (self._namespace,))

    def _lock_sketches(self, db: Statements) -> None:
        db.execute("SELECT pg_advisory_xact_lock(hashtext(?), -1)", (self._namespace,))

    def _join(self, db: Statements) -> None:
        db.execute("INSERT INTO round_worker VALUES (?, ?) ON CONFLICT DO NOTHING", (self._round, self._worker))

    def _leave(self, db: Statements) -> bool:
        """The last one closes the round, unless a page is left that a dead worker fetched and nobody stored."""
        db.execute("DELETE FROM round_worker WHERE round = ? AND worker = ?", (self._round, self._worker))
        row = db.execute(
            "SELECT EXISTS (SELECT 1 FROM url WHERE state = 'fetched' AND worker <> ? AND round = ?) "  # noqa: S608
            f"OR EXISTS (SELECT 1 FROM round_worker WHERE round = ? AND worker IN ({self._living(db)}))",
            (self._worker, self._round, self._round),
        ).fetchone()
        return not row[0]

    def _insert_rows(self, db: Statements, found: Sequence[Discovery]) -> int:
        """Numbered as discovered, but inserted in the order of URLs: workers that find the same ones never deadlock."""
        columns = [
            [item.url for item in found],
            [origin_of(item.url) for item in found],
            [item.depth for item in found],
            [item.referrer for item in found],
            [item.lastmod_s for item in found],
        ]
        return db.execute(
            "WITH new AS MATERIALIZED (SELECT nextval(pg_get_serial_sequence('url', 'id')) AS id, found.* "
            "FROM unnest(?::text[], ?::text[], ?::int[], ?::text[], ?::float8[]) "
            "AS found (url, origin, depth, referrer, lastmod) "
            "WHERE NOT EXISTS (SELECT 1 FROM url WHERE url.url = found.url)) "
            "INSERT INTO url (id, url, origin, state, depth, referrer, lastmod) "
            "SELECT id, url, origin, 'queued', depth, referrer, lastmod FROM new ORDER BY url COLLATE \"C\" "
            "ON CONFLICT DO NOTHING",
            columns,
        ).rowcount

    def claim(self, content_hash: str, url: str) -> str | None:
        """The URL that was handed out first with this content; without one, ``url`` claims it before all others."""
        with self._step() as db:
            db.execute("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", (content_hash,))
            owner = self._owner(db, content_hash, url)
            if owner is None:
                claim = "UPDATE url SET content_hash = ?, reason = 'page' WHERE url = ? AND state = 'leased'"
                db.execute(claim, (content_hash, url))
        return owner

    def due_in_s(self, origin: str) -> float | None:
        """Seconds until something of ``origin`` is due; short while others may still find something there."""
        due_s = super().due_in_s(origin)
        if due_s is not None:
            return due_s
        with self._step() as db:
            if self._free(db, f"origin = ? AND worker NOT IN ({self._living(db)})", origin):
                return 0.0
            row = db.execute(
                "SELECT EXISTS (SELECT 1 FROM url WHERE state = 'leased' AND worker <> ? AND origin = ?) "
                "OR EXISTS (SELECT 1 FROM url WHERE state = 'queued' AND origin = ?)",
                (self._worker, origin, origin),
            ).fetchone()
        return POLL_S if row[0] else None

    def reserve(self, origin: str, delay_s: float) -> Turn:
        """Start a request now, or say how long to wait; all workers stand in one line."""
        with self._reading() as db:
            granted = db.execute(
                f"INSERT INTO host (origin, next_at) VALUES (?, {_CLOCK} + ?) "  # noqa: S608
                f"ON CONFLICT (origin) DO UPDATE SET next_at = {_CLOCK} + GREATEST(host.delay_s, ?) "
                f"WHERE host.next_at <= {_CLOCK} RETURNING delay_s",
                (origin, delay_s, delay_s),
            ).fetchone()
            if granted is not None:
                return Turn(0.0, max(delay_s, granted[0]))
            waiting = f"SELECT next_at - {_CLOCK}, delay_s FROM host WHERE origin = ?"  # noqa: S608
            wait_s, slowed_s = db.execute(waiting, (origin,)).fetchone()
        return Turn(max(wait_s, 0.001), max(delay_s, slowed_s))

    def slow_down(self, origin: str, delay_s: float, wait_s: float) -> None:
        """Keep this delay from now on, and let nobody ask before ``wait_s`` are over."""
        with self._reading() as db:
            db.execute(
                f"INSERT INTO host (origin, delay_s, next_at) VALUES (?, ?, {_CLOCK} + ?) "  # noqa: S608
                "ON CONFLICT (origin) DO UPDATE SET delay_s = EXCLUDED.delay_s, "
                "next_at = GREATEST(host.next_at, EXCLUDED.next_at)",
                (origin, delay_s, wait_s),
            )

    def forget(self) -> None:
        """Forget all crawls, unless another worker is in the middle of one."""
        with self._step() as db:
            self._lock_rounds(db)
            others = f"SELECT 1 FROM round_worker WHERE worker <> ? AND worker IN ({self._living(db)})"  # noqa: S608
            if db.execute(others, (self._worker,)).fetchone() is None:
                db.execute("TRUNCATE url, round, round_origin, round_worker, host, sketch, sketch_band, outlinks")

    def take_place_of(self, namespace: str) -> None:
        """Rename these tables to ``namespace``, whose present ones are dropped; this frontier is then closed."""
        with self._step() as db:
            db.execute(f"DROP SCHEMA IF EXISTS {namespace} CASCADE")
            db.execute(f"ALTER SCHEMA {self._namespace} RENAME TO {namespace}")
        self.close()

    def close(self) -> None:
        """End the connection; what this worker still holds is handed out again."""
        with self._lock:
            if not self._connection.closed:
                with mapped_errors(self._place):
                    self._db.execute("SELECT pg_advisory_unlock_all()")
                self._connection.close()
