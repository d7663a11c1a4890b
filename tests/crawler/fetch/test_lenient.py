"""Heads that browsers read are read, over real sockets."""

from typing import Any

import pytest

from crawler.errors import FetchError
from crawler.fetch.lenient import tidied
from tests.crawler.fetch.test_fetch import fetch, send
from tests.support.site import Site, serve, site

__all__ = ["serve", "site"]

BODY = b"<p>Hello there"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(BODY)


def body_of(site: Site, fault: Any) -> bytes:
    site.fault("/page", fault)
    return fetch(site.at("/page")).body


@pytest.mark.parametrize(
    "fault",
    [
        send(OK + LENGTH + LENGTH + b"\r\n" + BODY),
        send(OK + LENGTH + b"content-length:%d \r\nX: y\r\n" % len(BODY) + LENGTH + b"\r\n" + BODY),
        send(OK + b"Content-Length: %d, %d\r\n\r\n" % (len(BODY), len(BODY)) + BODY),
        send(OK + b"X-Powered-By : PHP\r\nContent-Length \t: %d\r\n\r\n" % len(BODY) + BODY),
        send(OK + b"Content-Security-Policy: " + b"a" * 40_000 + b"\r\n" + LENGTH + b"\r\n" + BODY),
        send(OK + LENGTH + LENGTH[:7], LENGTH[7:] + b"\r\n", BODY[:5], BODY[5:], pause_s=0.05),
        send(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK + LENGTH + LENGTH + b"\r\n" + BODY),
        send(OK.replace(b"\r\n", b"\n") + LENGTH + b"\n" + BODY),
    ],
)
def test_what_browsers_read_is_read(site: Site, fault: Any) -> None:
    assert body_of(site, fault) == BODY


def test_different_lengths_are_an_error(site: Site) -> None:
    with pytest.raises(FetchError) as raised:
        body_of(site, send(OK + LENGTH + b"Content-Length: 3\r\n\r\n" + BODY))
    assert raised.value.reason == "bad_http"


def test_a_head_in_order_stays_as_it_is() -> None:
    head = b"HTTP/1.1 200 OK\r\nX-Time: 12 : 30\r\nContent-Length: 5\r\nX: content-length : 6"
    assert tidied(head) == head
