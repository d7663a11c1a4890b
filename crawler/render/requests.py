"""Answers what a page asks for while a browser renders it: every request goes through the crawl's own fetcher.

So the guard, the proxy, credentials, cookies and limits hold for scripts as they do for pages; the browser itself
reaches no network. What a script may ask beyond that is judged here:

- GET and HEAD anywhere the guard and robots.txt allow; POST to the page's own origin, and to others that are no site
  of the crawl; nothing else.
- No request to another origin for which there are credentials: a page must not borrow those of its neighbour.
- A redirect to another origin gives a script only what that origin shows to everybody (``*``).
"""

import logging
import time
from collections.abc import Collection
from typing import TYPE_CHECKING

from crawler.errors import FetchError
from crawler.fetch.authentication import Authentication
from crawler.fetch.error import address_refused
from crawler.fetch.fetch import Fetcher
from crawler.fetch.response import Response
from crawler.outcome import Reason
from crawler.render.config import RenderConfig
from crawler.urls.robots import Robots
from crawler.urls.url import join, origin_of, resolve

if TYPE_CHECKING:
    from playwright.async_api import Request, Route

logger = logging.getLogger(__name__)

REDIRECTS = frozenset({301, 302, 303, 307, 308})
FETCHED = frozenset({"script", "xhr", "fetch"})
"""Resource types that text may come from. Images, fonts, media, frames and sockets are not asked for at all."""

PASSED_ON = frozenset({"accept", "accept-language", "content-type", "origin", "referer", "authorization"})
"""Headers of a script's request that are sent, besides those that begin with ``x-``."""

NOT_FOR_BROWSER = frozenset(
    {"connection", "content-encoding", "content-length", "keep-alive", "set-cookie", "transfer-encoding"}
)
MAX_SHARED_BYTES = 32 * 1024 * 1024
MAX_NOTES = 5


class SharedScripts:
    """Scripts that were fetched once in a crawl, since each page of a site loads the same ones."""

    def __init__(self) -> None:
        self._kept: dict[str, Response] = {}
        self._size_bytes = 0

    def get(self, url: str) -> Response | None:
        """The answer kept for a URL."""
        return self._kept.get(url)

    def keep(self, url: str, response: Response) -> None:
        """Keep a good answer while there is room."""
        if response.status == 200 and self._size_bytes + len(response.body) <= MAX_SHARED_BYTES:
            self._size_bytes += len(response.body)
            self._kept[url] = response


class PageRequests:
    """The requests of one page. ``notes`` say what was refused, ``leads_to`` where its script wanted to go."""

    def __init__(
        self,
        page: Response,
        *,
        config: RenderConfig,
        fetcher: Fetcher,
        robots: Robots,
        sites: Collection[str],
        authentication: Authentication,
        scripts: SharedScripts,
    ) -> None:
        self._page = page
        self._origin = origin_of(page.url)
        self._config = config
        self._fetcher = fetcher
        self._robots = robots
        self._sites = sites
        self._authentication = authentication
        self._scripts = scripts
        self._is_served = False
        self._asked = 0
        self._left_bytes = config.render_max_bytes
        self._under_way = 0
        self._ended_s = time.monotonic()
        self.notes: list[str] = []
        self.leads_to: str | None = None
        self.wire_bytes = page.wire_bytes

    def quiet_s(self) -> float:
        """Seconds since the last request ended; 0 while one is under way."""
        return 0.0 if self._under_way else time.monotonic() - self._ended_s

    async def answer(self, route: "Route") -> None:
        """Fulfil or abort one request of the browser."""
        from playwright.async_api import Error

        self._under_way += 1
        try:
            await self._answer(route)
        except FetchError as error:
            self._note(f"{error.reason}: {error.what}")
            await self._abort(route)
        except Error as error:
            # The page was closed meanwhile.
            logger.debug("%s: %s", self._page.url, error)
        finally:
            self._under_way -= 1
            self._ended_s = time.monotonic()

    async def _abort(self, route: "Route") -> None:
        from playwright.async_api import Error

        try:
            await route.abort("blockedbyclient")
        except Error as error:
            logger.debug("%s: %s", self._page.url, error)

    async def _answer(self, route: "Route") -> None:
        request = route.request
        if request.is_navigation_request():
            await self._navigate(route)
        elif request.resource_type == "stylesheet":
            # Loaders wait for style sheets; text does not need what is in them.
            await route.fulfill(status=200, content_type="text/css", body="")
        elif request.resource_type not in FETCHED:
            await route.abort("blockedbyclient")
        else:
            response = await self._fetched(request)
            await route.fulfill(status=response.status, headers=_for_browser(response), body=response.body)

    async def _navigate(self, route: "Route") -> None:
        if not self._is_served:
            self._is_served = True
            await route.fulfill(status=200, headers=_for_browser(self._page), body=self._page.body)
            return
        if route.request.frame.parent_frame is None:
            self.leads_to = route.request.url
        await route.abort("aborted")

    async def _fetched(self, request: "Request") -> Response:
        url = resolve(request.url, request.url, ())
        if url is None:
            raise address_refused(request.url, "not an http or https address")
        is_script = request.resource_type == "script" and request.method == "GET"
        known = self._scripts.get(url) if is_script else None
        if known is not None:
            return known
        method, body, asked_for = request.method, request.post_data_buffer, url
        headers = {name: value for name, value in request.headers.items() if _is_passed_on(name)}
        for _ in range(self._config.max_redirects):
            response = await self._ask(method, url, headers, body)
            target = join(url, response.location) if response.status in REDIRECTS and response.location else None
            if target is None:
                break
            if response.status == 303 or (response.status in (301, 302) and method == "POST"):
                method, body = "GET", None
            if origin_of(target) != origin_of(url):
                headers.pop("authorization", None)
            url = resolve(url, target, ()) or target
        else:
            raise FetchError(url, Reason.TOO_MANY_REDIRECTS, f"{asked_for} redirects too often")
        if origin_of(url) != origin_of(asked_for) and not is_script and _readers(response) != "*":
            raise FetchError(url, Reason.OTHER_SITE, f"{asked_for} redirects to {url}, which is not for other sites")
        if is_script:
            self._scripts.keep(asked_for, response)
        return response

    async def _ask(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> Response:
        """One request, counted, judged and within the limits."""
        if self._asked >= self._config.render_max_requests:
            raise FetchError(url, Reason.RENDER_MAX_REQUESTS, f"{url} is one request too many for one page")
        if self._left_bytes <= 0:
            raise FetchError(url, Reason.RENDER_MAX_BYTES, f"{url} is more than render_max_bytes allows for one page")
        self._asked += 1
        if reason := self._refusal(method, url):
            raise FetchError(url, Reason.SCRIPT, f"{method} {url} is refused: {reason}")
        if self._config.obey_robots:
            rules = await self._robots.rules(origin_of(url))
            if rules.failure is not None:
                raise rules.failure
            if not rules.allowed(url):
                raise FetchError(url, Reason.ROBOTS, f"robots.txt forbids {url}: {rules.deciding_line(url)}")
        response = await self._fetcher.send(method, url, headers=headers, body=body, max_bytes=self._left_bytes)
        self._left_bytes -= len(response.body)
        self.wire_bytes += response.wire_bytes
        return response

    def _refusal(self, method: str, url: str) -> str | None:
        if method not in ("GET", "HEAD", "POST"):
            return "a page that is rendered may not change anything"
        origin = origin_of(url)
        if origin == self._origin:
            return None
        if method == "POST" and origin in self._sites:
            return "it is another site of this crawl"
        if self._authentication.entry_for(url) is not None:
            return "the credentials for it are not for other sites"
        return None

    def _note(self, text: str) -> None:
        logger.debug("%s: %s", self._page.url, text)
        if len(self.notes) < MAX_NOTES:
            self.notes.append(text)


def _is_passed_on(name: str) -> bool:
    return name in PASSED_ON or name.startswith("x-")


def _readers(response: Response) -> str:
    return response.headers.get("Access-Control-Allow-Origin", "")


def _for_browser(response: Response) -> dict[str, str]:
    return {
        name: ", ".join(response.headers.getall(name))
        for name in response.headers
        if name.lower() not in NOT_FOR_BROWSER
    }
