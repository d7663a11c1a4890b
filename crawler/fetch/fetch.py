"""One HTTP request with every limit a stranger's server calls for. Redirects are returned, not followed."""

from collections.abc import Collection, Mapping
from typing import Self

import aiohttp

from crawler.documents.content_type import TEXT_TYPE, is_document, is_opaque, may_be
from crawler.errors import FetchError
from crawler.fetch.authentication import Authentication, header_of
from crawler.fetch.body import read_body, sniffed
from crawler.fetch.config import FetchConfig
from crawler.fetch.connections import Connections
from crawler.fetch.cookies import SiteCookies
from crawler.fetch.error import CAUGHT, address_refused, fetch_error, too_large
from crawler.fetch.form_login import FormLogin
from crawler.fetch.guard import Guard
from crawler.fetch.response import Response, location_of
from crawler.fetch.warc import Warc, open_warc
from crawler.outcome import Reason
from crawler.urls.ascii import as_text
from crawler.urls.robots import MAX_ROBOTS_BYTES, RobotsAnswer


class Fetcher:
    """Holds connections, cookies and sessions of a crawl; ``guard`` judges every request. Use with ``async with``."""

    def __init__(self, config: FetchConfig, guard: Guard) -> None:
        self._config = config
        self._guard = guard
        self._authentication = Authentication(config.authentication)
        self._logins: dict[str, FormLogin] = {}
        self._warc: Warc | None = None

    async def __aenter__(self) -> Self:
        # First what may fail, so that nothing stays open.
        self._warc = open_warc(self._config, self._authentication.secret_headers)
        self._cookies = SiteCookies()
        self._connections = Connections(self._config, self._guard)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._connections.close()
        if self._warc is not None:
            self._warc.close()

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        max_bytes: int | None = None,
        accepted: Collection[str] | None = None,
    ) -> Response:
        """GET a canonical URL; conditional when validators are given, signed in where credentials cover it.

        Raises FetchError with reason ``too_large``, ``content_type``, ``address``, ``tls``, ``dns``, ``connect``,
        ``proxy``, ``timeout``, ``reset``, ``truncated``, ``bad_encoding``, ``bad_http`` or ``login``. The body is read
        for 200 answers only.
        """
        headers = {}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        return await self.send("GET", url, headers=headers, max_bytes=max_bytes, accepted=accepted)

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        max_bytes: int | None = None,
        accepted: Collection[str] | None = None,
    ) -> Response:
        """One request as ``get`` makes it, of any method and with headers of the caller's."""

        async def once() -> Response:
            return await self._exchange(method, url, headers or {}, body, max_bytes=max_bytes, accepted=accepted)

        login = self._login_for(url)
        if login is None:
            return await once()
        await login.sign_in()
        seen = login.generation
        response = await once()
        if login.is_expired(response) and await login.sign_in(seen):
            response = await once()
        if not login.is_expired(response):
            login.worked()
        return response

    async def robots(self, url: str) -> RobotsAnswer:
        """One request for a robots.txt; more than the limit of the standard is cut off, not refused."""
        self._check(url)
        try:
            async with self._connections.request("GET", url, headers=self._headers(url, {})) as answer:
                body = b""
                if answer.status == 200:
                    body, _, _ = await read_body(answer, MAX_ROBOTS_BYTES)
                if len(body) > MAX_ROBOTS_BYTES:
                    # Half a line would forbid more than the whole one.
                    body = body[: body.rfind(b"\n", 0, MAX_ROBOTS_BYTES) + 1]
                text = body.decode("utf-8-sig", "replace")
                return RobotsAnswer(answer.status, text, location_of(answer.headers))
        except CAUGHT as error:
            raise fetch_error(url, error) from error

    async def _exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        *,
        max_bytes: int | None = None,
        accepted: Collection[str] | None = None,
    ) -> Response:
        self._check(url)
        raw: list[bytes] | None = [] if self._warc is not None and body is None else None
        try:
            async with self._connections.request(method, url, headers=self._headers(url, headers), data=body) as answer:
                self._cookies.keep(url, answer)
                response = await self._read(answer, url, max_bytes, accepted, raw)
        except CAUGHT as error:
            raise fetch_error(url, error) from error
        if self._warc is not None and raw is not None:
            self._warc.write(url, answer, b"".join(raw))
        return response

    async def _read(
        self,
        answer: aiohttp.ClientResponse,
        url: str,
        max_bytes: int | None,
        accepted: Collection[str] | None,
        raw: list[bytes] | None,
    ) -> Response:
        content_type = as_text(answer.content_type) if "Content-Type" in answer.headers else ""
        is_signed_in = self._authentication.entry_for(url) is not None
        if answer.status != 200:
            answer.close() if answer.status != 304 and (answer.content_length or 0) > 65536 else None
            return Response(url, answer.status, answer.headers, content_type=content_type, is_signed_in=is_signed_in)
        if accepted is not None and not may_be(content_type, accepted):
            answer.close()
            raise FetchError(url, Reason.CONTENT_TYPE, f"{url} is {content_type}, not a page")
        limit, document_limit = max_bytes, 0
        if limit is None:
            documents = accepted is not None and is_document(content_type)
            limit = self._config.documents.max_bytes if documents else self._config.max_page_bytes
            if accepted is not None and is_opaque(content_type) and TEXT_TYPE in accepted:
                document_limit = self._config.documents.max_bytes
        if (answer.content_length or 0) > max(limit, document_limit):
            answer.close()
            raise too_large(url, limit)
        body, wire_bytes, limit = await read_body(answer, limit, raw, document_limit)
        if len(body) > limit:
            answer.close()
            raise too_large(url, limit)
        if accepted is not None:
            content_type = sniffed(url, body, content_type, accepted)
        return Response(url, 200, answer.headers, body, content_type, answer.charset, wire_bytes, is_signed_in)

    def _headers(self, url: str, own: Mapping[str, str]) -> dict[str, str]:
        """The caller's headers, and what goes to this origin alone: cookies and credentials."""
        headers = dict(own)
        if cookies := self._cookies.header(url):
            headers["Cookie"] = cookies
        entry = self._authentication.entry_for(url)
        return headers | header_of(entry) if entry is not None else headers

    def _login_for(self, url: str) -> FormLogin | None:
        entry = self._authentication.entry_for(url)
        if entry is None or entry.kind != "form":
            return None
        if entry.url not in self._logins:
            self._logins[entry.url] = FormLogin(entry, self._sign_in_request)
        return self._logins[entry.url]

    async def _sign_in_request(self, method: str, url: str, body: bytes | None = None) -> Response:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": url} if body is not None else {}
        return await self._exchange(method, url, headers, body)

    def _check(self, url: str) -> None:
        """Refuse what the URL itself gives away, without a look-up."""
        if reason := self._guard.refusal(url):
            raise address_refused(url, reason)
