"""One look at a site with the crawl's own settings: nothing is kept, no folder is made.

A page is asked for by the very parts that a crawl is made of, so what is told here is what a crawl would do.
"""

from contextlib import AsyncExitStack
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from crawler.documents.content_type import HTML_TYPES, READABLE_TYPES
from crawler.documents.draft import UnreadableDocument
from crawler.errors import FetchError
from crawler.fetch.fetch import Fetcher
from crawler.fetch.guard import Guard
from crawler.fetch.response import Response
from crawler.frontier.seam import Lease
from crawler.outcome import Outcome, Reason
from crawler.render.render import Renderer
from crawler.urls.ascii import as_text
from crawler.urls.robots import Robots
from crawler.urls.scope import Scope
from crawler.urls.url import origin_of
from crawler.visit import decide
from crawler.visit.decide import Decision
from indexer.config import IndexConfig
from server.probe.page import page_json
from server.probe.scope import scope_of
from server.settings.config import Config

HEADERS = ("Content-Type", "ETag", "Last-Modified", "Cache-Control", "Expires", "Retry-After", "X-Robots-Tag")
"""Headers of an answer that say something about crawling."""

Json = dict[str, Any]


def scope_json(scope: Scope, url: str) -> Json:
    """Does a URL belong to the crawl, and which rule decided?"""
    refusal = scope.explain(url)
    if refusal is not None:
        return {"is_allowed": False, "reason": refusal.reason, "rule": refusal.detail}
    return {"is_allowed": True, "reason": Reason.NONE, "rule": scope.deciding_rule(url)}


class Probe:
    """Asks one site. Use with ``async with``; ``url`` is canonical, and any of the site's may be asked about."""

    def __init__(self, config: Config, url: str) -> None:
        crawl, self.scope = scope_of(config, url)
        # Nobody waits for a second try, and nothing is written.
        self.crawl = replace(crawl, warc=None, event_log=None, max_retries=0)
        self._index: IndexConfig = config.index
        self.fetcher = Fetcher(self.crawl, Guard.for_urls(self.scope.origins))
        self.robots = Robots(self.crawl, self.fetcher.robots)
        self._renderer = Renderer(self.crawl, self.fetcher, self.robots, self.scope)

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.fetcher)
            await stack.enter_async_context(self._renderer)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def robots_json(self, url: str) -> Json:
        """What robots.txt says of a URL, and by which line. ``error`` where it could not be asked."""
        if not self.crawl.obey_robots:
            return {"is_allowed": True, "is_ignored": True, "line": "", "crawl_delay_s": None, "sitemaps": []}
        rules = await self.robots.rules(origin_of(url))
        document: Json = {
            "is_allowed": rules.allowed(url),
            "is_ignored": False,
            "line": rules.deciding_line(url),
            "crawl_delay_s": rules.crawl_delay_s,
            "sitemaps": list(rules.sitemaps),
        }
        return document | ({"error": error_json(rules.failure)} if rules.failure is not None else {})

    async def page(self, url: str, *, is_seed: bool = False) -> Json:
        """Ask for one page as a crawl does, and tell what a crawl would make of it.

        ``outcome`` and ``reason`` are those of a crawl's event. A URL that the rules leave out is asked for all the
        same, one that robots.txt forbids is not. Where a seed leads, other sites belong to the crawl too.
        """
        document: Json = {"url": url, "scope": scope_json(self.scope, url), "robots": await self.robots_json(url)}
        lease = Lease(url, depth=0 if is_seed else 1)
        if self.crawl.obey_robots:
            decision = decide.forbidden(lease, await self.robots.rules(origin_of(url)))
            if decision is not None:
                is_shown = decision.reason is Reason.ROBOTS  # under ``robots``, line and all
                return document | decision_json(decision if not is_shown else replace(decision, error=None))
        try:
            response = await self._ask(url)
        except FetchError as error:
            document |= decision_json(decide.failed(lease, error, self.crawl))
        else:
            document |= await self._answer(lease, response)
        if not document["scope"]["is_allowed"] and document["outcome"] is not Outcome.FAILED:
            document |= {"outcome": Outcome.SKIPPED, "reason": document["scope"]["reason"]}
        return document

    async def _ask(self, url: str) -> Response:
        accepted = READABLE_TYPES if self.crawl.read_documents else HTML_TYPES
        response = await self.fetcher.get(url, accepted=accepted)
        is_turned_back = decide.is_turned_back(response, self.crawl.tracking_parameters)
        return await self.fetcher.get(url, accepted=accepted) if is_turned_back else response

    async def _answer(self, lease: Lease, response: Response) -> Json:
        document: Json = {
            "status": response.status,
            "headers": {name: as_text(response.headers[name]) for name in HEADERS if name in response.headers},
            "is_signed_in": response.is_signed_in,
        }
        decision = decide.answered(lease, response, self.scope, self.crawl)
        if decision is not None:
            return document | self._decided(decision)
        document |= {"type": response.content_type, "charset": response.charset, "size_bytes": response.wire_bytes}
        try:
            decision, page = await page_json(lease, response, self.crawl, self.scope, self._index, self._renderer)
        except (FetchError, UnreadableDocument) as error:
            return document | self._decided(decide.unread(lease, error))
        return document | self._decided(decision) | page

    def _decided(self, decision: Decision) -> Json:
        document = decision_json(decision)
        if decision.outcome is Outcome.REDIRECT and decision.target is not None:
            is_taken_in = decision.widens is not None and decision.refusal is None
            place = OWN if is_taken_in else scope_json(self.scope, decision.target)
            document["redirect"] = {"url": decision.target, **place}
        return document


OWN: Json = {"is_allowed": True, "reason": Reason.NONE, "rule": "a seed leads there"}


def decision_json(decision: Decision) -> Json:
    """A decision as a document."""
    document: Json = {"outcome": decision.outcome, "reason": decision.reason}
    return document | ({"error": error_json(decision.error)} if decision.error is not None else {})


def error_json(error: FetchError) -> Json:
    """An error as a document."""
    return {"reason": error.reason, "what": error.what, "cure": error.cure}
