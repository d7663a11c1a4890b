"""Puts on record what became of a URL, and tells it."""

import time
from collections.abc import Callable, Sequence

from crawler.bridge import Put
from crawler.errors import FetchError, SeedFailed
from crawler.fetch.response import Response, http_date
from crawler.frontier.seam import Found, Frontier, Lease, State, Visit
from crawler.outcome import Outcome, Reason
from crawler.page import Gone, Page
from crawler.report import CrawlEvent
from crawler.visit.config import RevisitConfig
from crawler.visit.lastmod import LastmodTrust
from crawler.visit.revisit import first_interval_s, next_interval_s


class Recorder:
    """Writes visits into the frontier. ``pages`` counts the pages of this run, ``seed_failures`` says what failed."""

    def __init__(
        self,
        *,
        config: RevisitConfig,
        frontier: Frontier,
        lastmod: LastmodTrust,
        put: Put[Page | Gone],
        tell: Callable[[CrawlEvent], None],
    ) -> None:
        self._config = config
        self._frontier = frontier
        self._lastmod = lastmod
        self.put = put
        self._tell = tell
        self.pages = 0
        self.seed_failures: list[SeedFailed] = []

    def page(self, lease: Lease, state: State, response: Response, content_hash: str, found: Sequence[Found]) -> None:
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
        self._frontier.record(visit, found)

    def unchanged(self, lease: Lease, seconds: float) -> None:
        """Not modified: a page is still the page it was, a folded or skipped one still what it was."""
        interval_s = next_interval_s(self._config, lease.interval_s, is_changed=False)
        self._frontier.unchanged(lease.url, time.time(), interval_s)
        self._note_unchanged(lease, lease.reason, status=304, seconds=seconds)

    def spared(self, lease: Lease) -> None:
        """Not asked for, as its sitemap says that it is not modified since; so its last visit remains the last."""
        now_s = time.time()
        interval_s = next_interval_s(self._config, lease.interval_s, is_changed=False)
        self._frontier.unchanged(lease.url, lease.fetched_at_s, now_s - lease.fetched_at_s + interval_s)
        self._note_unchanged(lease, Reason.LASTMOD, status=0, seconds=0.0)

    def _note_unchanged(self, lease: Lease, reason: Reason, status: int, seconds: float) -> None:
        self.pages += lease.is_indexed
        outcome = Outcome.NOT_MODIFIED if lease.is_indexed else lease.reason.outcome_unchanged
        self.note(lease, outcome, reason if lease.is_indexed else lease.reason, status=status, seconds=seconds)

    async def end(
        self,
        lease: Lease,
        state: State,
        outcome: Outcome,
        reason: Reason = Reason.NONE,
        *,
        status: int = 0,
        response: Response | None = None,
        target: str | None = None,
        content_hash: str | None = None,
        found: list[Found] | None = None,
        error: FetchError | None = None,
    ) -> None:
        """Record a URL that gives no page. A page that a consumer holds and that ends like this is gone.

        What is gone is removed when the round ends (see ``crawler.visit.purge``).
        """
        reason = reason or Reason(outcome)
        is_gone = lease.is_indexed and state is not State.FAILED and not reason.keeps_index
        keeps = state is State.FAILED
        if response is not None:
            status = response.status
        self._frontier.record(
            Visit(
                lease.url,
                State.GONE if is_gone else state,
                reason,
                status,
                response.etag if response else lease.etag if keeps else None,
                response.last_modified if response else lease.last_modified if keeps else None,
                lease.content_hash if keeps else content_hash,
                target,
                time.time(),
                lease.changed_at_s,
                self._interval_s(lease, reason, state),
            ),
            found or (),
        )
        size = response.wire_bytes if response else 0
        detail = target or (error.what if error else "")
        self.note(lease, Outcome.GONE if is_gone else outcome, reason, status=status, size_bytes=size, detail=detail)
        if lease.depth == 0 and error is not None:
            self.seed_failures.append(SeedFailed(error.what, error.cure))

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
