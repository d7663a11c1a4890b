"""Puts on record what became of a URL, and tells it."""

import time
from collections.abc import Callable, Sequence

from crawler.errors import SeedFailed
from crawler.fetch.response import Response, http_date
from crawler.frontier.seam import Discovery, Lease, Queue, State, Visit
from crawler.outcome import Outcome, Reason
from crawler.report import CrawlEvent
from crawler.visit.config import RevisitConfig
from crawler.visit.decide import Decision
from crawler.visit.lastmod import LastmodTrust
from crawler.visit.revisit import first_interval_s, next_interval_s


class Recorder:
    """Writes visits into the queue. ``pages`` counts the pages of this run, ``seed_failures`` says what failed."""

    def __init__(
        self,
        *,
        config: RevisitConfig,
        queue: Queue,
        lastmod: LastmodTrust,
        tell: Callable[[CrawlEvent], None],
    ) -> None:
        self._config = config
        self._queue = queue
        self._lastmod = lastmod
        self._tell = tell
        self.pages = 0
        self.seed_failures: list[SeedFailed] = []

    def page(
        self, lease: Lease, state: State, response: Response, content_hash: str, found: Sequence[Discovery]
    ) -> None:
        """A page with text of its own: on record before it is handed out, so that a crash offers it again."""
        self.pages += 1
        now_s = time.time()
        is_known, is_changed = lease.content_hash is not None, lease.content_hash != content_hash
        if is_known and is_changed:
            self._lastmod.found_changed(lease)
        visit = Visit(
            lease.url,
            state,
            Reason.PAGE,
            response.status,
            response.etag,
            response.last_modified,
            content_hash,
            fetched_at_s=now_s,
            changed_at_s=now_s if is_changed else lease.changed_at_s,
            interval_s=next_interval_s(self._config, lease.interval_s, is_changed=is_changed)
            if is_known
            else first_interval_s(self._config, http_date(response.last_modified), now_s),
        )
        self._queue.record(visit, found)

    def unchanged(self, lease: Lease, decision: Decision, seconds: float) -> None:
        """Not modified: a page is still the page it was, a folded or skipped one still what it was."""
        interval_s = next_interval_s(self._config, lease.interval_s, is_changed=False)
        self._queue.unchanged(lease.url, time.time(), interval_s)
        self.pages += lease.is_indexed
        self.note(lease, decision.outcome, decision.reason, status=304, seconds=seconds)

    def spared(self, lease: Lease, decision: Decision) -> None:
        """Not asked for, as its sitemap says that it is not modified since; so its last visit remains the last."""
        now_s = time.time()
        interval_s = next_interval_s(self._config, lease.interval_s, is_changed=False)
        self._queue.unchanged(lease.url, lease.fetched_at_s, now_s - lease.fetched_at_s + interval_s)
        self.pages += lease.is_indexed
        self.note(lease, decision.outcome, decision.reason)

    def end(
        self,
        lease: Lease,
        decision: Decision,
        status: int = 0,
        *,
        response: Response | None = None,
        found: Sequence[Discovery] = (),
        content_hash: str | None = None,
    ) -> None:
        """Record a URL that gives no page. ``response`` is one whose body was read, with its validators.

        What is gone is removed when the round ends (see ``crawler.visit.purge``).
        """
        keeps = decision.state is State.FAILED
        self._queue.record(
            Visit(
                lease.url,
                decision.state,
                decision.reason,
                status,
                response.etag if response else lease.etag if keeps else None,
                response.last_modified if response else lease.last_modified if keeps else None,
                lease.content_hash if keeps else content_hash,
                decision.target,
                time.time(),
                lease.changed_at_s,
                self._interval_s(lease, decision.reason, decision.state),
            ),
            (*found, *decision.found),
        )
        error = decision.error
        self.note(
            lease,
            decision.outcome,
            decision.reason,
            status=status,
            size_bytes=response.wire_bytes if response else 0,
            detail=decision.target or (error.what if error else ""),
        )
        if lease.depth == 0 and error is not None:
            self.seed_failures.append(SeedFailed(error.what, error.cure))

    def again(self, lease: Lease, decision: Decision, status: int = 0) -> None:
        """Queue a URL that is asked for once more."""
        self._queue.retry(lease.url, decision.retry_after_s or 0.0)
        detail = decision.error.what if decision.error else ""
        self.note(lease, decision.outcome, decision.reason, status=status, detail=detail)

    def _interval_s(self, lease: Lease, reason: Reason, state: State) -> float:
        """What failed is due soon; what ends otherwise than last time has changed."""
        if state is State.FAILED:
            return self._config.min_interval_s
        return next_interval_s(self._config, lease.interval_s, is_changed=bool(lease.reason) and reason != lease.reason)

    def note(
        self,
        lease: Lease,
        outcome: Outcome,
        reason: Reason = Reason.NONE,
        *,
        status: int = 0,
        size_bytes: int = 0,
        seconds: float = 0.0,
        detail: str = "",
    ) -> None:
        """Tell what became of a URL."""
        self._tell(
            CrawlEvent(lease.url, outcome, reason, status, size_bytes, seconds, lease.depth, lease.referrer, detail)
        )
