"""One HTTP request with every limit a stranger's server calls for. Redirects are returned, not followed."""

import ssl
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

from crawler.config import CrawlConfig
from crawler.errors import FetchError
from crawler.guard import Guard, refused_reason
from crawler.robots import MAX_ROBOTS_BYTES, RobotsAnswer
from crawler.url import origin_of

HTML_TYPES = ("text/html", "application/xhtml+xml")
MAX_HEADER_BYTES = 32 * 1024
ACCEPT = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"
UNDECLARED = ("", "application/octet-stream", "application/x-unknown", "unknown/unknown", "*/*")
"""Content types that say nothing, after the MIME Sniffing standard section 7."""

BINARY_MAGIC = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"\x7fELF", b"RIFF", b"ID3")
HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<title", b"<script", b"<!--", b"<div", b"<h1", b"<p")


class BadEncoding(ValueError):
    """A Content-Encoding that was not asked for."""


@dataclass(frozen=True, slots=True)
class Response:
    """One answer. ``body`` is decompressed; ``wire_bytes`` is what crossed the network for it."""

    url: str
    status: int
    headers: CIMultiDictProxy[str]
    body: bytes = b""
    content_type: str = ""
    charset: str | None = None
    wire_bytes: int = 0

    @property
    def location(self) -> str | None:
        """Target of a redirect as written."""
        return self.headers.get("Location")

    @property
    def etag(self) -> str | None:
        """Entity tag, weak or strong."""
        return self.headers.get("ETag")

    @property
    def last_modified(self) -> str | None:
        """The Last-Modified header as written, to be sent back unchanged."""
        return self.headers.get("Last-Modified")

    def retry_after_s(self, now: datetime | None = None) -> float | None:
        """Seconds to wait as the server asks, from either form of Retry-After (RFC 9110 section 10.2.3)."""
        value = self.headers.get("Retry-After", "").strip()
        if value.isdigit():
            return float(value)
        moment = http_date(value)
        return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds()) if moment else None


def http_date(value: str | None) -> datetime | None:
    """A date of an HTTP header in UTC; None for what is not one."""
    if not value:
        return None
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, IndexError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


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
        except (aiohttp.ClientError, TimeoutError, ssl.SSLError, OSError, ValueError, zlib.error) as error:
            raise fetch_error(url, error) from error

    async def robots(self, url: str) -> RobotsAnswer:
        """One request for a robots.txt; more than the limit of the standard is cut off, not refused."""
        self._check(url)
        try:
            async with self._session.get(URL(url, encoded=True), allow_redirects=False) as answer:
                body = b""
                if answer.status == 200:
                    body, _ = await _read_body(answer, MAX_ROBOTS_BYTES)
                text = body[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace")
                return RobotsAnswer(answer.status, text, answer.headers.get("Location"))
        except (aiohttp.ClientError, TimeoutError, ssl.SSLError, OSError, ValueError, zlib.error) as error:
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
    body, wire_bytes = await _read_body(answer, limit)
    if len(body) > limit:
        answer.close()
        raise too_large(url, limit)
    if accepted is not None:
        content_type = _sniffed(url, body, content_type, accepted)
    return Response(url, answer.status, answer.headers, body, content_type, answer.charset, wire_bytes)


async def _read_body(answer: aiohttp.ClientResponse, limit: int) -> tuple[bytes, int]:
    """Up to one byte more than ``limit``, decompressed; the rest of a longer body is never received."""
    encoding = answer.headers.get("Content-Encoding", "").strip().lower()
    inflate = _inflater(encoding)
    pieces: list[bytes] = []
    size = wire_bytes = 0
    while size <= limit:
        piece = await answer.content.readany()
        if not piece:
            break
        wire_bytes += len(piece)
        if inflate is not None:
            piece = inflate.feed(piece, limit + 1 - size)
        pieces.append(piece)
        size += len(piece)
    if size > limit:
        answer.close()
    elif inflate is not None and wire_bytes and not inflate.is_complete:
        raise aiohttp.ClientPayloadError("the compressed body is cut off")
    return b"".join(pieces)[: limit + 1], wire_bytes


class _Inflater:
    """gzip or deflate, also the raw deflate that some servers send by mistake (RFC 9110 section 8.4.1.2)."""

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._zlib = zlib.decompressobj(wbits)
        self._is_started = False

    @property
    def is_complete(self) -> bool:
        """Has the end of the compressed stream been seen?"""
        return self._zlib.eof

    def feed(self, data: bytes, limit: int) -> bytes:
        """Decompress at most ``limit`` bytes: a bomb grows no further."""
        try:
            out = self._zlib.decompress(data, limit)
        except zlib.error:
            if self._is_started or self._wbits != zlib.MAX_WBITS:
                raise
            self._zlib = zlib.decompressobj(-zlib.MAX_WBITS)
            out = self._zlib.decompress(data, limit)
        self._is_started = True
        return out


def _inflater(encoding: str) -> _Inflater | None:
    if encoding in ("gzip", "x-gzip"):
        return _Inflater(16 + zlib.MAX_WBITS)
    if encoding == "deflate":
        return _Inflater(zlib.MAX_WBITS)
    if encoding in ("", "identity"):
        return None
    raise BadEncoding(f"{encoding!r} was not asked for")


def _sniffed(url: str, body: bytes, content_type: str, accepted: Collection[str]) -> str:
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x0c")
    if start.startswith(BINARY_MAGIC):
        raise FetchError(url, "content_type", f"{url} is a binary file, not a page")
    if content_type in accepted:
        return content_type
    if "text/html" in accepted and start[:64].lower().startswith(HTML_STARTS):
        return "text/html"
    raise FetchError(url, "content_type", f"{url} names no content type and is not HTML")


def address_refused(url: str, reason: str) -> FetchError:
    """The error for a URL that leads out of the public network."""
    return FetchError(
        url, "address", f"{url} is refused: {reason}", "To crawl a site on a private network, name it as a seed"
    )


def too_large(url: str, limit: int) -> FetchError:
    """The error for a body above the limit."""
    return FetchError(url, "too_large", f"{url} is larger than {limit} bytes", "Raise max_page_bytes to read it")


def fetch_error(url: str, error: Exception) -> FetchError:
    """The one place where errors of aiohttp, TLS and sockets get their reason and their words."""
    if refused := refused_reason(error):
        return address_refused(url, refused)
    origin, told = origin_of(url), _short(error)
    match error:
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError() | ssl.SSLError():
            reason, what = "tls", f"{origin} has no valid TLS certificate or does not speak TLS: {told}"
            cure = "Check the address (http or https?) and the certificate"
        case aiohttp.ClientConnectorDNSError():
            reason, what, cure = "dns", f"{origin} does not resolve: {told}", "Check the spelling of the host"
        case TimeoutError():
            reason, what, cure = "timeout", f"{url} did not answer in time", "Try again later or raise timeout_s"
        case aiohttp.ClientConnectorError():
            reason, what, cure = "connect", f"{origin} cannot be reached: {told}", "Check that the server runs"
        case aiohttp.ClientPayloadError():
            reason, what, cure = "truncated", f"{url} ended before its announced length", "Try again later"
        case aiohttp.ServerDisconnectedError() | OSError():
            reason, what, cure = "reset", f"{origin} closed the connection: {told}", "Try again later"
        case zlib.error() | BadEncoding():
            reason, what, cure = "bad_encoding", f"{url} cannot be decompressed: {told}", "Its server must be mended"
        case _:
            reason, what, cure = "bad_http", f"{url} is not correct HTTP: {told}", "Check the address and port"
    return FetchError(url, reason, what, cure)


def _short(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
