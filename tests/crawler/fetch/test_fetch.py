"""Requests over real sockets: limits, validators, encodings, and every way a server can fail."""

import asyncio
import socket
import time
import zlib
from datetime import UTC, datetime
from typing import Any

import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from crawler.config import CrawlConfig
from crawler.documents.content_type import HTML_TYPES
from crawler.errors import FetchError
from crawler.fetch.fetch import Fetcher
from crawler.fetch.guard import Guard
from crawler.fetch.response import Response
from tests.support.site import Reply, Request, Site, gzipped

HTML = {"Content-Type": "text/html; charset=utf-8"}


def fetch(url: str, *, own: str | None = None, settings: dict[str, Any] | None = None, **options: Any) -> Response:
    async def once() -> Response:
        config = CrawlConfig(**{"read_timeout_s": 2.0, "timeout_s": 5.0, **(settings or {})})
        async with Fetcher(config, Guard.for_urls([own or url])) as fetcher:
            return await fetcher.get(url, **{"accepted": HTML_TYPES, **options})

    return asyncio.run(once())


def failure(url: str, **options: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch(url, **options)
    assert caught.value.url == url
    return caught.value


def test_page_comes_with_its_type_charset_and_validators(site: Site) -> None:
    response = fetch(site.at("/guide/install.html"))
    assert response.status == 200
    assert b"Install Tern" in response.body
    assert response.content_type == "text/html"
    assert response.etag
    assert response.last_modified


def test_user_agent_names_product_and_contact(site: Site) -> None:
    fetch(site.at("/"), settings={"user_agent": "Recollect/9", "contact": "https://example.org/bot"})
    assert site.requests[-1].headers["user-agent"] == "Recollect/9 (+https://example.org/bot)"


def test_unchanged_page_answers_304_to_its_validators(site: Site) -> None:
    first = fetch(site.at("/faq.html"))
    again = fetch(site.at("/faq.html"), etag=first.etag, last_modified=first.last_modified)
    assert again.status == 304
    assert again.body == b""


def test_redirects_are_returned_not_followed(site: Site) -> None:
    response = fetch(site.at("/old-install.html"))
    assert (response.status, response.location) == (301, "/guide/install.html")
    assert len(site.requests) == 1


PARAGRAPHS = [b"<p>one " + b"a" * 300, b"<p>two " + b"b" * 300, b"<p>three " + b"c" * 70_000]


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", b"".join(map(gzipped, PARAGRAPHS))),
        ("gzip", b"".join(map(gzipped, PARAGRAPHS)) + bytes(512)),
        ("gzip", b"".join(map(gzipped, PARAGRAPHS)) + b"rubbish"),
        ("gzip, identity", b"".join(map(gzipped, PARAGRAPHS))),
        ("gzip, gzip", gzipped(b"".join(map(gzipped, PARAGRAPHS)))),
        ("deflate", gzipped(b"".join(PARAGRAPHS))),
        ("gzip", zlib.compress(b"".join(PARAGRAPHS))),
        ("gzip", b"".join(PARAGRAPHS)),
        ("deflate", b"".join(PARAGRAPHS)),
        ("br", b"".join(PARAGRAPHS)),
        ("none", b"".join(PARAGRAPHS)),
        ("UTF-8", b"".join(PARAGRAPHS)),
        ("8bit", b"".join(PARAGRAPHS)),
        ("utf-8, gzip", gzipped(b"".join(PARAGRAPHS))),
    ],
)
def test_bodies_are_read_by_what_they_are_where_their_label_is_wrong(site: Site, encoding: str, packed: bytes) -> None:
    site.respond("/packed", Reply(200, packed, {**HTML, "Content-Encoding": encoding}))
    assert fetch(site.at("/packed")).body == b"".join(PARAGRAPHS)


def test_members_of_gzip_are_read_wherever_the_network_parts_them(site: Site) -> None:
    packed = gzipped(b"<p>first") + gzipped(b" and second")
    pieces = [packed[i : i + 1] for i in range(len(packed))]
    site.fault("/packed", send(OK + b"Content-Encoding: gzip\r\n\r\n", *pieces, pause_s=0.002))
    assert fetch(site.at("/packed")).body == b"<p>first and second"


def test_short_plain_bodies_with_a_label_are_plain(site: Site) -> None:
    site.respond("/packed", Reply(200, b"x", {**HTML, "Content-Encoding": "gzip"}))
    assert fetch(site.at("/packed")).body == b"x"


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzipped),
        ("x-gzip", gzipped),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("identity", bytes),
    ],
    ids=["gzip", "x-gzip", "deflate", "raw deflate", "identity"],
)
def test_compressed_bodies_are_unpacked(site: Site, encoding: str, pack: Any) -> None:
    body = b"<p>" + b"hello " * 5000
    site.respond("/packed", Reply(200, pack(body), {**HTML, "Content-Encoding": encoding}))
    assert fetch(site.at("/packed")).body == body


def test_hundred_megabytes_are_refused_without_reading_them(site: Site) -> None:
    def endless(request: Request, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 104857600\r\n\r\n")
        for _ in range(1600):
            connection.sendall(b"x" * 65536)
        site.write("/read-it-all", "")

    site.fault("/huge", endless)
    assert failure(site.at("/huge")).reason == "too_large"
    assert not (site.folder / "read-it-all").exists()


def test_endless_body_without_length_stops_at_the_limit(site: Site) -> None:
    sent = 0

    def endless(request: Request, connection: socket.socket) -> None:
        nonlocal sent
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)
            sent += 65536

    site.fault("/endless", endless)
    assert failure(site.at("/endless"), max_bytes=1_000_000).reason == "too_large"
    assert sent < 20_000_000


def test_gzip_bomb_stops_at_the_limit(site: Site) -> None:
    bomb = gzipped(b"\0" * 200_000_000)
    assert len(bomb) < 250_000
    site.respond("/bomb", Reply(200, bomb, {**HTML, "Content-Encoding": "gzip"}))
    assert failure(site.at("/bomb"), max_bytes=1_000_000).reason == "too_large"


@pytest.mark.parametrize(
    ("content_type", "body", "outcome"),
    [
        ("text/html", b"<p>x", "text/html"),
        ("text/html; charset=koi8-r", b"<p>x", "text/html"),
        ("application/xhtml+xml", b"<?xml version='1.0'?><html/>", "application/xhtml+xml"),
        ("", b"  \n<!DOCTYPE html><p>x", "text/html"),
        ("application/octet-stream", b"<html><p>x", "text/html"),
        ("", b"just words", "content_type"),
        ("application/pdf", b"%PDF-1.4", "content_type"),
        ("text/html", b"%PDF-1.4", "content_type"),
        ("text/html", b"PK\x03\x04zip", "content_type"),
        ("image/png", b"\x89PNG", "content_type"),
        ("text/plain", b"words", "content_type"),
    ],
)
def test_only_pages_are_accepted(site: Site, content_type: str, body: bytes, outcome: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    site.respond("/thing", Reply(200, body, headers))
    if outcome == "content_type":
        assert failure(site.at("/thing")).reason == outcome
    else:
        assert fetch(site.at("/thing")).content_type == outcome


def send(*pieces: bytes, pause_s: float = 0.0, reset: bool = False) -> Any:
    def fault(request: Request, connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause_s)
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            connection.close()

    return fault


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (send(), "reset"),
        (send(reset=True), "reset"),
        (send(OK + b"Content-Length: 100\r\n\r\nshort"), "truncated"),
        (send(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), "truncated"),
        (send(OK + b"Content-Encoding: gzip\r\n\r\n" + gzipped(b"x" * 9999)[:-20]), "truncated"),
        (send(OK + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08 and then no gzip"), "bad_encoding"),
        (send(OK + b"Content-Encoding: br\r\n\r\n\x8b\x02\x80hello\x03"), "bad_encoding"),
        (send(b"SSH-2.0-OpenSSH_9.2\r\n"), "bad_http"),
        (send(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n"), "bad_http"),
        (send(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"), "bad_http"),
        (send(OK + b"".join(b"X-%d: y\r\n" % number for number in range(5000)) + b"\r\n"), "bad_http"),
        (send(OK, *[b"X-A: b\r\n"] * 10_000), "bad_http"),
        (send(OK, *[b"X"] * 40, pause_s=0.3), "timeout"),
        (send(OK, pause_s=4.0), "timeout"),
        (send(OK + b"\r\n<p>", *[b"."] * 40, pause_s=0.3), "timeout"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_broken_servers_have_their_reason(site: Site, fault: Any, reason: str) -> None:
    site.fault("/broken", fault)
    assert failure(site.at("/broken"), settings={"read_timeout_s": 1.0, "timeout_s": 2.0}).reason == reason


def test_refused_connection_names_the_server() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    error = failure(f"http://127.0.0.1:{port}/")
    assert error.reason == "connect"
    assert f"127.0.0.1:{port}" in error.what
    assert error.cure


def test_unknown_host_does_not_resolve() -> None:
    error = failure("http://no-such-host.invalid/")
    assert error.reason == "dns"
    assert "no-such-host.invalid" in error.what


def test_plain_server_spoken_to_in_tls_is_named(site: Site) -> None:
    error = failure(site.url.replace("http://", "https://") + "/")
    assert error.reason == "tls"
    assert "http or https" in error.cure


def test_certificate_that_is_not_trusted_is_named(serve_tls: str) -> None:
    error = failure(serve_tls)
    assert error.reason == "tls"
    assert "certificate" in error.what


def test_private_address_is_refused_unless_it_is_the_configured_site(site: Site) -> None:
    assert failure(site.at("/"), own="http://example.org/").reason == "address"
    assert site.requests == []
    assert fetch(site.at("/")).status == 200


def response_with(**headers: str) -> Response:
    return Response("http://example.org/", 503, CIMultiDictProxy(CIMultiDict(headers)))


def test_retry_after_is_read_in_seconds_and_as_a_date() -> None:
    now = datetime(2024, 3, 5, 12, 0, 0, tzinfo=UTC)
    assert response_with(**{"Retry-After": "17"}).retry_after_s(now) == 17.0
    assert response_with(**{"Retry-After": "Tue, 05 Mar 2024 12:01:00 GMT"}).retry_after_s(now) == 60.0
    assert response_with(**{"Retry-After": "Tue, 05 Mar 2024 11:00:00 GMT"}).retry_after_s(now) == 0.0
    assert response_with(**{"Retry-After": "soon"}).retry_after_s(now) is None
    assert response_with().retry_after_s(now) is None
