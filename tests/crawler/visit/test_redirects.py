"""Redirects in every way that servers write them, over real sockets."""

from collections.abc import Iterator
from typing import Any

import pytest

from crawler.visit.visit import Visitor
from tests.crawler.fetch.test_fetch import OK, send
from tests.crawler.test_crawl import Recorder, html, recorder
from tests.support.site import Reply, Request, Site, serve, site

__all__ = ["recorder", "serve", "site"]

TARGET = html("<p>The page that everybody is sent to holds this text.</p>", "<title>Target</title>")


@pytest.mark.parametrize(
    ("written", "path"),
    [(b"/caf\xe9", "/caf%E9"), ("/café".encode(), "/caf%C3%A9"), (b"/a?q=\xff\xfe", "/a?q=%FF%FE")],
)
def test_bytes_beyond_ascii_are_asked_for_as_a_browser_does(
    site: Site, recorder: Recorder, written: bytes, path: str
) -> None:
    site.respond("/", html('<a href="/from">on</a><p>The start has a text, too.</p>'))
    site.fault("/from", send(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + written + b"\r\n\r\n"))
    site.respond(path, TARGET)
    crawled = recorder.crawl(site.url, use_sitemaps=False)
    assert crawled.event(site.at("/from")).outcome == "redirect"
    assert crawled.pages[site.at(path)].title == "Target"


def test_headers_that_are_no_text_harm_nobody(site: Site, recorder: Recorder) -> None:
    site.respond("/", html('<a href="/odd">odd</a> <a href="/next">next</a><p>The start has a text, too.</p>'))
    body = TARGET.body
    site.fault(
        "/odd",
        send(
            OK.replace(b"text/html", b"text/html; title=caf\xe9")
            + b'ETag: "\xe9"\r\nLast-Modified: \xe9\r\nSet-Cookie: a=\xe9\r\nX-Robots-Tag: \xe9\r\nRefresh: \xe9\r\n'
            + b"Content-Length: %d\r\n\r\n" % len(body)
            + body
        ),
    )
    site.respond("/next", html("<p>This page is asked for after the odd one.</p>"))
    crawled = recorder.crawl(site.url, use_sitemaps=False)
    assert set(crawled.pages) == {site.at("/"), site.at("/odd"), site.at("/next")}
    assert crawled.pages[site.at("/odd")].etag is None


@pytest.fixture
def wants_cookie(site: Site) -> Iterator[str]:
    def answer(request: Request) -> Reply:
        if "seen=1" in request.headers.get("cookie", ""):
            return TARGET
        return Reply(302, b"", {"Location": "/gate", "Set-Cookie": "seen=1; Path=/"})

    site.respond("/gate", answer)
    yield "/gate"


def test_a_redirect_to_itself_with_a_cookie_is_asked_once_more(
    site: Site, recorder: Recorder, wants_cookie: str
) -> None:
    crawled = recorder.crawl(site.at(wants_cookie))
    assert crawled.pages[site.at("/gate")].title == "Target"
    assert len(site.requests_for("/gate")) == 2


def test_a_redirect_to_itself_that_sets_cookies_without_end_is_a_loop(site: Site, recorder: Recorder) -> None:
    site.respond("/", html('<a href="/gate">on</a><p>The start has a text, too.</p>'))
    site.respond("/gate", Reply(302, b"", {"Location": "/gate", "Set-Cookie": "seen=1; Path=/"}))
    crawled = recorder.crawl(site.url, use_sitemaps=False)
    assert crawled.event(site.at("/gate")).reason == "redirect_loop"
    assert len(site.requests_for("/gate")) == 2


@pytest.mark.parametrize(
    "sender",
    [
        html("<p>You will be taken to the new page.</p>", '<meta http-equiv="refresh" content="0; url=/to">'),
        html("<p>You will be taken to the new page.</p>", "<META HTTP-EQUIV=Refresh CONTENT=\"3;URL='/to'\">"),
        Reply(200, b"<p>You will be taken there.</p>", {"Content-Type": "text/html", "Refresh": "0;url=/to"}),
    ],
    ids=["meta", "meta in capitals", "header"],
)
def test_a_page_that_sends_its_visitors_on_is_a_redirect(site: Site, recorder: Recorder, sender: Reply) -> None:
    site.respond("/", html('<a href="/from">on</a><p>The start has a text, too.</p>'))
    site.respond("/from", sender)
    site.respond("/to", TARGET)
    crawled = recorder.crawl(site.url, use_sitemaps=False)
    assert (crawled.event(site.at("/from")).outcome, crawled.event(site.at("/from")).detail) == (
        "redirect",
        site.at("/to"),
    )
    assert set(crawled.pages) == {site.at("/"), site.at("/to")}


@pytest.mark.parametrize(
    "head",
    [
        '<meta http-equiv="refresh" content="60; url=/to">',
        '<meta http-equiv="refresh" content="300"><link rel="next"><base href="/">',
        '<noscript><meta http-equiv="refresh" content="0; url=/to"></noscript>',
        '<meta http-equiv="refresh" content="0; url=/from">',
        '<meta http-equiv="refresh" content="soon; url=/to">',
    ],
    ids=["after a minute", "itself", "without scripts", "itself by name", "no number"],
)
def test_a_page_that_can_be_read_first_is_a_page(site: Site, recorder: Recorder, head: str) -> None:
    site.respond("/", html('<a href="/from">on</a><p>The start has a text, too.</p>'))
    site.respond("/from", html("<p>News of the day, which is loaded anew now and then.</p>", head))
    site.respond("/to", TARGET)
    crawled = recorder.crawl(site.url, use_sitemaps=False)
    assert site.at("/from") in crawled.pages
    assert (site.at("/to") in crawled.pages) is ("60; url" in head)


def test_pages_that_send_each_other_their_visitors_are_a_loop(site: Site, recorder: Recorder) -> None:
    site.respond("/", html('<a href="/a">on</a><p>The start has a text, too.</p>'))
    site.respond("/a", html("<p>one</p>", '<meta http-equiv="refresh" content="0; url=/b">'))
    site.respond("/b", html("<p>two</p>", '<meta http-equiv="refresh" content="0; url=/a">'))
    assert recorder.crawl(site.url, use_sitemaps=False).event(site.at("/b")).reason == "redirect_loop"


def test_a_bug_names_the_url_and_the_page_it_was_found_on(
    site: Site, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = Visitor.visit

    async def broken(self: Visitor, lease: Any, pace: Any) -> None:
        if lease.url.endswith("/from"):
            raise KeyError("a bug")
        await visit(self, lease, pace)

    monkeypatch.setattr(Visitor, "visit", broken)
    site.respond("/", html('<a href="/from">on</a><p>The start has a text, too.</p>'))
    with pytest.raises(KeyError) as caught:
        recorder.crawl(site.url, use_sitemaps=False)
    assert caught.value.__notes__ == [f"while visiting {site.at('/from')}, found on {site.at('/')}"]
