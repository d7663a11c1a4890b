"""The tables of a frontier in SQL, and the records read from their rows; SQLite and PostgreSQL read the same text."""

from collections.abc import Sequence
from typing import Any, Protocol

from crawler.frontier.seam import History, Lease, State
from crawler.outcome import Reason

SCHEMA_VERSION = 5
OUTLINKS = (
    "CREATE TABLE outlinks (source {url} PRIMARY KEY, round INTEGER NOT NULL, targets {bytes} NOT NULL)",
    "CREATE INDEX listed ON outlinks (round) WHERE round > 0",
)
"""Where pages, and in ``round`` sitemaps, lead to; see ``crawler.frontier.links``."""

SKETCHES = (
    "CREATE TABLE sketch (url {url} PRIMARY KEY, title TEXT NOT NULL, sketch {bytes} NOT NULL, owner {url})",
    "CREATE INDEX folded ON sketch (owner) WHERE owner IS NOT NULL",
    "CREATE TABLE sketch_band (band BIGINT NOT NULL, url {url} NOT NULL, PRIMARY KEY (band, url))",
)
"""What ``minhash.NearDuplicates`` knows of pages; ``title`` is a hash, ``owner`` the page this one repeats."""

SCHEMA = (
    """
CREATE TABLE url (
  id {serial},
  url {url} NOT NULL UNIQUE,
  origin TEXT NOT NULL,
  state TEXT NOT NULL,
  depth INTEGER NOT NULL,
  due_at DOUBLE PRECISION NOT NULL DEFAULT 0,
  worker INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  referrer TEXT,
  reason TEXT NOT NULL DEFAULT '',
  status INTEGER NOT NULL DEFAULT 0,
  etag TEXT,
  last_modified TEXT,
  content_hash TEXT,
  target TEXT,
  fetched_at DOUBLE PRECISION NOT NULL DEFAULT 0,
  round INTEGER NOT NULL DEFAULT 0,
  is_indexed INTEGER NOT NULL DEFAULT 0,
  ignores_canonical INTEGER NOT NULL DEFAULT 0,
  changed_at DOUBLE PRECISION NOT NULL DEFAULT 0,
  interval_s DOUBLE PRECISION NOT NULL DEFAULT 0,
  revisit_at DOUBLE PRECISION NOT NULL DEFAULT 0,
  lastmod DOUBLE PRECISION
)""",
    "CREATE INDEX waiting ON url (origin, depth, id) WHERE state = 'queued'",
    "CREATE INDEX held ON url (origin, due_at) WHERE worker IS NOT NULL",
    "CREATE INDEX same_content ON url (content_hash) WHERE content_hash IS NOT NULL",
    "CREATE INDEX visited ON url (round)",
    """
CREATE TABLE round (
  id {serial},
  seeds TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  started_at DOUBLE PRECISION NOT NULL,
  finished_at DOUBLE PRECISION,
  only_due INTEGER NOT NULL DEFAULT 0
)""",
    "CREATE TABLE round_origin (round INTEGER NOT NULL, origin TEXT NOT NULL, PRIMARY KEY (round, origin))",
    *SKETCHES,
    *OUTLINKS,
)
"""``worker`` holds a URL from its lease until it is recorded, and a page that was handed out until it is acknowledged.

``{serial}``, ``{url}`` and ``{bytes}`` stand for the types of a counted key, of a URL and of bytes.
"""

MIGRATIONS = {
    1: (
        "ALTER TABLE url ADD COLUMN changed_at REAL NOT NULL DEFAULT 0",
        "ALTER TABLE url ADD COLUMN interval_s REAL NOT NULL DEFAULT 0",
        "ALTER TABLE url ADD COLUMN revisit_at REAL NOT NULL DEFAULT 0",
        "ALTER TABLE url ADD COLUMN lastmod REAL",
        "ALTER TABLE round ADD COLUMN only_due INTEGER NOT NULL DEFAULT 0",
    ),
    2: (
        "DROP INDEX leased",
        "ALTER TABLE url ADD COLUMN worker INTEGER",
        "UPDATE url SET worker = 0 WHERE state IN ('leased', 'fetched')",
        "CREATE INDEX held ON url (origin, due_at) WHERE worker IS NOT NULL",
    ),
    3: SKETCHES,
    4: OUTLINKS,
}
"""What leads from each older schema to the next."""

LEASE_COLUMNS = (
    "url, depth, referrer, attempts, etag, last_modified, content_hash, is_indexed, ignores_canonical, reason, "
    "fetched_at, changed_at, interval_s, lastmod"
)
HISTORY_COLUMNS = (
    "url, state, reason, status, depth, referrer, attempts, etag, last_modified, content_hash, target, fetched_at, "
    "is_indexed, changed_at, interval_s, revisit_at, lastmod"
)
IN_ROUND = "origin IN (SELECT origin FROM round_origin WHERE round = ?)"
"""A condition: the URL belongs to a site of the round."""

Row = tuple[Any, ...]


class Answer(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int:
        """Rows that were changed, of all repetitions together."""
        ...

    def fetchone(self) -> Any:
        """The next row as a tuple; None at the end."""
        ...

    def fetchall(self) -> list[Any]:
        """All rows as tuples."""
        ...


class Statements(Protocol):
    """Runs SQL whose values are written ``?``."""

    def execute(self, statement: str, values: Sequence[Any] = ..., /) -> Answer:
        """Run a statement."""
        ...

    def executemany(self, statement: str, rows: Sequence[Sequence[Any]], /) -> Answer:
        """Run a statement once for each row of values."""
        ...


def lease_of(row: Row) -> Lease:
    """A row of LEASE_COLUMNS."""
    known = [*row]
    known[7:9] = map(bool, row[7:9])
    known[9] = Reason.stored(row[9])
    return Lease(*known)


def history_of(row: Row) -> History:
    """A row of HISTORY_COLUMNS."""
    known = [*row]
    known[1], known[2], known[12] = State(row[1]), Reason.stored(row[2]), bool(row[12])
    return History(*known)


def storable(validator: str | None) -> str | None:
    """A validator as it came; None for one with bytes that are no text, which could not be sent back either."""
    if validator is not None and ("\0" in validator or not validator.isascii()):
        try:
            validator.encode()
        except UnicodeEncodeError:
            return None
        return validator.replace("\0", "") or None
    return validator
