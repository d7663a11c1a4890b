"""Which of the links that were found are queued."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from crawler.extract.extract import WEB_SCHEMES, Extracted
from crawler.frontier.seam import Discovery, Frontier, Lease
from crawler.outcome import Outcome, Reason
from crawler.page import Link
from crawler.report import CrawlEvent
from crawler.urls.combinations import Combinations
from crawler.urls.endless import LONGEST_ROW, EndlessPaths
from crawler.urls.parameters import Parameters, Refused
from crawler.urls.scope import Scope
from crawler.visit.config import VisitConfig
from crawler.visit.sitemap import SitemapEntry

MAX_REMEMBERED_REFUSALS = 50_000
"""Refused URLs kept so that each is counted once; beyond it a repeated link may be counted again."""


class Links:
    """Judges links by the scope and the depth; tells each refused URL once."""

    def __init__(
        self, *, config: VisitConfig, frontier: Frontier, scope: Scope, tell: Callable[[CrawlEvent], None]
    ) -> None:
        self._config = config
        self._frontier = frontier
        self._scope = scope
        self._tell = tell
        self._refused: set[int] = set()
        self._combinations = Combinations(frontier.known, config.max_combinations)
        self._parameters = Parameters()
        self._endless = EndlessPaths()

    def visited(self, event: CrawlEvent) -> None:
        """Learn from what became of a URL which links are worth following."""
        self._parameters.visited(event.url, event.outcome)

    def is_repeated(self, lease: Lease) -> bool:
        """Whether a URL, which was never asked for, is a page that was visited under the number of another session."""
        if lease.reason is Reason.SESSION:
            return True
        return lease.reason is Reason.NONE and lease.depth > 0 and self._parameters.is_repeated(lease.url)

    def of(self, lease: Lease, extracted: Extracted) -> list[Discovery]:
        """The URLs of a page that belong to the crawl."""
        if not extracted.is_followable:
            return []
        for url in extracted.refused_links:
            is_broken = url.lower().startswith(WEB_SCHEMES)
            self._refuse(lease.url, url, lease.depth + 1, Reason.BAD_URL if is_broken else Reason.SCHEME)
        self._endless.read(lease.url, lease.referrer, extracted.text, (link.url for link in extracted.links))
        return self._wanted(lease.url, extracted.links, lease.depth + 1)

    def refuse_target(self, lease: Lease, target: str) -> None:
        """Tell of a redirect that leads out of the public network, as of a link that does."""
        self._refuse(lease.url, target, lease.depth, Reason.ADDRESS)

    def discover(self, source: str, entries: Iterable[SitemapEntry]) -> None:
        """Queue what a sitemap lists, within the scope."""
        lastmods = {entry.url: entry.lastmod_s for entry in entries}
        found = self._wanted(source, (Link(url) for url in lastmods), depth=1, is_listed=True)
        self._frontier.add([replace(item, lastmod_s=lastmods[item.url]) for item in found], source)

    def _wanted(self, source: str, links: Iterable[Link], depth: int, *, is_listed: bool = False) -> list[Discovery]:
        found = []
        too_deep = self._config.max_depth is not None and depth > self._config.max_depth
        for link in map(self._cleaned, links):
            refusal = Reason.NOFOLLOW if link.is_nofollow else self._scope.refusal(link.url)
            if refusal is None and too_deep:
                refusal = Reason.TOO_DEEP
            told = self._told(link.url) if refusal is None and not is_listed and "?" in link.url else None
            if told is None and refusal is None and self._leads_nowhere(source, link.url):
                told = Reason.TRAP, f"{LONGEST_ROW} pages in a row before it, from link to link, brought nothing new"
            if told is not None:
                self._refuse(source, link.url, depth, *told)
            elif refusal is None:
                found.append(Discovery(link.url, depth, source))
            else:
                self._refuse(source, link.url, depth, refusal)
        return found

    def _cleaned(self, link: Link) -> Link:
        url = self._parameters.cleaned(link.url)
        return link if url == link.url else replace(link, url=url)

    def _told(self, url: str) -> Refused | None:
        if self._parameters.is_repeated(url):
            return Reason.SESSION, ""
        return self._parameters.refusal(url) or self._combinations.refusal(url)

    def _leads_nowhere(self, source: str, url: str) -> bool:
        return self._endless.leads_nowhere(source, url) and self._frontier.history(url) is None

    def _refuse(self, source: str, url: str, depth: int, reason: Reason, detail: str = "") -> None:
        key = hash(url)
        if key in self._refused:
            return
        if len(self._refused) < MAX_REMEMBERED_REFUSALS:
            self._refused.add(key)
        if reason is Reason.ADDRESS and (told := self._scope.explain(url)):
            detail = told.detail
        self._tell(CrawlEvent(url, Outcome.SKIPPED, reason, depth=depth, referrer=source, detail=detail))
