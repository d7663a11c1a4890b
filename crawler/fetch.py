"""One HTTP request with every limit a stranger's server calls for. Redirects are returned, not followed."""

from collections.abc import Collection
from typing import Self

import aiohttp
from yarl import URL

from crawler.body import UNDECLARED, read_body, sniffed
from crawler.config import CrawlConfig
from crawler.errors import FetchError
from crawler.fetch_error import CAUGHT, address_refused, fetch_error, too_large
from crawler.guard import Guard
from crawler.response import Response
from crawler.robots import MAX_ROBOTS_BYTES, RobotsAnswer

HTML_TYPES = ("text/html", "application/xhtml+xml")
MAX_HEADER_BYTES = 32 * 1024
ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"


class Fetcher:
    """Holds the connections of a crawl; every one is judged by ``guard``. Use with ``async with``."""

    def __init__(self, config: CrawlConfig, guard: Guard) -> None:
        self._config = config
        self._guard = guard

    async def __aenter__(self) -> Self:
        config = self._config
        self._session = aiohttp.ClientSession(
            connector=self._guard.connector(limit=0),
            timeout=aiohttp.ClientTimeout(
                total=config.timeout_s, sock_connect=config.connect_timeout_s, sock_read=config.read_timeout_s
            ),
            headers={"User-Agent": config.user_agent_header, "Accept": ACCEPT, "Accept-Encoding": "gzip, deflate"},
            auto_decompress=False,
            max_field_size=MAX_HEADER_BYTES,
            max_line_size=MAX_HEADER_BYTES,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        max_bytes: int | None = None,
        accepted: Collection[str] | None = None,
    ) -> Response:
        """GET a canonical URL; conditional when validators are given.

        Raises FetchError with reason ``too_large``, ``content_type``, ``address``, ``tls``, ``dns``, ``connect``,
        ``timeout``, ``reset``, ``truncated``, ``bad_encoding`` or ``bad_http``. The body is read for 2xx answers only.
        """
        headers = {}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        limit = self._config.max_page_bytes if max_bytes is None else max_bytes
        self._check(url)
        try:
            async with self._session.get(URL(url, encoded=True), headers=headers, allow_redirects=False) as answer:
                return await _read(answer, url, limit, accepted)
        except CAUGHT as error:
            raise fetch_error(url, error) from error

    async def robots(self, url: str) -> RobotsAnswer:
        """One request for a robots.txt; more than the limit of the standard is cut off, not refused."""
        self._check(url)
        try:
            async with self._session.get(URL(url, encoded=True), allow_redirects=False) as answer:
                body = b""
                if answer.status == 200:
                    body, _ = await read_body(answer, MAX_ROBOTS_BYTES)
                text = body[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace")
                return RobotsAnswer(answer.status, text, answer.headers.get("Location"))
        except CAUGHT as error:
            raise fetch_error(url, error) from error

    def _check(self, url: str) -> None:
        """Refuse what the URL itself gives away, without a look-up."""
        if reason := self._guard.refusal(url):
            raise address_refused(url, reason)


async def _read(answer: aiohttp.ClientResponse, url: str, limit: int, accepted: Collection[str] | None) -> Response:
    content_type = answer.content_type if "Content-Type" in answer.headers else ""
    if answer.status != 200:
        answer.close() if answer.status != 304 and (answer.content_length or 0) > 65536 else None
        return Response(url, answer.status, answer.headers, content_type=content_type)
    if accepted is not None and content_type not in (*accepted, *UNDECLARED):
        answer.close()
        raise FetchError(url, "content_type", f"{url} is {content_type}, not a page")
    if (answer.content_length or 0) > limit:
        answer.close()
        raise too_large(url, limit)
    body, wire_bytes = await read_body(answer, limit)
    if len(body) > limit:
        answer.close()
        raise too_large(url, limit)
    if accepted is not None:
        content_type = sniffed(url, body, content_type, accepted)
    return Response(url, answer.status, answer.headers, body, content_type, answer.charset, wire_bytes)
