"""Sitemaps (sitemaps.org): URL sets, indexes, plain lists and their gzip forms, within limits that stop bombs."""

import logging
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import Final

from crawler.errors import FetchError
from crawler.extract.head import parse_date
from crawler.fetch.fetch import Fetcher
from crawler.fetch.inflate import GZIP_MAGIC, gunzip
from crawler.text.decode import decode
from crawler.urls.robots import Robots
from crawler.urls.url import origin_of, resolve
from crawler.visit.config import SitemapConfig

logger = logging.getLogger(__name__)

MAX_DEPTH: Final = 3
"""An index may list sitemaps; some sites nest indexes although the standard does not allow it."""

MAX_URLS_PER_FILE: Final = 50_000
"""The limit of the standard for one file."""

DAY_S: Final = 24 * 3600.0
CLOCK_ERROR_S: Final = 300.0
"""Dates later than this from now are no modification dates."""

# A sitemap is read with one expression instead of an XML parser: it needs two elements, tolerates what is not well
# formed, no entity can be declared or expanded, and each character is looked at once, whatever the file holds.
_TOKEN = re.compile(
    r"<(?:(?!image:|video:|news:)\w{1,20}:)?(url|sitemap|loc|lastmod)\b[^<>]{0,500}>(?:\s*<!\[CDATA\[)?([^<]*)"
)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FEED = re.compile(r"<(?:\w{1,20}:)?(?:rss|feed|RDF)\b", re.IGNORECASE)
_FEED_TOKEN = re.compile(
    r"<(?:(?:atom|a|rss|dc|dcterms):)?(item|entry|link|guid|pubDate|updated|modified|date)\b([^<>]{0,1000})>"
    r"(?:\s*<!\[CDATA\[)?([^<]*)"
)
_ATTRIBUTE = re.compile(r"([\w:]{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_START_CHARS = 1024


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """One line of a sitemap. ``is_index``: the URL is another sitemap.

    ``lastmod_s``: seconds since 1970 after which it was not modified.
    """

    url: str
    is_index: bool = False
    lastmod_s: float | None = None


def parse_sitemap(body: bytes, max_bytes: int) -> list[SitemapEntry]:
    """The entries of a sitemap in XML or plain text, of an RSS or Atom feed, gzipped or not, in any encoding.

    What cannot be read is left out, and so is what stands in comments.

    At most ``max_bytes`` are decompressed and at most ``MAX_URLS_PER_FILE`` entries returned.
    """
    if body.startswith(GZIP_MAGIC):
        body = gunzip(body, max_bytes)
    text = _COMMENT.sub("", decode(body[:max_bytes]))
    if _FEED.search(text[:_START_CHARS]):
        return _feed_entries(text)
    if "<" not in text[:_START_CHARS]:
        lines = (line.strip() for line in text.splitlines())
        return [SitemapEntry(line) for line in lines if line.startswith(("http://", "https://"))][:MAX_URLS_PER_FILE]
    entries: list[SitemapEntry] = []
    is_index = has_url = False
    for match in _TOKEN.finditer(text):
        name, value = match[1], unescape(match[2]).replace("]]>", "").strip()
        if name in ("url", "sitemap"):
            is_index, has_url = name == "sitemap", False
        elif name == "loc" and value:
            if len(entries) == MAX_URLS_PER_FILE:
                break
            entries.append(SitemapEntry(value, is_index))
            has_url = True
        elif name == "lastmod" and has_url:
            entries[-1] = replace(entries[-1], lastmod_s=latest_s(value))
    return entries


def _feed_entries(text: str) -> list[SitemapEntry]:
    """The pages that a feed names: the link of each item, or its guid where that is the permanent link."""
    entries: list[SitemapEntry] = []
    has_begun = has_link = False
    for name, inside, written in _FEED_TOKEN.findall(text):
        value = unescape(written).replace("]]>", "").strip()
        attributes = {key: unescape(double or single) for key, double, single in _ATTRIBUTE.findall(inside)}
        if name in ("item", "entry"):
            has_begun, has_link = True, False
        elif not has_begun:
            continue  # the feed's own address
        elif name in ("link", "guid"):
            is_page = attributes.get("rel", "alternate") == "alternate" and attributes.get("isPermaLink") != "false"
            url = attributes.get("href", "") or value
            if is_page and url and not has_link and (name == "link" or url.startswith(("http://", "https://"))):
                if len(entries) == MAX_URLS_PER_FILE:
                    break
                entries.append(SitemapEntry(url))
                has_link = True
        elif has_link and (lastmod_s := latest_s(value)) is not None:
            entries[-1] = replace(entries[-1], lastmod_s=lastmod_s)
    return entries


def latest_s(lastmod: str) -> float | None:
    """The last moment that a W3C date and time may mean, in seconds since 1970; None when it is none or in the future.

    A day ends 12 hours later than in UTC somewhere on Earth.
    """
    moment = parse_date(lastmod)
    if moment is None or moment.timestamp() > time.time() + CLOCK_ERROR_S:
        return None
    is_day = len(lastmod.strip()) <= len("2026-01-31")
    return moment.timestamp() + (DAY_S + 12 * 3600.0 if is_day else 0.0)


class SitemapReader:
    """Reads the sitemaps of an origin, each once, as robots.txt allows."""

    def __init__(self, config: SitemapConfig, fetcher: Fetcher, robots: Robots) -> None:
        self._config = config
        self._fetcher = fetcher
        self._robots = robots
        self.is_complete = True
        """Whether all that was asked for could be read, and whole; a sitemap that does not exist is no loss."""

    async def read(self, origin: str, listed: Sequence[str]) -> AsyncIterator[tuple[str, list[SitemapEntry]]]:
        """Yield (sitemap, the pages it lists, canonical); ``/sitemap.xml`` is tried when robots.txt lists none."""
        queue = deque((url, 0) for url in (listed or [f"{origin}/sitemap.xml"]))
        seen: set[str] = set()
        count = 0
        while queue and count < self._config.max_sitemap_urls:
            written, depth = queue.popleft()
            url = resolve(origin, written, ())
            if url is None or url in seen:
                continue
            if len(seen) >= self._config.max_sitemaps:
                logger.warning("%s lists more than max_sitemaps=%d sitemaps", origin, self._config.max_sitemaps)
                self.is_complete = False
                return
            seen.add(url)
            entries = await self._fetch(url, is_expected=bool(listed))
            pages = [
                replace(entry, url=page)
                for entry in entries
                if not entry.is_index and (page := resolve(url, entry.url, self._config.tracking_parameters))
            ]
            self.is_complete = self.is_complete and len(pages) <= self._config.max_sitemap_urls - count
            pages = pages[: self._config.max_sitemap_urls - count]
            count += len(pages)
            if depth < MAX_DEPTH:
                queue.extend((entry.url, depth + 1) for entry in entries if entry.is_index)
            if pages:
                yield url, pages
        if queue:
            self.is_complete = False
            logger.warning("%s lists more than max_sitemap_urls=%d URLs", origin, self._config.max_sitemap_urls)

    async def _fetch(self, url: str, is_expected: bool) -> list[SitemapEntry]:
        limit = self._config.max_sitemap_bytes
        try:
            for _ in range(self._config.max_redirects):
                if self._config.obey_robots and not (await self._robots.rules(origin_of(url))).allowed(url):
                    return []
                response = await self._fetcher.get(url, max_bytes=limit)
                target = resolve(url, response.location, ()) if response.location else None
                if target is None:
                    break
                url = target
        except FetchError as error:
            self.is_complete = False
            if is_expected or error.reason == "too_large":
                logger.warning("sitemap left out: %s", error.what)
            return []
        if response.status != 200:
            self.is_complete = self.is_complete and response.status in (404, 410)
            if is_expected:
                logger.warning("sitemap left out: %s answers %d", url, response.status)
            return []
        return parse_sitemap(response.body, limit)
