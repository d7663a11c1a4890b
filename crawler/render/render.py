"""Pages as a browser shows them: Chromium runs their scripts, and what stands in the tree then is read.

The browser has no way to any network. It is started behind a proxy that does not exist and resolves no name; each
request is answered by ``crawler/render/requests.py`` from the crawl's own fetcher.
"""

import asyncio
import logging
import os
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from crawler.documents.content_type import HTML_TYPES
from crawler.errors import CrawlError, FetchError, MissingExtra
from crawler.extract.extract import Extracted
from crawler.fetch.authentication import Authentication
from crawler.fetch.fetch import Fetcher
from crawler.fetch.response import Response
from crawler.outcome import Reason
from crawler.render.config import RenderConfig
from crawler.render.requests import PageRequests, SharedScripts
from crawler.render.shell import is_shell
from crawler.urls.glob import first_match, patterns_of
from crawler.urls.robots import Robots
from crawler.urls.scope import Scope
from crawler.urls.url import origin_of

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Playwright, WebSocketRoute

logger = logging.getLogger(__name__)

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever would not come to ``PageRequests`` ends here.
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    # Calls between browsers (WebRTC) know neither routes nor, without this, the proxy.
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=512",
)
PAGES_PER_BROWSER = 100
PAGES_AT_ONCE = 4
START_TIMEOUT_S = 30.0
CLOSE_TIMEOUT_S = 10.0
POLL_S = 0.1
QUIET_S = 0.5
"""So long there is no request and no change of the tree before a page counts as built."""

VIEWPORT = (1280, 4000)
"""High, since some pages build only what is in view."""

STATE = "() => [document.readyState, document.getElementsByTagName('*').length, document.body?.textContent.length]"
READ = """limit => {
  document.querySelectorAll('noscript').forEach(node => node.remove());
  const html = document.documentElement.outerHTML;
  return html.length > limit ? null : '<!doctype html>' + html;
}"""
CURE = "Raise crawl.render_timeout_s, or leave the page out with crawl.exclude"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page after its scripts ran. ``response`` has their HTML and no validators: those are of what was sent.

    ``notes`` say what its scripts were refused, ``leads_to`` where they wanted to send the reader.
    """

    response: Response
    notes: tuple[str, ...] = ()
    leads_to: str | None = None


class _Running:
    """One browser and how much it has done."""

    def __init__(self, browser: "Browser") -> None:
        self.browser = browser
        self.opened = 0
        self.open = 0
        self.is_broken = False

    @property
    def is_usable(self) -> bool:
        return not self.is_broken and self.opened < PAGES_PER_BROWSER and self.browser.is_connected()


class Renderer:
    """Renders pages of one crawl in one browser, a fresh context for each. Use with ``async with``.

    Entering raises CrawlError when rendering is wanted and Playwright or Chromium are missing. The browser starts
    with the first page that needs it.
    """

    def __init__(self, config: RenderConfig, fetcher: Fetcher, robots: Robots, scope: Scope) -> None:
        self._config = config
        self._fetcher = fetcher
        self._robots = robots
        self._scope = scope
        self._authentication = Authentication(config.authentication)
        self._included = patterns_of(config.render_include)
        self._scripts = SharedScripts()
        self._slots = asyncio.Semaphore(PAGES_AT_ONCE)
        self._starting = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._running: _Running | None = None
        self._executable = ""

    async def __aenter__(self) -> Self:
        if self._config.render != "never":
            self._executable = executable(self._config)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._running is not None:
            await _closed(self._running.browser)
        if self._playwright is not None:
            with suppress(Exception):
                await asyncio.wait_for(self._playwright.stop(), CLOSE_TIMEOUT_S)

    def is_wanted(self, response: Response) -> bool:
        """Is this page rendered whatever it says?"""
        return self._config.render == "always" and self._may(response)

    def is_needed(self, response: Response, extracted: Extracted) -> bool:
        """Is this page rendered because it says nothing by itself?"""
        return self._config.render == "auto" and self._may(response) and is_shell(response.body, extracted)

    def _may(self, response: Response) -> bool:
        if response.content_type not in HTML_TYPES:
            return False
        url = response.url
        return not self._included or first_match(self._included, url, url[len(origin_of(url)) :]) is not None

    async def render(self, response: Response) -> Rendered:
        """Run a page's scripts. Raises FetchError with reason ``render`` when the browser hangs or breaks."""
        from playwright.async_api import Error

        async with self._slots:
            try:
                running = await self._browser()
            except (Error, OSError, TimeoutError) as error:
                cure = "Run it by hand to see what it says, or name another in crawl.render_browser"
                raise _failed(response.url, f"{self._executable} does not start: {_short(error)}", cure) from error
            running.opened += 1
            running.open += 1
            try:
                return await self._rendered(running, response)
            except TimeoutError as error:
                what = f"the page still works after {self._config.render_timeout_s:g} s"
                raise _failed(response.url, what, CURE) from error
            except Error as error:
                running.is_broken = True
                raise _failed(response.url, f"the browser gave up: {_short(error)}", CURE) from error
            finally:
                running.open -= 1
                if running.open == 0 and not running.is_usable:
                    await _closed(running.browser)

    async def _browser(self) -> _Running:
        async with self._starting:
            if self._running is None or not self._running.is_usable:
                if self._playwright is None:
                    from playwright.async_api import async_playwright

                    self._playwright = await async_playwright().start()
                browser = await self._playwright.chromium.launch(
                    executable_path=self._executable,
                    args=list(FLAGS),
                    # Chromium refuses to run as root with its sandbox.
                    chromium_sandbox=os.geteuid() != 0,
                    handle_sigint=False,
                    handle_sigterm=False,
                    handle_sighup=False,
                    timeout=START_TIMEOUT_S * 1000,
                )
                self._running = _Running(browser)
            return self._running

    async def _rendered(self, running: _Running, response: Response) -> Rendered:
        requests = PageRequests(
            response,
            config=self._config,
            fetcher=self._fetcher,
            robots=self._robots,
            sites=self._scope.origins,
            authentication=self._authentication,
            scripts=self._scripts,
        )
        deadline_s = time.monotonic() + self._config.render_timeout_s
        async with asyncio.timeout(self._config.render_timeout_s):
            context = await running.browser.new_context(
                user_agent=self._config.user_agent_header,
                viewport={"width": VIEWPORT[0], "height": VIEWPORT[1]},
                service_workers="block",
                accept_downloads=False,
            )
        try:
            html = await self._html(context, requests, response.url, deadline_s)
        finally:
            if not await _closed(context):
                running.is_broken = True
        if html is None:
            raise _failed(response.url, "its scripts build more than max_page_bytes", "Raise crawl.max_page_bytes")
        built = replace(
            response.without_validators(),
            body=html.encode("utf-8", "replace"),
            charset="utf-8",
            wire_bytes=requests.wire_bytes,
        )
        return Rendered(built, tuple(requests.notes), requests.leads_to)

    async def _html(self, context: "BrowserContext", requests: PageRequests, url: str, deadline_s: float) -> str | None:
        """The tree once it is quiet or its time is over; None when it is too large."""
        async with asyncio.timeout_at(_loop_time(deadline_s) + 1.0):
            await context.route("**/*", requests.answer)
            await context.route_web_socket("**/*", _refuse_socket)
            page = await context.new_page()
            await page.goto(url, wait_until="commit", timeout=0)
            await _quiet(page, requests, deadline_s)
            html: str | None = await page.evaluate(READ, self._config.max_page_bytes)
            return html


async def _quiet(page: "Page", requests: PageRequests, deadline_s: float) -> None:
    """Wait until nothing is asked for and nothing changes, at the longest until the deadline."""
    state: Any = None
    since_s = time.monotonic()
    while time.monotonic() < deadline_s:
        seen = await page.evaluate(STATE)
        if seen != state or seen[0] == "loading":
            state, since_s = seen, time.monotonic()
        if min(time.monotonic() - since_s, requests.quiet_s()) >= QUIET_S:
            return
        await asyncio.sleep(POLL_S)


async def _refuse_socket(socket: "WebSocketRoute") -> None:
    await socket.close()


async def _closed(thing: "Browser | BrowserContext") -> bool:
    """Close within bounds; a browser that hangs is left to Playwright, which kills it."""
    from playwright.async_api import Error

    try:
        await asyncio.wait_for(thing.close(), CLOSE_TIMEOUT_S)
    except (Error, TimeoutError) as error:
        logger.debug("the browser does not close: %s", error)
        return False
    return True


def executable(config: RenderConfig) -> str:
    """The browser that is used. Raises CrawlError when it is missing, MissingExtra without Playwright."""
    try:
        import playwright  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise MissingExtra(f"crawl.render: {config.render}", "render") from error
    return browser_path(config.render_browser)


def browser_path(named: Path | None) -> str:
    """Chromium as ``named``, or as it is found. Raises CrawlError when it is missing."""
    found = [shutil.which(str(name)) for name in ((named,) if named is not None else NAMES)]
    path = next(filter(None, found), None)
    if path is None:
        what = (
            f"crawl.render_browser {named} cannot be run" if named else "crawl.render needs Chromium, not on the PATH"
        )
        raise CrawlError(what, "Install it (Debian: apt-get install chromium), or name it in crawl.render_browser")
    return path


def _loop_time(at_s: float) -> float:
    return asyncio.get_running_loop().time() + at_s - time.monotonic()


def _failed(url: str, what: str, cure: str) -> FetchError:
    return FetchError(url, Reason.RENDER, f"{url} cannot be rendered: {what}", cure)


def _short(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
