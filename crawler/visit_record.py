"""Puts on record what became of a URL, and tells it."""

import time
from collections.abc import Callable, Sequence

from crawler.bridge import Put
from crawler.errors import FetchError, SeedFailed
from crawler.frontier import Found, Frontier, Lease, State, Visit
from crawler.page import Gone, Page
from crawler.report import CrawlEvent
from crawler.response import Response

FOLDED = frozenset({"redirect", "canonical", "duplicate"})


class Recorder:
    """Writes visits into the frontier. ``pages`` counts the pages of this run, ``seed_failures`` says what failed."""

    def __init__(self, *, frontier: Frontier, put: Put[Page | Gone], tell: Callable[[CrawlEvent], None]) -> None:
        self._frontier = frontier
        self.put = put
        self._tell = tell
        self.pages = 0
        self.seed_failures: list[SeedFailed] = []

    def page(self, lease: Lease, state: State, response: Response, content_hash: str, found: Sequence[Found]) -> None:
        """A page with text of its own: on record before it is handed out, so that a crash offers it again."""
        self.pages += 1
        visit = Visit(
            lease.url,
            state,
            "page",
            response.status,
            response.etag,
            response.last_modified,
            content_hash,
            fetched_at_s=time.time(),
        )
        self._frontier.record(visit, found)

    def unchanged(self, lease: Lease, seconds: float) -> None:
        """Not modified: a page is still the page it was, a folded or skipped one still what it was."""
        self._frontier.unchanged(lease.url, time.time())
        self.pages += lease.is_indexed
        outcome = "not_modified" if lease.is_indexed else lease.reason if lease.reason in FOLDED else "skipped"
        self.note(lease, outcome, lease.reason, status=304, seconds=seconds)

    async def end(
        self,
        lease: Lease,
        state: State,
        outcome: str,
        reason: str = "",
        *,
        status: int = 0,
        response: Response | None = None,
        target: str | None = None,
        content_hash: str | None = None,
        found: list[Found] | None = None,
        error: FetchError | None = None,
    ) -> None:
        """Record a URL that gives no page. A page that a consumer holds and that ends like this is gone."""
        reason = reason or outcome
        is_gone = lease.is_indexed and (state is State.GONE or outcome in FOLDED or reason == "noindex")
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
            ),
            found or (),
        )
        if is_gone:
            await self.put(Gone(lease.url, reason))
        size = response.wire_bytes if response else 0
        detail = target or (error.what if error else "")
        self.note(lease, "gone" if is_gone else outcome, reason, status=status, size_bytes=size, detail=detail)
        if lease.depth == 0 and error is not None:
            self.seed_failures.append(SeedFailed(error.what, error.cure))

    def note(
        self,
        lease: Lease,
        outcome: str,
        reason: str = "",
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
