"""The flow of a crawl, from seeds to pages.

1 ``crawl``       canonical seeds -> frontier; the asynchronous part starts in a thread of its own
2 ``_prepare``    robots.txt of each seed's origin, its crawl delay, its sitemaps
3 ``_drain``      as long as something is queued: lease URLs of each origin that has room
4 ``Visitor.visit``   robots and scope -> wait for the host's turn -> one GET, conditional when the page is known
5 ``decide.answered``  by status: unchanged, redirect, gone, try again, failed, or a body to read
6 ``Reader.read``     parse once; noindex, canonical, empty, duplicate and nearly duplicate pages end here
7 ``Reader._page``    record page and links in one step, then hand the page out
8 ``acknowledge`` the consumer has stored it: it will not be fetched again by a restart
9 ``purge``       what is gone is handed out last, unless it is suspiciously much
"""

import asyncio
import hashlib
import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack

from crawler.bridge import Bridge, Put
from crawler.config import CrawlConfig
from crawler.errors import RecollectError, SeedFailed
from crawler.extract.extract import EXTRACTOR
from crawler.fetch.fetch import Fetcher
from crawler.fetch.guard import Guard
from crawler.fetch.pace import Pace
from crawler.frontier.seam import Frontier, Lease, State
from crawler.outcome import Outcome, Reason
from crawler.page import Gone, Page
from crawler.render.render import Renderer
from crawler.report import CrawlEvent, CrawlReport, Tally
from crawler.urls.robots import Robots
from crawler.urls.scope import Scope
from crawler.urls.url import canonicalise, origin_of
from crawler.visit.event_log import open_event_log
from crawler.visit.lastmod import LastmodTrust
from crawler.visit.links import Links
from crawler.visit.pool import ExtractPool
from crawler.visit.purge import purge
from crawler.visit.read import Reader
from crawler.visit.record import Recorder
from crawler.visit.sitemap import SitemapReader
from crawler.visit.visit import Visitor

logger = logging.getLogger(__name__)

UNREAD_PAGES = 64
"""How many pages may wait for the consumer before fetching pauses."""

LEASE_BATCH = 32
LEASED_AHEAD_S = 30.0
"""URLs are leased for so long ahead, lest a killed worker keeps many from others."""

IDLE_S = 0.5
"""Longest sleep while every queued URL waits for its time."""

OnEvent = Callable[[CrawlEvent], None]


class Crawler:
    """Crawls sites into pages. Holds one frontier; one crawl at a time."""

    def __init__(self, config: CrawlConfig, frontier: Frontier) -> None:
        self._config = config
        self._frontier = frontier
        self._tally = Tally()
        self._started_s = time.monotonic()
        self._seconds: float | None = None
        self._is_resumed = False
        self._run: _Run | None = None

    def crawl(
        self,
        seeds: Sequence[str],
        on_event: OnEvent | None = None,
        *,
        only_due: bool = False,
        agrees_to_losses: bool = False,
    ) -> Iterator[Page | Gone]:
        """Yield every page that is new or changed, and every known page that is gone.

        Known pages are asked for conditionally and yield nothing when unchanged. A crawl that was stopped goes on
        where it was. ``on_event`` is called in the consumer's thread, once for each URL visited. ``only_due`` visits
        known pages whose time has come (``crawler.visit.revisit``) and new ones. What is gone comes last; when it is a
        larger share than ``max_purge_share``, only if the caller ``agrees_to_losses``.
        Raises BadUrl for a seed that is no URL, SeedFailed when no seed led to a page, FrontierError.
        """
        urls = list(dict.fromkeys(canonicalise(seed, self._config.tracking_parameters) for seed in seeds))
        if not urls:
            raise SeedFailed("There is nothing to crawl", "Name at least one URL to start from")
        self._tally = Tally()
        self._started_s, self._seconds = time.monotonic(), None
        self._is_resumed = self._frontier.begin(
            urls, self._fingerprint(), only_due=only_due, keeps_links=self._config.remove_orphans
        )
        bridge = Bridge[Page | Gone, CrawlEvent](UNREAD_PAGES, on_event)
        run = _Run(
            self._config,
            self._frontier,
            self._tally,
            Guard.for_urls(urls),
            bridge.tell,
            agrees_to_losses=agrees_to_losses,
        )
        self._run = run
        try:
            yield from bridge.run(run.main)
        finally:
            self._seconds = time.monotonic() - self._started_s
        self._raise_if_nothing_came(run)

    def acknowledge(self, urls_or_events: Iterable[str | Page | Gone]) -> None:
        """Mark pages as stored (and gone ones as removed) by the consumer, durably."""
        self._frontier.acknowledge([item if isinstance(item, str) else item.url for item in urls_or_events])

    def delay_s(self) -> float:
        """Seconds between two requests of the whole crawl at the pace of now; Crawl-delay and slowing down count.

        With several hosts it is what they come to together; 0 where one of them wants no delay, and before a crawl.
        """
        return 0.0 if self._run is None else self._run.delay_s()

    def report(self) -> CrawlReport:
        """Sums of the last crawl so far."""
        seconds = self._seconds if self._seconds is not None else time.monotonic() - self._started_s
        return self._tally.report(seconds, self._is_resumed)

    def _fingerprint(self) -> str:
        """Changes when a page would be read differently, so that unchanged pages must be read again."""
        config = self._config
        parts: tuple[object, ...] = (
            EXTRACTOR,
            config.include,
            config.exclude,
            config.rules,
            config.content_selector,
            config.exclude_selectors,
        )
        parts = (*parts, config.extraction, config.read_documents, config.documents, config.near_duplicates)
        if config.render != "never":
            parts = (*parts, config.render, config.render_include)
        if config.whole_link_lists:
            parts = (*parts, "whole link lists")
        if config.remove_orphans:
            parts = (*parts, "links are kept")
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    def _raise_if_nothing_came(self, run: "_Run") -> None:
        outcomes = self._tally.outcomes
        came = sum(outcomes[outcome] for outcome in Outcome if outcome.is_progress)
        if not came and run.seed_failures:
            raise run.seed_failures[0]


class _Run:
    """The asynchronous part of one crawl."""

    def __init__(
        self,
        config: CrawlConfig,
        frontier: Frontier,
        tally: Tally,
        guard: Guard,
        tell: OnEvent,
        *,
        agrees_to_losses: bool,
    ) -> None:
        self._agrees_to_losses = agrees_to_losses
        self._config = config
        self._frontier = frontier
        self._tally = tally
        self._event_log = open_event_log(config)
        self._guard = guard
        self._tell = tell
        self._scope = Scope(config, frontier.origins())
        self._pages_before = 0
        self._pages_of: Counter[str] = Counter()
        self._started_s = time.monotonic()
        self._paces: dict[str, Pace] = {}
        self._leases: dict[str, deque[Lease]] = {}
        self._active: dict[asyncio.Task[None], Lease] = {}
        self._visitor: Visitor
        self._links: Links
        self._recorder: Recorder
        self._unread_sitemaps = False
        self.seed_failures: list[SeedFailed] = []

    async def main(self, put: Put[Page | Gone]) -> None:
        """Steps 2 to 7 until nothing is left."""
        self._pages_before = self._frontier.visited()
        if not self._config.obey_robots:
            logger.warning(
                "robots.txt is ignored on %s; do so on sites of your own only", ", ".join(self._scope.origins)
            )
        async with AsyncExitStack() as opened:
            fetcher = await opened.enter_async_context(Fetcher(self._config, self._guard))
            robots = Robots(self._config, fetcher.robots)
            renderer = await opened.enter_async_context(Renderer(self._config, fetcher, robots, self._scope))
            pool = await opened.enter_async_context(ExtractPool(self._config))
            self._compose(fetcher, robots, renderer, pool, put)
            try:
                await asyncio.gather(
                    *(self._prepare(origin, fetcher, robots) for origin in sorted(self._scope.origins))
                )
                await self._drain()
                while not self._is_out_of_time() and self._frontier.revive():
                    await self._drain()
            finally:
                await self._stop()
        if self._is_out_of_time():
            # The round stays open: the next crawl goes on here.
            self._tally.skipped[Reason.MAX_SECONDS] = self._frontier.counts()[State.QUEUED]
            self.seed_failures = self._recorder.seed_failures
            return
        if self._full_sites():
            self._tally.skipped[Reason.MAX_PAGES_PER_SITE] = self._frontier.counts()[State.QUEUED]
        if self._is_full():
            self._tally.skipped[Reason.MAX_PAGES] = self._frontier.counts()[State.QUEUED]
        if self._config.remove_orphans and not self._unread_sitemaps:
            self._frontier.mark_orphans()
        self.seed_failures = self._recorder.seed_failures
        self._tally.purge_held = await purge(
            self._frontier, put, self._config.max_purge_share, tell=self._note, is_agreed=self._agrees_to_losses
        )
        self._frontier.finish()

    def delay_s(self) -> float:
        """As ``Crawler.delay_s``; may be asked from another thread."""
        delays_s = [pace.delay_s for pace in tuple(self._paces.values())]
        return 1.0 / sum(1.0 / delay_s for delay_s in delays_s) if delays_s and min(delays_s) > 0 else 0.0

    def _compose(
        self, fetcher: Fetcher, robots: Robots, renderer: Renderer, pool: ExtractPool, put: Put[Page | Gone]
    ) -> None:
        config, frontier, scope = self._config, self._frontier, self._scope
        lastmod = LastmodTrust(config)
        self._recorder = Recorder(config=config, queue=frontier, lastmod=lastmod, tell=self._note)
        self._links = Links(config=config, frontier=frontier, scope=scope, tell=self._note)
        reader = Reader(
            config=config,
            originals=frontier,
            scope=scope,
            links=self._links,
            recorder=self._recorder,
            renderer=renderer,
            pool=pool,
            put=put,
        )
        self._visitor = Visitor(
            config=config,
            memory=frontier,
            scope=scope,
            fetcher=fetcher,
            robots=robots,
            reader=reader,
            links=self._links,
            recorder=self._recorder,
            lastmod=lastmod,
        )

    def _note(self, event: CrawlEvent) -> None:
        self._tally.add(event)
        if event.outcome.is_page:
            self._pages_of[origin_of(event.url)] += 1
        if "?" in event.url:
            self._links.visited(event)
        if self._event_log is not None:
            self._event_log.write(event)
        self._tell(event)

    async def _prepare(self, origin: str, fetcher: Fetcher, robots: Robots) -> None:
        rules = await robots.rules(origin) if self._config.obey_robots else None
        if rules is not None:
            self._pace(origin).obey(rules.crawl_delay_s)
        listed = self._sitemaps(origin)
        if self._config.use_sitemaps and rules is not None:
            listed = (*rules.sitemaps, *listed)
        if (self._config.use_sitemaps or listed) and (rules is None or rules.failure is None):
            reader = SitemapReader(self._config, fetcher, robots)
            async for source, urls in reader.read(origin, listed):
                self._links.discover(source, urls)
            self._unread_sitemaps |= not reader.is_complete
        else:
            self._unread_sitemaps |= rules is not None and rules.failure is not None

    def _sitemaps(self, origin: str) -> tuple[str, ...]:
        """Those of the settings that stand on this site, or on none of the crawl for its first site."""
        is_first = origin == min(self._scope.origins)
        placed = ((url, origin_of(url)) for url in map(canonicalise, self._config.sitemaps))
        return tuple(url for url, at in placed if at == origin or (is_first and at not in self._scope.origins))

    async def _drain(self) -> None:
        while not self._is_out_of_time():
            self._start_visits()
            if self._active:
                await asyncio.wait(self._active, timeout=IDLE_S, return_when=asyncio.FIRST_COMPLETED)
                self._reap()
                continue
            # Another worker may have met a seed's redirect to a further site.
            self._scope.origins.update(self._frontier.origins())
            origins = self._scope.origins - self._full_sites()
            due_s = [s for origin in origins if (s := self._frontier.due_in_s(origin)) is not None]
            if not due_s or self._is_full():
                return
            await asyncio.sleep(max(0.0, min(*due_s, self._left_s())))

    def _start_visits(self) -> None:
        for origin in self._scope.origins - self._full_sites():
            pace = self._pace(origin)
            running = sum(1 for lease in self._active.values() if origin_of(lease.url) == origin)
            while running < self._config.concurrency_per_host and not self._is_full():
                if len(self._active) >= self._config.concurrency:
                    return
                lease = self._next_lease(origin, pace)
                if lease is None:
                    break
                self._active[asyncio.create_task(self._visitor.visit(lease, pace))] = lease
                running += 1

    def _pace(self, origin: str) -> Pace:
        if origin not in self._paces:
            self._paces[origin] = Pace(self._config, origin, self._frontier)
        return self._paces[origin]

    def _next_lease(self, origin: str, pace: Pace) -> Lease | None:
        waiting = self._leases.setdefault(origin, deque())
        if not waiting:
            waiting.extend(self._frontier.next(origin, self._batch(pace.delay_s), self._config.lease_s))
        return waiting.popleft() if waiting else None

    def _batch(self, delay_s: float) -> int:
        """How many URLs to lease: no more than are asked for soon, and well before their leases expire."""
        if delay_s == 0:
            return LEASE_BATCH
        return max(1, min(LEASE_BATCH, int(min(LEASED_AHEAD_S, self._config.lease_s / 2) / delay_s)))

    def _is_full(self) -> bool:
        return (
            self._config.max_pages is not None
            and self._pages_before + self._recorder.pages + len(self._active) >= self._config.max_pages
        )

    def _full_sites(self) -> set[str]:
        limit = self._config.max_pages_per_site
        return set() if limit is None else {origin for origin, pages in self._pages_of.items() if pages >= limit}

    def _left_s(self) -> float:
        limit_s = self._config.max_seconds
        return float("inf") if limit_s is None else self._started_s + limit_s - time.monotonic()

    def _is_out_of_time(self) -> bool:
        return self._left_s() <= 0

    def _reap(self) -> None:
        for task in [task for task in self._active if task.done()]:
            lease = self._active.pop(task)
            try:
                task.result()
            except RecollectError:
                raise
            except Exception as error:
                error.add_note(f"while visiting {lease.url}" + (f", found on {lease.referrer}" * bool(lease.referrer)))
                raise

    async def _stop(self) -> None:
        for task in self._active:
            task.cancel()
        await asyncio.gather(*self._active, return_exceptions=True)
        waiting = (lease for leases in self._leases.values() for lease in leases)
        self._frontier.release([lease.url for lease in (*self._active.values(), *waiting)])
