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
from crawler.fetch.error import status_error
from crawler.fetch.fetch import Fetcher
from crawler.fetch.guard import Guard
from crawler.fetch.response import Response
from crawler.outcome import Outcome, Reason
from crawler.render.render import Renderer
from crawler.urls.robots import Robots
from crawler.urls.scope import Scope
from crawler.urls.url import origin_of, resolve
from crawler.visit.visit import REDIRECTS
from indexer.config import IndexConfig
from server.probe.page import page_told
from server.probe.scope import scope_of
from server.settings.config import Config

HEADERS = ("Content-Type", "ETag", "Last-Modified", "Cache-Control", "Expires", "Retry-After", "X-Robots-Tag")
"""Headers of an answer that say something about crawling."""

Json = dict[str, Any]


def scope_told(scope: Scope, url: str) -> Json:
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

    async def robots_told(self, url: str) -> Json:
        """What robots.txt says of a URL, and by which line. ``error`` where it could not be asked."""
        if not self.crawl.obey_robots:
            return {"is_allowed": True, "is_ignored": True, "line": "", "crawl_delay_s": None, "sitemaps": []}
        rules = await self.robots.rules(origin_of(url))
        told: Json = {
            "is_allowed": rules.allowed(url),
            "is_ignored": False,
            "line": rules.deciding_line(url),
            "crawl_delay_s": rules.crawl_delay_s,
            "sitemaps": list(rules.sitemaps),
        }
        return told | ({"error": error_told(rules.failure)} if rules.failure is not None else {})

    async def page(self, url: str) -> Json:
        """Ask for one page as a crawl does, and tell what a crawl would make of it.

        ``outcome`` and ``reason`` are those of a crawl's event. A URL that the rules leave out is asked for all the
        same, one that robots.txt forbids is not.
        """
        told: Json = {"url": url, "scope": scope_told(self.scope, url), "robots": await self.robots_told(url)}
        robots = told["robots"]
        if "error" in robots:
            return told | {"outcome": Outcome.FAILED, "reason": robots["error"]["reason"], "error": robots["error"]}
        if not robots["is_allowed"]:
            return told | {"outcome": Outcome.SKIPPED, "reason": Reason.ROBOTS}
        accepted = READABLE_TYPES if self.crawl.read_documents else HTML_TYPES
        try:
            response = await self.fetcher.get(url, accepted=accepted)
        except FetchError as error:
            told |= {"outcome": error.reason.outcome, "reason": error.reason, "error": error_told(error)}
        else:
            told |= await self._answer(response)
        if not told["scope"]["is_allowed"] and told["outcome"] is not Outcome.FAILED:
            told |= {"outcome": Outcome.SKIPPED, "reason": told["scope"]["reason"]}
        return told

    async def _answer(self, response: Response) -> Json:
        told: Json = {
            "status": response.status,
            "headers": {name: response.headers[name] for name in HEADERS if name in response.headers},
            "is_signed_in": response.is_signed_in,
        }
        if response.status in REDIRECTS and response.location:
            target = resolve(response.url, response.location, self.crawl.tracking_parameters)
            if target is None:
                what = f"{response.url} redirects to {response.location}"
                error = FetchError(response.url, Reason.BAD_REDIRECT, what, "Check the address")
                return told | {"outcome": Outcome.FAILED, "reason": error.reason, "error": error_told(error)}
            redirect = {"url": target, **scope_told(self.scope, target)}
            return told | {
                "outcome": Outcome.REDIRECT,
                "reason": redirect["reason"] or Reason.REDIRECT,
                "redirect": redirect,
            }
        if response.status != 200:
            error = status_error(response)
            return told | {"outcome": Outcome.FAILED, "reason": error.reason, "error": error_told(error)}
        told |= {"type": response.content_type, "charset": response.charset, "size_bytes": response.wire_bytes}
        try:
            return told | await page_told(response, self.crawl, self.scope, self._index, self._renderer)
        except FetchError as failed:
            return told | {"outcome": Outcome.FAILED, "reason": failed.reason, "error": error_told(failed)}
        except UnreadableDocument as unreadable:
            error = FetchError(response.url, unreadable.reason, unreadable.what, unreadable.cure)
            return told | {"outcome": Outcome.SKIPPED, "reason": error.reason, "error": error_told(error)}


def error_told(error: FetchError) -> Json:
    """An error as a document."""
    return {"reason": error.reason, "what": error.what, "cure": error.cure}
