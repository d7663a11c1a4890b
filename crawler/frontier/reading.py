"""What a frontier in SQL can tell without changing anything."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager

from crawler.frontier.rows import HISTORY_COLUMNS, IN_ROUND, Statements, history_of
from crawler.frontier.seam import History, Holdings, Losses, State
from crawler.outcome import Reason


class SqlFrontierReading(ABC):
    """The questions of ``Frontier``."""

    def __init__(self) -> None:
        self._round = 0

    @abstractmethod
    def _reading(self) -> AbstractContextManager[Statements]:
        """For single queries. Raises FrontierError."""

    @abstractmethod
    def _now(self) -> float:
        """Seconds since 1970 by the one clock that all workers share."""

    def origins(self) -> tuple[str, ...]:
        """Origins of the seeds and of what they redirect to."""
        with self._reading() as db:
            rows = db.execute("SELECT origin FROM round_origin WHERE round = ? ORDER BY origin", (self._round,))
            return tuple(row[0] for row in rows.fetchall())

    def _owner(self, db: Statements, content_hash: str, url: str) -> str | None:
        row = db.execute(
            "SELECT url FROM url WHERE content_hash = ? AND url <> ? AND reason = 'page' "
            "AND (state IN ('leased', 'fetched', 'done') OR is_indexed = 1) ORDER BY id LIMIT 1",
            (content_hash, url),
        ).fetchone()
        return str(row[0]) if row else None

    def losses(self) -> Losses:
        """Removals of this round's origins that wait, and what moved."""
        removals = f"state = 'gone' AND is_indexed = 1 AND {IN_ROUND}"
        with self._reading() as db:
            row = db.execute(
                f"SELECT (SELECT COUNT(*) FROM url WHERE {removals}), "  # noqa: S608
                f"(SELECT COUNT(DISTINCT target) FROM url WHERE {removals} AND EXISTS (SELECT 1 FROM url AS other "
                "WHERE other.url = url.target AND other.reason = 'page' AND other.state IN ('fetched', 'done'))), "
                f"(SELECT COUNT(*) FROM url WHERE is_indexed = 1 AND {IN_ROUND})",
                (self._round,) * 3,
            ).fetchone()
        return Losses(*row)

    def removals(self, after: str, limit: int) -> list[tuple[str, Reason]]:
        """The next removals that wait."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT url, reason FROM url WHERE state = 'gone' AND is_indexed = 1 AND url > ? "  # noqa: S608
                f"AND {IN_ROUND} ORDER BY url LIMIT ?",
                (after, self._round, limit),
            ).fetchall()
        return [(url, Reason.stored(reason)) for url, reason in rows]

    def due_in_s(self, origin: str) -> float | None:
        """Seconds until something of ``origin`` is due."""
        with self._reading() as db:
            row = db.execute("SELECT MIN(due_at) FROM url WHERE state = 'queued' AND origin = ?", (origin,)).fetchone()
        return None if row[0] is None else max(0.0, float(row[0]) - self._now())

    def next_due_s(self, origins: Sequence[str] = ()) -> float | None:
        """Seconds until a known page is due; what was never visited or is unfinished is due now."""
        of_origins = f"WHERE origin IN ({', '.join('?' * len(origins))})" if origins else ""
        with self._reading() as db:
            row = db.execute(
                "SELECT MIN(CASE WHEN state IN ('done', 'failed', 'gone') THEN revisit_at ELSE 0 END) "  # noqa: S608
                f"FROM url {of_origins}",
                tuple(origins),
            ).fetchone()
        return None if row[0] is None else max(0.0, float(row[0]) - self._now())

    def history(self, url: str) -> History | None:
        """What is known of one URL."""
        with self._reading() as db:
            row = db.execute(f"SELECT {HISTORY_COLUMNS} FROM url WHERE url = ?", (url,)).fetchone()  # noqa: S608
        return history_of(row) if row else None

    def known(self, prefix: str, limit: int) -> list[str]:
        """URLs that begin like this."""
        after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        query = "SELECT url FROM url WHERE url >= ? AND url < ? ORDER BY url LIMIT ?"
        with self._reading() as db:
            return [row[0] for row in db.execute(query, (prefix, after, limit)).fetchall()]

    def holdings(self) -> Holdings:
        """Pages in the index, and those of them that are gone."""
        query = (
            "SELECT COUNT(*), COALESCE(SUM(CASE state WHEN 'gone' THEN 1 ELSE 0 END), 0) FROM url WHERE is_indexed = 1"
        )
        with self._reading() as db:
            return Holdings(*map(int, db.execute(query).fetchone()))

    def counts(self) -> dict[State, int]:
        """How many URLs stand in each state."""
        with self._reading() as db:
            rows = dict(db.execute("SELECT state, COUNT(*) FROM url GROUP BY state").fetchall())
        return {state: rows.get(state.value, 0) for state in State}

    def visited(self) -> int:
        """URLs visited in this round."""
        with self._reading() as db:
            row = db.execute("SELECT COUNT(*) FROM url WHERE round = ?", (self._round,)).fetchone()
        return int(row[0])
