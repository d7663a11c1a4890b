"""What every frontier in SQL does; how statements are run, and who else may be running some, is for the subclasses."""

import hashlib
from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager

from crawler.frontier.links import forget_orphans, keep_links, keep_listing, mark_orphans
from crawler.frontier.near import fold_near, forget_unless_page
from crawler.frontier.reading import SqlFrontierReading
from crawler.frontier.rows import IN_ROUND, LEASE_COLUMNS, Statements, lease_of, storable
from crawler.frontier.seam import Discovery, Lease, State, Visit
from crawler.urls.url import origin_of

RECENTLY_SEEN = 20_000
"""URLs kept in memory so that the links every page repeats cost no query (about 4 MB at most)."""


class SqlFrontier(SqlFrontierReading):
    """The statements of ``Frontier``, for one database whose tables are those of ``rows.SCHEMA``."""

    LOCK_ROWS = ""
    """Ends a query whose rows nobody else may take before the step ends."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: set[str] = set()
        self._worker = 0
        self._keeps_links = False

    @abstractmethod
    def _step(self) -> AbstractContextManager[Statements]:
        """A transaction: all of it or nothing. Raises FrontierError."""

    @abstractmethod
    def _abandoned(self, db: Statements) -> str:
        """A condition on rows that somebody holds: he has died, or it is this worker, from an earlier round."""

    @abstractmethod
    def _lock_rounds(self, db: Statements) -> None:
        """Let nobody else open or close a round before this step ends."""

    @abstractmethod
    def _lock_sketches(self, db: Statements) -> None:
        """Let nobody else compare pages before this step ends, lest two be folded into each other."""

    @abstractmethod
    def _join(self, db: Statements) -> None:
        """Note that this worker takes part in the round."""

    @abstractmethod
    def _leave(self, db: Statements) -> bool:
        """Note that this worker is done with the round; True when he was the last."""

    @abstractmethod
    def close(self) -> None:
        """Release the storage."""

    def begin(
        self, seeds: Sequence[str], fingerprint: str, *, only_due: bool = False, keeps_links: bool = False
    ) -> bool:
        """Resume or open the round of these seeds, and queue what it has to visit."""
        key = hashlib.sha256("\n".join(sorted(seeds)).encode()).hexdigest()
        self._seen.clear()
        self._keeps_links = keeps_links
        with self._step() as db:
            self._lock_rounds(db)
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
                opened = "INSERT INTO round (seeds, fingerprint, started_at, only_due) VALUES (?, ?, ?, ?) RETURNING id"
                self._round = db.execute(opened, (key, fingerprint, self._now(), int(only_due))).fetchone()[0]
            self._widen(db, [origin_of(seed) for seed in seeds])
            self._free(db, f"{IN_ROUND} AND ({self._abandoned(db)})", self._round)
            if not is_resumed:
                self._queue_known(db, self._now() if only_due else float("inf"))
            if is_changed:
                forget = f"UPDATE url SET etag = NULL, last_modified = NULL, fetched_at = 0 WHERE {IN_ROUND}"  # noqa: S608
                db.execute(forget, (self._round,))
            self._insert(db, [Discovery(seed, 0) for seed in seeds])
            db.executemany("UPDATE url SET depth = 0 WHERE url = ? AND depth <> 0", [(seed,) for seed in seeds])
            self._join(db)
        return is_resumed

    def _free(self, db: Statements, condition: str, *values: object) -> int:
        """Queue again what somebody held: leases as they were, pages that may not have been stored to be read anew."""
        return db.execute(
            "UPDATE url SET state = 'queued', due_at = 0, worker = NULL, "  # noqa: S608
            "etag = CASE WHEN state = 'fetched' THEN NULL ELSE etag END, "
            "last_modified = CASE WHEN state = 'fetched' THEN NULL ELSE last_modified END, "
            "content_hash = CASE WHEN state = 'fetched' THEN NULL ELSE content_hash END "
            f"WHERE id IN (SELECT id FROM url WHERE worker IS NOT NULL AND {condition}{self.LOCK_ROWS})",
            values,
        ).rowcount

    def _queue_known(self, db: Statements, due_at_s: float) -> None:
        db.execute(
            "UPDATE url SET state = 'queued', due_at = 0, attempts = 0, ignores_canonical = 0 "  # noqa: S608
            f"WHERE state <> 'queued' AND worker IS NULL AND revisit_at <= ? AND {IN_ROUND}",
            (due_at_s, self._round),
        )

    def _widen(self, db: Statements, origins: Sequence[str]) -> None:
        db.executemany(
            "INSERT INTO round_origin (round, origin) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(self._round, origin) for origin in sorted(set(origins))],
        )

    def add(self, found: Sequence[Discovery], sitemap: str | None = None) -> int:
        """Queue the URLs not seen before."""
        with self._step() as db:
            if self._keeps_links and sitemap is not None:
                keep_listing(db, self._round, sitemap, [item.url for item in found])
            return self._insert(db, found)

    def _insert(self, db: Statements, found: Sequence[Discovery]) -> int:
        self._date(db, found)
        new = [item for item in found if item.url not in self._seen]
        if not new:
            return 0
        added = self._insert_rows(db, new)
        if seeds := [origin_of(item.url) for item in new if item.depth == 0]:
            self._widen(db, seeds)
        if len(self._seen) + len(new) > RECENTLY_SEEN:
            self._seen.clear()
        self._seen.update(item.url for item in new)
        return added

    def _date(self, db: Statements, found: Sequence[Discovery]) -> None:
        dated = sorted((item.url, item.lastmod_s) for item in found if item.lastmod_s is not None)
        if dated:
            db.executemany("UPDATE url SET lastmod = ? WHERE url = ?", [(lastmod_s, url) for url, lastmod_s in dated])
            db.executemany(
                "UPDATE url SET state = 'queued', due_at = 0, attempts = 0 WHERE fetched_at < ? AND url = ? "
                "AND state IN ('done', 'failed', 'gone') AND round <> ?",
                [(lastmod_s, url, self._round) for url, lastmod_s in dated],
            )

    def _insert_rows(self, db: Statements, found: Sequence[Discovery]) -> int:
        return db.executemany(
            "INSERT INTO url (url, origin, state, depth, referrer, lastmod) VALUES (?, ?, 'queued', ?, ?, ?) "
            "ON CONFLICT DO NOTHING",
            [(item.url, origin_of(item.url), item.depth, item.referrer, item.lastmod_s) for item in found],
        ).rowcount

    def next(self, origin: str, limit: int, lease_s: float) -> list[Lease]:
        """Lease up to ``limit`` due URLs of ``origin``, the shallowest first."""
        now = self._now()
        with self._step() as db:
            self._free(db, "state = 'leased' AND origin = ? AND due_at < ?", origin, now)
            rows = db.execute(
                f"SELECT id, {LEASE_COLUMNS} FROM url "  # noqa: S608
                f"WHERE state = 'queued' AND origin = ? AND due_at <= ? ORDER BY depth, id LIMIT ?{self.LOCK_ROWS}",
                (origin, now, limit),
            ).fetchall()
            db.executemany(
                "UPDATE url SET state = 'leased', due_at = ?, worker = ? WHERE id = ?",
                [(now + lease_s, self._worker, row[0]) for row in rows],
            )
        return [lease_of(row[1:]) for row in rows]

    def record(self, visit: Visit, found: Sequence[Discovery] = ()) -> None:
        """Store what became of a leased URL, and queue what it links to, in one transaction."""
        with self._step() as db:
            db.execute(
                "UPDATE url SET state = ?, reason = ?, status = ?, etag = ?, last_modified = ?, content_hash = ?, "
                "target = ?, fetched_at = ?, changed_at = ?, interval_s = ?, revisit_at = ?, round = ?, due_at = 0, "
                "worker = ? WHERE url = ?",
                (
                    visit.state.value,
                    visit.reason.value,
                    visit.status,
                    storable(visit.etag),
                    storable(visit.last_modified),
                    visit.content_hash,
                    visit.target,
                    visit.fetched_at_s,
                    visit.changed_at_s,
                    visit.interval_s,
                    visit.fetched_at_s + visit.interval_s,
                    self._round,
                    self._worker if visit.state is State.FETCHED else None,
                    visit.url,
                ),
            )
            forget_unless_page(db, visit)
            if self._keeps_links:
                keep_links(db, visit, [item.url for item in found])
            self._insert(db, found)

    def unchanged(self, url: str, fetched_at_s: float, interval_s: float = 0.0) -> None:
        """Keep what is known of a leased URL and note the visit."""
        with self._step() as db:
            db.execute(
                "UPDATE url SET state = 'done', due_at = 0, worker = NULL, fetched_at = ?, interval_s = ?, "
                "revisit_at = ?, round = ? WHERE url = ?",
                (fetched_at_s, interval_s, fetched_at_s + interval_s, self._round, url),
            )

    def retry(self, url: str, after_s: float) -> None:
        """Queue a leased URL again, due later."""
        with self._step() as db:
            db.execute(
                "UPDATE url SET state = 'queued', due_at = ?, worker = NULL, attempts = attempts + 1 WHERE url = ?",
                (self._now() + after_s, url),
            )

    def release(self, urls: Sequence[str]) -> None:
        """Give leases back."""
        with self._step() as db:
            db.executemany(
                "UPDATE url SET state = 'queued', due_at = 0, worker = NULL "
                "WHERE url = ? AND state = 'leased' AND worker = ?",
                [(url, self._worker) for url in urls],
            )

    def acknowledge(self, urls: Sequence[str]) -> None:
        """Stored pages are done and indexed; removed ones are gone for good."""
        with self._step() as db:
            db.executemany(
                "UPDATE url SET is_indexed = CASE state WHEN 'fetched' THEN 1 ELSE 0 END, worker = NULL, "
                "state = CASE state WHEN 'fetched' THEN 'done' ELSE state END "
                "WHERE url = ? AND state IN ('fetched', 'gone')",
                [(url,) for url in sorted(urls)],
            )
            if self._keeps_links:
                forget_orphans(db, sorted(urls))

    def mark_orphans(self) -> int:
        """Call gone what nothing leads to."""
        with self._step() as db:
            return mark_orphans(db, self._round) if self._keeps_links else 0

    def claim(self, content_hash: str, url: str) -> str | None:
        """The URL that was handed out first with this content; where one crawler is alone, its record is its claim."""
        with self._reading() as db:
            return self._owner(db, content_hash, url)

    def claim_near(self, url: str, title: str, sketch: bytes) -> str | None:
        """The page that ``url`` repeats but for a few words, both remembered."""
        with self._step() as db:
            self._lock_sketches(db)
            return fold_near(db, url, title, sketch)

    def revive(self) -> int:
        """Queue pages folded into a canonical or an original that gave no page."""
        with self._step() as db:
            return db.execute(
                "UPDATE url SET state = 'queued', due_at = 0, ignores_canonical = 1, etag = NULL, "  # noqa: S608
                "last_modified = NULL, content_hash = NULL "
                f"WHERE state IN ('done', 'gone') AND {IN_ROUND} AND ignores_canonical = 0 "
                "AND reason IN ('canonical', 'duplicate', 'near_duplicate') AND (reason = 'near_duplicate' "
                "AND NOT EXISTS (SELECT 1 FROM sketch WHERE sketch.url = url.url) "
                "OR NOT EXISTS (SELECT 1 FROM url AS other "
                "WHERE other.url = url.target AND other.state IN ('queued', 'leased', 'fetched', 'done') "
                "AND other.reason IN ('page', 'duplicate', 'near_duplicate', '') "
                "AND (url.reason <> 'duplicate' OR COALESCE(other.content_hash, '') IN ('', url.content_hash))))",
                (self._round,),
            ).rowcount

    def finish(self) -> None:
        """Close the round."""
        with self._step() as db:
            self._lock_rounds(db)
            if self._leave(db):
                db.execute("UPDATE round SET finished_at = ? WHERE id = ?", (self._now(), self._round))
