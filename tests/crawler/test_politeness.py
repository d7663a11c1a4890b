"""Politeness over real sockets, each promise by itself; where time passes, it is the test's own clock that tells it."""

import asyncio
import logging
import selectors
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest

from crawler.config import CrawlConfig
from crawler.extract.head import header_directives
from crawler.fetch.fetch import Fetcher
from crawler.fetch.guard import Guard
from crawler.fetch.pace import FIRST_SLOWDOWN_S, Pace
from crawler.frontier import turns as turns_module
from crawler.frontier.sqlite import SqliteFrontier
from crawler.urls import robots as robots_module
from crawler.urls.robots import MAX_ROBOTS_BYTES, UNREACHABLE_CACHE_S, Robots, Rules, parse_rules
from tests.crawler.test_crawl import Recorder, html, recorder
from tests.support.site import Reply, Request, Site

__all__ = ["recorder"]

T = TypeVar("T")
PLAIN = {"Content-Type": "text/plain"}


def robots_txt(text: str) -> Reply:
    return Reply(200, text.encode(), PLAIN)


def with_robots(site: Site, use: Callable[[Robots], Awaitable[T]], **settings: Any) -> T:
    """``use`` the rules of ``site`` as a crawl fetches them."""

    async def main() -> T:
        config = CrawlConfig(retry_delay_s=0.0, **settings)
        async with Fetcher(config, Guard.for_urls([site.url])) as fetcher:
            return await use(Robots(config, fetcher.robots))

    return asyncio.run(main())


def rules_of(site: Site, **settings: Any) -> Rules:
    return with_robots(site, lambda robots: robots.rules(site.url), **settings)


def test_groups_of_one_agent_are_merged() -> None:
    rules = parse_rules(
        "User-agent: recollect\nDisallow: /a\n\nUser-agent: *\nDisallow: /c\n\nUser-agent: Recollect\nDisallow: /b\n",
        "Recollect",
    )
    judged = {path: rules.allowed(f"http://example.org/{path}") for path in "abc"}
    assert judged == {"a": False, "b": False, "c": True}


def test_what_stands_within_500_kib_counts_and_the_line_that_is_cut_does_not(site: Site) -> None:
    head = "User-agent: *\nDisallow: /private/\n"
    cut = "Disallow: /"
    filler = "#" * (MAX_ROBOTS_BYTES - len(head) - len(cut) - 1) + "\n"
    site.respond("/robots.txt", robots_txt(f"{head}{filler}{cut}only-this/\nDisallow: /after/\n"))
    rules = rules_of(site)
    assert not rules.allowed(site.at("/private/x"))
    assert rules.allowed(site.at("/after/x"))
    assert rules.allowed(site.at("/faq.html"))


def test_robots_file_behind_five_redirects_is_obeyed_and_behind_six_is_not_there(site: Site) -> None:
    site.respond("/hop6", robots_txt("User-agent: *\nDisallow: /"))
    for hop in range(1, 6):
        site.redirect(f"/hop{hop}", f"/hop{hop + 1}")
    site.redirect("/robots.txt", "/hop2")
    assert not rules_of(site).allowed(site.at("/faq.html"))
    site.redirect("/robots.txt", "/hop1")
    assert rules_of(site).allowed(site.at("/faq.html"))


@pytest.mark.parametrize(("status", "is_allowed", "requests"), [(403, True, 1), (404, True, 1), (500, False, 3)])
def test_missing_robots_file_allows_and_a_failing_one_forbids(
    site: Site, status: int, is_allowed: bool, requests: int
) -> None:
    site.respond("/robots.txt", Reply(status))
    assert rules_of(site).allowed(site.at("/faq.html")) is is_allowed
    assert len(site.requests_for("/robots.txt")) == requests


def test_robots_file_that_never_comes_forbids(site: Site) -> None:
    site.fault("/robots.txt", lambda request, connection: None)
    rules = rules_of(site, read_timeout_s=0.2, max_retries=1)
    assert not rules.allowed(site.at("/faq.html"))
    assert rules.failure is not None


@pytest.mark.parametrize(
    ("status", "fresh_s", "asked_again"), [(200, 24 * 3600.0, 1), (404, 24 * 3600.0, 1), (500, UNREACHABLE_CACHE_S, 3)]
)
def test_rules_are_kept_until_they_expire(
    site: Site, monkeypatch: pytest.MonkeyPatch, status: int, fresh_s: float, asked_again: int
) -> None:
    clock = SimpleNamespace(now_s=1000.0)
    monkeypatch.setattr(robots_module, "time", SimpleNamespace(monotonic=lambda: clock.now_s))
    site.respond("/robots.txt", Reply(status, b"User-agent: *\nDisallow: /a", PLAIN))

    async def ask_over_time(robots: Robots) -> tuple[int, int]:
        await robots.rules(site.url)
        first = len(site.requests)
        clock.now_s += fresh_s - 1
        await robots.rules(site.url)
        kept = len(site.requests) - first
        clock.now_s += 2
        await robots.rules(site.url)
        return kept, len(site.requests) - first

    assert with_robots(site, ask_over_time) == (0, asked_again)


def test_long_crawl_delay_is_capped_and_the_cap_is_logged(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    site.respond("/robots.txt", robots_txt("User-agent: *\nCrawl-delay: 3600"))
    with caplog.at_level(logging.WARNING):
        assert rules_of(site, max_crawl_delay_s=7.0).crawl_delay_s == 7.0
    assert f"{site.url} asks for a crawl delay of 3600 s; using the limit of 7 s" in caplog.text


def test_every_request_names_the_crawler_and_whom_to_write_to(site: Site, recorder: Recorder) -> None:
    recorder.crawl(site.url, contact="https://example.org/about-the-crawler")
    assert site.requests_for("/robots.txt")
    assert {request.headers["user-agent"] for request in site.requests} == {
        "Recollect/0.1 (+https://example.org/about-the-crawler)"
    }


TOMORROW, YESTERDAY = (datetime.now(UTC) + timedelta(days=days) for days in (1, -1))
NOINDEX, INDEX = ("skipped", "noindex"), ("fetched", "")


@pytest.mark.parametrize(
    ("head", "headers", "outcome"),
    [
        ('<meta name="googlebot" content="noindex">', {}, INDEX),
        ('<meta name="recollect" content="noindex">', {}, NOINDEX),
        ('<meta name="robots" content="nofollow"><meta name="robots" content="noindex">', {}, NOINDEX),
        ('<meta name="Robots" content="NONE">', {}, NOINDEX),
        ("", {"X-Robots-Tag": "googlebot: noindex"}, INDEX),
        ("", {"X-Robots-Tag": "recollect: noindex"}, NOINDEX),
        ("", {"X-Robots-Tag": "none"}, NOINDEX),
        ("", {"X-Robots-Tag": "max-snippet: -1, noindex"}, NOINDEX),
        ("", {"X-Robots-Tag": "googlebot: nofollow", "x-robots-tag": "noindex"}, NOINDEX),
        ("", {"X-Robots-Tag": f"unavailable_after: {format_datetime(YESTERDAY)}"}, NOINDEX),
        ("", {"X-Robots-Tag": f"unavailable_after: {format_datetime(TOMORROW)}"}, INDEX),
        ("", {"X-Robots-Tag": f"unavailable_after: {format_datetime(TOMORROW)}, noindex"}, NOINDEX),
        (f'<meta name="robots" content="unavailable_after: {format_datetime(YESTERDAY)}">', {}, NOINDEX),
        (f'<meta name="robots" content="unavailable_after: {YESTERDAY:%d-%b-%Y %H:%M:%S} GMT">', {}, NOINDEX),
        (f'<meta name="robots" content="unavailable_after: {TOMORROW.isoformat()}">', {}, INDEX),
        ('<meta name="robots" content="unavailable_after: sometime">', {}, INDEX),
    ],
)
def test_page_that_asks_not_to_be_indexed_is_not(
    site: Site, recorder: Recorder, head: str, headers: dict[str, str], outcome: tuple[str, str]
) -> None:
    page = html("<p>Some words.", head)
    site.respond("/", Reply(200, page.body, page.headers | headers))
    event = recorder.crawl(site.url, use_sitemaps=False).event(site.at("/"))
    assert (event.outcome, event.reason) == outcome


def test_page_that_expires_between_two_crawls_is_gone_although_its_bytes_are_the_same(
    site: Site, recorder: Recorder
) -> None:
    until = datetime.now(UTC) + timedelta(seconds=2)
    page = html("<p>Tickets are sold today.", f'<meta name="robots" content="unavailable_after: {until.isoformat()}">')

    def answer(request: Request) -> Reply:
        is_known = request.headers.get("if-none-match") == '"1"'
        return Reply(304, b"", {"ETag": '"1"'}) if is_known else Reply(200, page.body, page.headers | {"ETag": '"1"'})

    site.respond("/", answer)
    assert recorder.crawl(site.url, use_sitemaps=False).report.fetched == 1
    time.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds() + 0.1))
    event = recorder.crawl(site.url, use_sitemaps=False).event(site.at("/"))
    assert (event.outcome, event.reason) == ("gone", "noindex")


def test_name_of_a_crawler_holds_until_its_header_ends() -> None:
    assert header_directives("otherbot: noindex, noarchive\nnofollow", "recollect") == {"nofollow"}
    assert header_directives("otherbot: none, recollect: nofollow", "recollect") == {"nofollow"}


@pytest.mark.parametrize(
    ("body", "head", "headers"),
    [
        ('<a rel="noopener NoFollow" href=/faq.html>x</a>', "", {}),
        ("<a href=/faq.html>x</a>", '<meta name="robots" content="nofollow">', {}),
        ("<a href=/faq.html>x</a>", "", {"X-Robots-Tag": "recollect: nofollow"}),
    ],
)
def test_links_that_say_nofollow_are_not_followed(
    site: Site, recorder: Recorder, body: str, head: str, headers: dict[str, str]
) -> None:
    page = html(f"<p>Start. {body}", head)
    site.respond("/", Reply(200, page.body, page.headers | headers))
    assert set(recorder.crawl(site.url, use_sitemaps=False).pages) == {site.at("/")}
    assert not site.requests_for("/faq.html")


def test_links_to_local_files_and_data_and_to_no_address_are_refused_and_counted(
    site: Site, recorder: Recorder
) -> None:
    links = "<a href='file:///etc/passwd'>f</a> <a href=' DATA:text/html,<p>x'>d</a> <a href='mailto:a@b.c'>m</a>"
    links += "<a href='http://127.0.0.1.256/'>w</a> <a href='//[::'>w</a>"
    site.respond("/", html(f"<p>Start. {links} <a href=/away>a</a>"))
    site.redirect("/away", "file:///etc/passwd")
    crawled = recorder.crawl(site.url, use_sitemaps=False)
    assert crawled.report.skipped == {"scheme": 2, "bad_url": 2}
    assert crawled.report.failed == {"bad_redirect": 1}
    assert set(crawled.pages) == {site.at("/")}


class OwnTime(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next thing that is due, so that nobody waits."""

    def __init__(self) -> None:
        loop = self

        class Selector(selectors.DefaultSelector):
            def select(self, timeout: float | None = None) -> Any:
                if timeout:
                    loop.now_s += timeout
                return super().select(0)

        self.now_s = 1000.0
        super().__init__(Selector())

    def time(self) -> float:
        return self.now_s


def run_paced(
    monkeypatch: pytest.MonkeyPatch, path: Path, use: Callable[[Pace, OwnTime], Awaitable[None]], **settings: Any
) -> None:
    with asyncio.Runner(loop_factory=OwnTime) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, OwnTime)
        monkeypatch.setattr(turns_module, "time", SimpleNamespace(monotonic=loop.time))
        frontier = SqliteFrontier(path / "frontier.db")
        try:
            runner.run(_call(use, Pace(CrawlConfig(**settings), "https://example.org", frontier), loop))
        finally:
            frontier.close()


async def _call(use: Callable[[Pace, OwnTime], Awaitable[None]], pace: Pace, loop: OwnTime) -> None:
    await use(pace, loop)


async def taken_s(pace: Pace, loop: OwnTime) -> float:
    """Seconds until the next request may start."""
    before_s = loop.now_s
    async with pace.turn():
        return loop.now_s - before_s


def test_stranger_is_asked_four_times_a_second_and_as_slowly_as_it_wants(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def use(pace: Pace, loop: OwnTime) -> None:
        await taken_s(pace, loop)
        assert await taken_s(pace, loop) == pytest.approx(0.25, abs=0.01)
        pace.obey(5.0)
        await taken_s(pace, loop)
        assert await taken_s(pace, loop) == pytest.approx(5.0, abs=0.01)

    run_paced(monkeypatch, tmp_path, use)


def test_overloaded_host_is_left_alone_then_asked_slowly_then_as_before(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def use(pace: Pace, loop: OwnTime) -> None:
        await taken_s(pace, loop)
        pace.slow_down(20.0)
        assert await taken_s(pace, loop) == pytest.approx(20.0, abs=0.01)
        assert await taken_s(pace, loop) == pytest.approx(FIRST_SLOWDOWN_S, abs=0.01)
        pace.slow_down(0.0)
        await taken_s(pace, loop)
        assert await taken_s(pace, loop) == pytest.approx(2 * FIRST_SLOWDOWN_S, abs=0.01)
        delays = []
        for _ in range(60):
            pace.speed_up()
            delays.append(pace.delay_s)
            await taken_s(pace, loop)
        assert delays == sorted(delays, reverse=True)
        assert await taken_s(pace, loop) == pytest.approx(0.1, abs=0.01)

    run_paced(monkeypatch, tmp_path, use, delay_s=0.1)


def test_slowing_down_ends_at_the_longest_delay(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async def use(pace: Pace, loop: OwnTime) -> None:
        for _ in range(20):
            pace.slow_down(0.0)
        await taken_s(pace, loop)
        assert await taken_s(pace, loop) == pytest.approx(9.0, abs=0.01)

    run_paced(monkeypatch, tmp_path, use, max_crawl_delay_s=9.0)


@pytest.mark.parametrize("status", [429, 503])
def test_overloaded_site_is_not_asked_before_the_date_it_names(site: Site, recorder: Recorder, status: int) -> None:
    named = (datetime.now(UTC) + timedelta(seconds=2)).replace(microsecond=0)
    answers = [Reply(status, b"", {"Retry-After": format_datetime(named, usegmt=True)})]
    page, asked = html("<p>At last."), []

    def answer(_: object) -> Reply:
        asked.append(datetime.now(UTC))
        return answers.pop() if answers else page

    site.respond("/", answer)
    assert recorder.crawl(site.url, use_sitemaps=False).report.fetched == 1
    assert asked[1] >= named


def test_wait_that_a_site_asks_for_is_bounded(site: Site, recorder: Recorder) -> None:
    answers = [Reply(503, b"", {"Retry-After": "86400"})]
    page = html("<p>At last.")
    site.respond("/", lambda _: answers.pop() if answers else page)
    assert recorder.crawl(site.url, use_sitemaps=False, max_retry_after_s=0.1).report.fetched == 1
