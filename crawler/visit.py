"""What happens to one URL between its lease and its record: steps 4 to 7 of ``crawler/crawl.py``."""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from crawler.bridge import Put
from crawler.config import CrawlConfig
from crawler.errors import FetchError, SeedFailed
from crawler.extract import Extracted, extract
from crawler.fetch import HTML_TYPES, Fetcher, Response, http_date
from crawler.frontier import Found, Frontier, Lease, State, Visit
from crawler.pace import Pace
from crawler.page import Gone, Link, Page
from crawler.report import CrawlEvent
from crawler.robots import Robots
from crawler.scope import Scope
from crawler.url import origin_of, resolve

logger = logging.getLogger(__name__)

SKIPPED = frozenset({"content_type", "too_large", "address"})
"""Reasons of FetchError that are decisions of ours rather than failures of the site."""

RETRIED = frozenset({"timeout", "reset", "truncated", "connect", "dns", "bad_http"})
GONE = frozenset({404, 410})
OVERLOADED = frozenset({429, 503})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
FOLDED = frozenset({"redirect", "canonical", "duplicate"})
MAX_REMEMBERED_REFUSALS = 200_000
"""Refused URLs kept so that each is counted once; beyond it a repeated link may be counted again."""


class Visitor:
    """Visits leased URLs, records what became of them and hands out pages. Lives in the crawl's event loop."""

    def __init__(
        self,
        *,
        config: CrawlConfig,
        frontier: Frontier,
        scope: Scope,
        fetcher: Fetcher,
        robots: Robots,
        put: Put[Page | Gone],
        tell: Callable[[CrawlEvent], None],
    ) -> None:
        self._config = config
        self._frontier = frontier
        self._scope = scope
        self._fetcher = fetcher
        self._robots = robots
        self._put = put
        self._tell = tell
        self._refused: set[int] = set()
        self.pages = 0
        self.seed_failures: list[SeedFailed] = []

    async def visit(self, lease: Lease, pace: Pace) -> None:
        """Step 4: may it be fetched, and when? Then one request."""
        started_s = time.monotonic()
        if reason := self._scope.refusal(lease.url):
            await self._end(lease, State.DONE, "skipped", reason)
            return
        if self._config.obey_robots:
            rules = await self._robots.rules(origin_of(lease.url))
            pace.obey(rules.crawl_delay_s)
            if rules.failure is not None:
                # Asking for robots.txt was retried already.
                await self._give_up(lease, rules.failure)
                return
            if not rules.allowed(lease.url):
                cure = "Ask its owner, or for your own site set obey_robots to false"
                error = FetchError(lease.url, "robots", f"robots.txt forbids {lease.url}", cure)
                await self._end(lease, State.DONE, "skipped", "robots", error=error)
                return
        try:
            async with pace.turn():
                response = await self._fetcher.get(
                    lease.url, etag=lease.etag, last_modified=lease.last_modified, accepted=HTML_TYPES
                )
        except FetchError as error:
            await self._fail(lease, error, pace)
            return
        await self._settle(lease, response, pace, started_s)

    async def _settle(self, lease: Lease, response: Response, pace: Pace, started_s: float) -> None:
        """Step 5: what the status says."""
        status = response.status
        if status in OVERLOADED:
            wait_s = response.retry_after_s()
            pace.slow_down(min(wait_s or 0.0, self._config.max_retry_after_s))
        elif status < 500:
            pace.speed_up()
        if status == 304:
            self._unchanged(lease, time.monotonic() - started_s)
        elif status in REDIRECTS and response.location:
            await self._redirect(lease, response)
        elif status in GONE:
            error = FetchError(lease.url, f"http_{status}", f"{lease.url} answers {status}", "Check the address")
            await self._end(lease, State.GONE, "failed", f"http_{status}", status=status, error=error)
        elif status == 200:
            await self._read(lease, response, started_s)
        else:
            await self._fail(
                lease, FetchError(lease.url, f"http_{status}", f"{lease.url} answers {status}"), pace, status=status
            )

    def _unchanged(self, lease: Lease, seconds: float) -> None:
        """Not modified: a page is still the page it was, a folded or skipped one still what it was."""
        self._frontier.unchanged(lease.url, time.time())
        self.pages += lease.is_indexed
        outcome = "not_modified" if lease.is_indexed else lease.reason if lease.reason in FOLDED else "skipped"
        self._note(lease, outcome, lease.reason, status=304, seconds=seconds)

    async def _redirect(self, lease: Lease, response: Response) -> None:
        target = resolve(lease.url, response.location or "", self._config.tracking_parameters)
        if target is None or target == lease.url:
            reason = "bad_redirect" if target is None else "redirect_loop"
            error = FetchError(lease.url, reason, f"{lease.url} redirects to {response.location}", "Check the address")
            await self._end(lease, State.FAILED, "failed", reason, status=response.status, error=error)
            return
        if lease.depth == 0:
            # What a seed redirects to (another host, https) is what the person meant.
            self._widen(target)
        refusal = self._scope.refusal(target)
        chain = self._chain(lease)
        if target in chain or len(chain) >= self._config.max_redirects:
            reason = "redirect_loop" if target in chain else "too_many_redirects"
            error = FetchError(lease.url, reason, f"{chain[-1]} redirects in circles", "Check the address")
            await self._end(lease, State.FAILED, "failed", reason, status=response.status, error=error)
            return
        found = [Found(target, lease.depth, lease.url)] if refusal is None else []
        await self._end(
            lease, State.DONE, "redirect", refusal or "redirect", status=response.status, target=target, found=found
        )

    def _widen(self, target: str) -> None:
        origin = origin_of(target)
        if origin not in self._scope.origins:
            logger.info("a seed redirects to %s, which is now part of the crawl", origin)
            self._scope.origins.add(origin)

    def _chain(self, lease: Lease) -> list[str]:
        """The URLs that redirected here, this one first."""
        chain = [lease.url]
        referrer = lease.referrer
        while referrer is not None and len(chain) <= self._config.max_redirects:
            known = self._frontier.history(referrer)
            if known is None or known.reason != "redirect" or known.target != chain[-1]:
                break
            chain.append(referrer)
            referrer = known.referrer
        return chain

    async def _read(self, lease: Lease, response: Response, started_s: float) -> None:
        """Step 6: parse once, then decide whether this is a page of its own."""
        extracted = extract(
            response.body,
            lease.url,
            charset=response.charset,
            robots_header=", ".join(response.headers.getall("X-Robots-Tag", ())),
            config=self._config,
        )
        found = self._links(lease, extracted)
        size = response.wire_bytes
        canonical = self._canonical(lease, extracted)
        if not extracted.is_indexable:
            await self._end(lease, State.DONE, "skipped", "noindex", response=response, found=found)
        elif canonical is not None:
            found.append(Found(canonical, lease.depth, lease.url))
            await self._end(lease, State.DONE, "canonical", response=response, target=canonical, found=found)
        elif not extracted.sections:
            cure = "Pages that a browser builds from scripts have no text of their own"
            error = FetchError(lease.url, "empty", f"{lease.url} holds no readable text", cure)
            await self._end(lease, State.DONE, "skipped", "empty", response=response, found=found, error=error)
        elif extracted.content_hash == lease.content_hash and lease.is_indexed:
            self.pages += 1
            self._frontier.record(self._visit_of(lease, State.DONE, "page", response, extracted), found)
            self._note(lease, "not_modified", "same_content", status=200, size_bytes=size)
        elif owner := self._frontier.owner(extracted.content_hash, lease.url):
            visit_hash = extracted.content_hash
            await self._end(
                lease, State.DONE, "duplicate", response=response, target=owner, found=found, content_hash=visit_hash
            )
        else:
            await self._hand_out(lease, response, extracted, found, started_s)

    async def _hand_out(
        self, lease: Lease, response: Response, extracted: Extracted, found: list[Found], started_s: float
    ) -> None:
        """Step 7: on record first, so that a crash after this line offers the page again."""
        self.pages += 1
        self._frontier.record(self._visit_of(lease, State.FETCHED, "page", response, extracted), found)
        await self._put(page_of(lease, response, extracted))
        self._note(
            lease,
            "fetched",
            status=response.status,
            size_bytes=response.wire_bytes,
            seconds=time.monotonic() - started_s,
        )

    def _visit_of(self, lease: Lease, state: State, reason: str, response: Response, extracted: Extracted) -> Visit:
        return Visit(
            lease.url,
            state,
            reason,
            response.status,
            response.etag,
            response.last_modified,
            extracted.content_hash,
            fetched_at_s=time.time(),
        )

    def _canonical(self, lease: Lease, extracted: Extracted) -> str | None:
        """The URL this page is folded into; a canonical link to elsewhere does not move a page off its site."""
        canonical = extracted.canonical_url
        if canonical is None or canonical == lease.url or lease.ignores_canonical:
            return None
        return canonical if self._scope.refusal(canonical) is None else None

    def _links(self, lease: Lease, extracted: Extracted) -> list[Found]:
        if not extracted.is_followable:
            return []
        return self._wanted(lease.url, extracted.links, lease.depth + 1)

    def discover(self, source: str, urls: Iterable[str], depth: int) -> None:
        """Queue what a sitemap lists, within the scope."""
        self._frontier.add(self._wanted(source, (Link(url) for url in urls), depth))

    def _wanted(self, source: str, links: Iterable[Link], depth: int) -> list[Found]:
        found = []
        too_deep = self._config.max_depth is not None and depth > self._config.max_depth
        for link in links:
            refusal = "nofollow" if link.is_nofollow else self._scope.refusal(link.url)
            if refusal is None and too_deep:
                refusal = "too_deep"
            if refusal is None:
                found.append(Found(link.url, depth, source))
            else:
                self._refuse(source, link.url, depth, refusal)
        return found

    async def _fail(self, lease: Lease, error: FetchError, pace: Pace, status: int = 0) -> None:
        """Try again where that may help; otherwise the failure is recorded."""
        may_help = error.reason in RETRIED or status >= 500 or status == 429
        if may_help and lease.attempts < self._config.max_retries:
            after_s = max(self._config.retry_delay_s * 2**lease.attempts, pace.wait_s())
            self._frontier.retry(lease.url, after_s)
            self._note(lease, "retry", error.reason, status=status, detail=error.what)
            return
        await self._give_up(lease, error, status)

    async def _give_up(self, lease: Lease, error: FetchError, status: int = 0) -> None:
        if error.reason in SKIPPED:
            state = State.GONE if error.reason == "content_type" and lease.is_indexed else State.DONE
            await self._end(lease, state, "skipped", error.reason, error=error)
        else:
            await self._end(lease, State.FAILED, "failed", error.reason, status=status, error=error)

    async def _end(
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
            await self._put(Gone(lease.url, reason))
        size = response.wire_bytes if response else 0
        detail = target or (error.what if error else "")
        self._note(lease, "gone" if is_gone else outcome, reason, status=status, size_bytes=size, detail=detail)
        if lease.depth == 0 and error is not None:
            self.seed_failures.append(SeedFailed(error.what, error.cure))

    def _note(
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
        self._tell(
            CrawlEvent(lease.url, outcome, reason, status, size_bytes, seconds, lease.depth, lease.referrer, detail)
        )

    def _refuse(self, source: str, url: str, depth: int, reason: str) -> None:
        key = hash(url)
        if key in self._refused:
            return
        if len(self._refused) < MAX_REMEMBERED_REFUSALS:
            self._refused.add(key)
        self._tell(CrawlEvent(url, "skipped", reason, depth=depth, referrer=source))


def page_of(lease: Lease, response: Response, extracted: Extracted) -> Page:
    """The page as it is handed out."""
    canonical = extracted.canonical_url
    return Page(
        requested_url=lease.url,
        url=lease.url,
        canonical_url=lease.url,
        status=response.status,
        fetched_at=datetime.now(UTC),
        title=extracted.title,
        sections=extracted.sections,
        content_hash=extracted.content_hash,
        links=extracted.links,
        language=extracted.language,
        description=extracted.description,
        content_type=response.content_type,
        etag=response.etag,
        last_modified=extracted.modified_at or http_date(response.last_modified),
        metadata=extracted.metadata
        if canonical in (None, lease.url)
        else {**extracted.metadata, "canonical": canonical},
    )
