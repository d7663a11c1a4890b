"""robots.txt by RFC 9309: what a file permits (protego reads it), and what its absence or failure means.

=====================  ==========================================================================================
answer                 meaning (RFC 9309 section 2.3.1)
=====================  ==========================================================================================
2xx                    the rules of the first 500 KiB
4xx                    "unavailable": everything is allowed
429, 5xx, no answer    "unreachable": nothing is allowed, asked again later (429 counts as overload, as Google does)
3xx                    up to five redirects are followed, also to another host; more count as unavailable
=====================  ==========================================================================================
"""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from protego import Protego

from crawler.errors import FetchError
from crawler.outcome import Reason
from crawler.urls.config import RobotsConfig
from crawler.urls.robots_line import POLICIES, deciding_line
from crawler.urls.url import join

logger = logging.getLogger(__name__)

MAX_ROBOTS_BYTES = 500 * 1024
"""RFC 9309 section 2.5: the parsing limit must be at least 500 kibibytes."""

MAX_ROBOTS_REDIRECTS = 5
"""RFC 9309 section 2.3.1.2."""

_HAS_MEANING = re.compile(
    rf"\s*(?:user[- ]?agent|{'|'.join(POLICIES)}|site-?maps?|crawl[- ]delay|request[- ]rate|visit[- ]time|host)\b",
    re.IGNORECASE,
)
"""How the lines begin that protego reads."""

_AGENT = re.compile(r"^(\s*user[- ]?agent\s*:\s*)([^\s/#;(]+)[^#]*", re.IGNORECASE)
"""The name of a crawler ends at the first blank, slash or bracket (RFC 9309 section 2.2.1 allows letters, _ and -)."""

UNREACHABLE_CACHE_S = 300.0
"""How long a failure is believed before the file is asked for again."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin permits one crawler. ``failure`` says why nothing is permitted when the file was unreachable."""

    file: Protego | None
    agent: str
    crawl_delay_s: float | None = None
    sitemaps: tuple[str, ...] = ()
    failure: FetchError | None = None
    expires_at_s: float = field(default=float("inf"), compare=False)
    text: str = field(default="", repr=False)

    def deciding_line(self, url: str) -> str:
        """The line of the file that decided about ``url``, with its number; empty where no line is about it."""
        found = deciding_line(self.text, self.agent, url) if self.file is not None else None
        return f"line {found[0]}: {found[1]}" if found else ""

    def allowed(self, url: str) -> bool:
        """May ``url`` be fetched?"""
        if self.failure is not None:
            return False
        return self.file is None or bool(self.file.can_fetch(url, self.agent))


def parse_rules(text: str, agent: str, max_crawl_delay_s: float = float("inf"), origin: str = "") -> Rules:
    """Rules for ``agent`` (a product token) in a robots.txt; unreadable lines are ignored, as the standard wants."""
    text = _without_other_records(text)
    file = Protego.parse(text)
    delay = file.crawl_delay(agent)
    if delay is not None and delay > max_crawl_delay_s:
        logger.warning("%s asks for a crawl delay of %g s; using the limit of %g s", origin, delay, max_crawl_delay_s)
        delay = max_crawl_delay_s
    return Rules(file, agent, delay, tuple(file.sitemaps), text=text)


def _without_other_records(text: str) -> str:
    """Lines of no meaning emptied: they must not come between the lines of a group (RFC 9309 section 2.2.4).

    Of an agent its product token is left: people add the version, as in ``Recollect/0.1``.
    """
    lines = (line if _HAS_MEANING.match(line) else "" for line in text.splitlines())
    return "\n".join(_AGENT.sub(r"\1\2", line) for line in lines)


@dataclass(frozen=True, slots=True)
class RobotsAnswer:
    """One answer to a request for robots.txt; ``location`` is the absolute target of a redirect."""

    status: int
    text: str = ""
    location: str | None = None


AskRobots = Callable[[str], Awaitable[RobotsAnswer]]
"""Fetch one URL without following redirects; raises FetchError when there is no answer."""


class Robots:
    """The rules of each origin, fetched once and kept for ``robots_cache_s``."""

    def __init__(self, config: RobotsConfig, ask: AskRobots) -> None:
        self._config = config
        self._ask = ask
        self._rules: dict[str, Rules] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def rules(self, origin: str) -> Rules:
        """The rules of ``origin`` (scheme://host:port); concurrent callers share one request."""
        rules = self._rules.get(origin)
        if rules is not None and rules.expires_at_s > time.monotonic():
            return rules
        async with self._locks.setdefault(origin, asyncio.Lock()):
            rules = self._rules.get(origin)
            if rules is None or rules.expires_at_s <= time.monotonic():
                rules = self._rules[origin] = await self._fetch_with_retries(origin)
            return rules

    async def _fetch_with_retries(self, origin: str) -> Rules:
        for attempt in range(self._config.max_retries + 1):
            try:
                return await self._fetch(origin)
            except FetchError as error:
                failure = error
            if attempt < self._config.max_retries and failure.reason is not Reason.ADDRESS:
                await asyncio.sleep(self._config.retry_delay_s * 2**attempt)
        logger.warning("robots.txt of %s is unreachable, so nothing there is fetched: %s", origin, failure.what)
        expires = time.monotonic() + UNREACHABLE_CACHE_S
        return Rules(None, self._config.robots_token, failure=failure, expires_at_s=expires)

    async def _fetch(self, origin: str) -> Rules:
        expires = time.monotonic() + self._config.robots_cache_s
        allow_all = Rules(None, self._config.robots_token, expires_at_s=expires)
        url = f"{origin}/robots.txt"
        for _ in range(MAX_ROBOTS_REDIRECTS + 1):
            answer = await self._ask(url)
            if 300 <= answer.status < 400 and answer.location and (target := join(url, answer.location)):
                url = target
                continue
            if answer.status == 429 or answer.status >= 500:
                raise FetchError(
                    url,
                    Reason.of_status(answer.status),
                    f"{url} answers {answer.status}, and a site whose robots.txt fails must not be crawled",
                    "Try again later; for your own site, set obey_robots to false",
                )
            if answer.status != 200:
                return allow_all
            rules = parse_rules(answer.text, self._config.robots_token, self._config.max_crawl_delay_s, origin)
            return replace(rules, expires_at_s=expires)
        return allow_all
