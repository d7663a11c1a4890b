"""Whole crawls over real sockets: what is found, what is left out and why, and what a second crawl does."""

import logging
import socket
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from crawler.config import CrawlConfig
from crawler.crawl import Crawler
from crawler.errors import BadUrl, CrawlError, FrontierError, SeedFailed
from crawler.frontier.seam import Lease, State, Turn
from crawler.frontier.sqlite import SqliteFrontier
from crawler.page import Gone, Page
from crawler.report import CrawlEvent, CrawlReport
from tests.crawler.fetch.test_fetch import OK, send
from tests.support.site import INDEXABLE, Reply, Request, Site, gzipped
from tests.support.until import until

ROOT = Path(__file__).parents[2]


class Crawled:
    """What one crawl handed out, told and summed up."""

    def __init__(self, crawler: Crawler, seeds: Sequence[str], acknowledges: bool) -> None:
        self.events: list[CrawlEvent] = []
        self.items: list[Page | Gone] = []
        for item in crawler.crawl(seeds, self.events.append):
            self.items.append(item)
            if acknowledges:
                crawler.acknowledge([item])
        self.report: CrawlReport = crawler.report()

    @property
    def pages(self) -> dict[str, Page]:
        return {item.url: item for item in self.items if isinstance(item, Page)}

    @property
    def gone(self) -> dict[str, str]:
        return {item.url: item.reason for item in self.items if isinstance(item, Gone)}

    def event(self, url: str) -> CrawlEvent:
        return next(event for event in reversed(self.events) if event.url == url)


class Recorder:
    """Crawls again and again with one frontier."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def crawl(self, *seeds: str, acknowledges: bool = True, **settings: Any) -> Crawled:
        config = CrawlConfig(**{"retry_delay_s": 0.02, "read_timeout_s": 2.0, "timeout_s": 4.0, **settings})
        frontier = SqliteFrontier(self.path)
        try:
            return Crawled(Crawler(config, frontier), seeds, acknowledges)
        finally:
            frontier.close()


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    return Recorder(tmp_path / "frontier.db")


def originals(urls: Iterable[str]) -> list[str]:
    """URLs, sorted; of two equal pages the one fetched first is the original, and either may be."""
    return sorted(url.replace("/copy-of-faq.html", "/faq.html") for url in urls)


def html(body: str, head: str = "") -> Reply:
    text = f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>"
    return Reply(200, text.encode(), {"Content-Type": "text/html"})


def test_every_indexable_page_is_found_once(site: Site, recorder: Recorder) -> None:
    crawled = recorder.crawl(site.url)
    assert originals(crawled.pages) == [site.at(path) for path in INDEXABLE]
    assert crawled.report.fetched == len(INDEXABLE)
    assert crawled.report.duplicates == 1
    assert crawled.report.redirects == 1
    assert crawled.report.canonicals == 2
    assert crawled.report.failed == {"http_404": 1}
    assert crawled.report.skipped == {"nofollow": 1, "noindex": 1, "damaged": 1, "other_site": 2, "robots": 1}


def test_each_url_is_asked_for_once(site: Site, recorder: Recorder) -> None:
    recorder.crawl(site.url)
    paths = [request.path for request in site.requests]
    assert len(paths) == len(set(paths))


def test_every_url_that_is_left_out_has_its_reason(site: Site, recorder: Recorder) -> None:
    crawled = recorder.crawl(site.url, concurrency=1)
    reasons = {event.url: (event.outcome, event.reason) for event in crawled.events}
    assert reasons[site.at("/private/drafts.html")] == ("skipped", "robots")
    assert reasons[site.at("/untrusted.html")] == ("skipped", "nofollow")
    assert reasons[site.at("/internal.html")] == ("skipped", "noindex")
    assert reasons[site.at("/manual.pdf")] == ("skipped", "damaged")
    assert reasons[site.at("/missing.html")] == ("failed", "http_404")
    assert crawled.event(site.at("/copy-of-faq.html")).detail == site.at("/faq.html")
    assert crawled.event(site.at("/print/install.html")).detail == site.at("/guide/install.html")
    assert not site.requests_for("/private/drafts.html")


def test_page_says_where_it_came_from(site: Site, recorder: Recorder) -> None:
    page = recorder.crawl(site.url).pages[site.at("/news/release-3.html")]
    assert page.title == "Tern 3 finds broken snapshots the same night"
    assert page.language == "en"
    assert page.metadata["author"] == "Ida Lund"
    assert page.last_modified is not None
    assert page.last_modified.isoformat() == "2024-02-12T09:30:00+00:00"
    assert page.etag
    assert all(page.text[s.start_char : s.end_char] == s.text for s in page.sections)


def test_second_crawl_of_an_unchanged_site_transfers_no_page(site: Site, recorder: Recorder) -> None:
    first = recorder.crawl(site.url)
    site.requests.clear()
    second = recorder.crawl(site.url)
    assert second.items == []
    assert second.report.not_modified == first.report.fetched
    assert second.report.fetched == 0
    assert second.report.size_bytes == 0
    assert not site.requests_for("/private/drafts.html")


def test_changed_page_and_new_page_are_handed_out(site: Site, recorder: Recorder) -> None:
    recorder.crawl(site.url)
    site.write("/colophon.html", '<html lang=en><p>Rewritten. See <a href="new.html">the new page</a>.')
    site.write("/new.html", "<html lang=en><p>Brand new.")
    assert set(recorder.crawl(site.url).pages) == {site.at("/colophon.html"), site.at("/new.html")}


def test_page_whose_text_stays_the_same_is_not_handed_out_again(site: Site, recorder: Recorder) -> None:
    recorder.crawl(site.url, concurrency=1)
    page = (site.folder / "faq.html").read_text()
    site.write("/faq.html", page.replace("</footer>", "<p>Generated at 12:34:56</p></footer>"))
    crawled = recorder.crawl(site.url, concurrency=1)
    assert crawled.items == []
    assert crawled.event(site.at("/faq.html")).reason == "same_content"


def test_server_without_validators_is_compared_by_content(site: Site, recorder: Recorder) -> None:
    site.respond("/", html("<p>Always the same words."))
    assert recorder.crawl(site.url, use_sitemaps=False).report.fetched == 1
    assert recorder.crawl(site.url, use_sitemaps=False).report.not_modified == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (Reply(404), "http_404"),
        (Reply(410), "http_410"),
        (html("<p>hidden now", '<meta name="robots" content="noindex">'), "noindex"),
        (Reply(200, b"<p>x", {"Content-Type": "text/html", "X-Robots-Tag": "noindex"}), "noindex"),
        (Reply(301, b"", {"Location": "/guide/install.html"}), "redirect"),
        (html("<p>x", '<link rel="canonical" href="/guide/install.html">'), "canonical"),
        (Reply(200, b"\x89PNG", {"Content-Type": "image/png"}), "content_type"),
    ],
)
def test_known_page_that_vanishes_is_gone_once(site: Site, recorder: Recorder, change: Reply, reason: str) -> None:
    recorder.crawl(site.url)
    site.respond("/guide/restore.html", change)
    crawled = recorder.crawl(site.url)
    assert crawled.gone == {site.at("/guide/restore.html"): reason}
    assert crawled.report.gone == 1
    assert recorder.crawl(site.url).gone == {}


def test_page_that_comes_back_is_handed_out_again(site: Site, recorder: Recorder) -> None:
    recorder.crawl(site.url)
    site.respond("/guide/restore.html", Reply(404))
    recorder.crawl(site.url)
    site.restore("/guide/restore.html")
    assert set(recorder.crawl(site.url).pages) == {site.at("/guide/restore.html")}


def test_failing_page_is_neither_gone_nor_forgotten(site: Site, recorder: Recorder) -> None:
    recorder.crawl(site.url)
    site.respond("/guide/restore.html", Reply(500))
    crawled = recorder.crawl(site.url)
    assert crawled.gone == {}
    assert crawled.report.failed["http_500"] == 1
    assert crawled.report.retries == 2
    site.restore("/guide/restore.html")
    assert recorder.crawl(site.url).items == []


def test_copy_takes_the_place_of_an_original_that_is_gone(site: Site, recorder: Recorder) -> None:
    recorder.crawl(site.url, concurrency=1)
    site.respond("/faq.html", Reply(404))
    crawled = recorder.crawl(site.url, concurrency=1)
    assert crawled.gone == {site.at("/faq.html"): "http_404"}
    assert set(crawled.pages) == {site.at("/copy-of-faq.html")}


def test_copy_becomes_a_page_when_its_original_is_rewritten(site: Site, recorder: Recorder) -> None:
    recorder.crawl(site.url, concurrency=1)
    site.write("/faq.html", "<html lang=en><p>Rewritten.")
    crawled = recorder.crawl(site.url, concurrency=1)
    assert set(crawled.pages) == {site.at("/faq.html"), site.at("/copy-of-faq.html")}


def test_page_whose_canonical_is_missing_stands_for_itself(site: Site, recorder: Recorder) -> None:
    site.respond("/guide/install.html", Reply(404))
    assert site.at("/print/install.html") in recorder.crawl(site.url).pages


def test_canonical_on_another_site_does_not_move_a_page(site: Site, recorder: Recorder) -> None:
    site.respond("/", html("<p>A mirror.", '<link rel="canonical" href="https://docs.example.org/page">'))
    pages = recorder.crawl(site.url, use_sitemaps=False).pages
    assert pages[site.at("/")].metadata["canonical"] == "https://docs.example.org/page"


def test_stopped_crawl_goes_on_where_it_was(site: Site, tmp_path: Path) -> None:
    frontier = SqliteFrontier(tmp_path / "frontier.db")
    crawler = Crawler(CrawlConfig(), frontier)
    done: set[str] = set()
    for item in crawler.crawl([site.url]):
        crawler.acknowledge([item])
        done.add(item.url)
        if len(done) == 4:
            break
    resumed = Crawler(CrawlConfig(), frontier)
    rest = {item.url for item in resumed.crawl([site.url])}
    assert resumed.report().is_resumed
    assert not done & rest
    assert originals(done | rest) == [site.at(path) for path in INDEXABLE]


def test_page_that_was_not_acknowledged_is_handed_out_again(site: Site, recorder: Recorder) -> None:
    recorder.crawl(site.url, acknowledges=False)
    assert originals(recorder.crawl(site.url).pages) == [site.at(path) for path in INDEXABLE]


def test_unreachable_host_is_one_clear_line(recorder: Recorder) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(SeedFailed, match=rf"127\.0\.0\.1:{port} cannot be reached") as caught:
        recorder.crawl(f"http://127.0.0.1:{port}/")
    assert "\n" not in str(caught.value)
    assert caught.value.cure


def test_wrong_tls_is_one_clear_line(serve_tls: str, recorder: Recorder) -> None:
    with pytest.raises(SeedFailed, match="certificate"):
        recorder.crawl(serve_tls)


def test_seed_that_is_missing_is_one_clear_line(site: Site, recorder: Recorder) -> None:
    with pytest.raises(SeedFailed, match=r"nowhere\.html answers 404"):
        recorder.crawl(site.at("/nowhere.html"), use_sitemaps=False)


def test_empty_site_is_one_clear_line(site: Site, recorder: Recorder) -> None:
    site.respond("/", html('<div id="app"></div><script src="app.js"></script>'))
    with pytest.raises(SeedFailed, match="holds no readable text"):
        recorder.crawl(site.url, use_sitemaps=False)


def test_forbidden_seed_is_one_clear_line(site: Site, recorder: Recorder) -> None:
    with pytest.raises(SeedFailed, match=r"robots\.txt forbids"):
        recorder.crawl(site.at("/private/drafts.html"), use_sitemaps=False)


def test_failing_robots_file_stops_the_crawl_with_its_reason(site: Site, recorder: Recorder) -> None:
    site.respond("/robots.txt", Reply(503))
    with pytest.raises(SeedFailed, match=r"robots\.txt answers 503"):
        recorder.crawl(site.url)
    assert {request.path for request in site.requests} == {"/robots.txt"}


def test_seed_that_is_no_url_is_named(recorder: Recorder) -> None:
    with pytest.raises(BadUrl, match="'docs' is not a web address"):
        recorder.crawl("docs")


def test_no_seed_is_an_error(recorder: Recorder) -> None:
    with pytest.raises(SeedFailed, match="nothing to crawl"):
        recorder.crawl()


def test_override_of_robots_for_ones_own_site_is_loud(
    site: Site, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        crawled = recorder.crawl(site.url, obey_robots=False)
    assert site.at("/private/drafts.html") in crawled.pages
    assert "robots.txt is ignored" in caplog.text


def test_page_of_hundred_megabytes_is_counted_and_skipped(site: Site, recorder: Recorder) -> None:
    def huge(request: Request, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 104857600\r\n\r\n")
        for _ in range(1600):
            connection.sendall(b"x" * 65536)

    site.fault("/colophon.html", huge)
    crawled = recorder.crawl(site.url)
    assert crawled.report.skipped["too_large"] == 1
    assert crawled.report.fetched == len(INDEXABLE) - 1


def test_redirect_loop_is_reported(site: Site, recorder: Recorder) -> None:
    site.respond("/", html("<p>Start. <a href=/a>a</a> <a href=/self>self</a> <a href=/0>chain</a>"))
    site.redirect("/a", "/b")
    site.redirect("/b", "/a")
    site.redirect("/self", "/self")
    for hop in range(20):
        site.redirect(f"/{hop}", f"/{hop + 1}")
    crawled = recorder.crawl(site.url, use_sitemaps=False)
    assert crawled.report.failed["redirect_loop"] == 2
    assert crawled.report.failed["too_many_redirects"] == 1
    assert not site.requests_for("/15")


def test_redirect_of_a_seed_to_another_host_is_followed(site: Site, recorder: Recorder) -> None:
    other = Site(site.folder, host="127.0.0.2")
    try:
        site.redirect("/start", other.at("/faq.html"))
        with pytest.raises(SeedFailed, match="is refused: loopback"):
            recorder.crawl(site.at("/start"), use_sitemaps=False)
        assert other.requests == []
        pages = recorder.crawl(site.at("/start"), other.url, use_sitemaps=False).pages
        assert other.at("/faq.html") in pages
    finally:
        other.close()


def test_redirect_to_the_private_network_is_refused(site: Site, recorder: Recorder, serve: Any) -> None:
    neighbour = serve(site.folder)
    site.respond("/", html("<p>Start. <a href=/trap>trap</a>"))
    site.redirect("/trap", neighbour.at("/faq.html"))
    recorder.crawl(site.url, use_sitemaps=False)
    assert neighbour.requests == []


def test_overloaded_server_is_given_time(site: Site, recorder: Recorder) -> None:
    answers = [Reply(429, b"", {"Retry-After": "1"})]
    page = html("<p>At last.")
    site.respond("/", lambda request: answers.pop() if answers else page)
    crawled = recorder.crawl(site.url, use_sitemaps=False)
    first, second = site.requests_for("/")
    assert second.at_s - first.at_s >= 1.0
    assert crawled.report.retries == 1
    assert crawled.report.fetched == 1


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> Counter[float]:
    """How many requests started, by the delay that each had to keep; when a busy server sees them says less."""
    reserve, started = SqliteFrontier.reserve, Counter[float]()

    def noted(self: SqliteFrontier, origin: str, delay_s: float) -> Turn:
        turn = reserve(self, origin, delay_s)
        started[turn.delay_s] += not turn.wait_s
        return turn

    monkeypatch.setattr(SqliteFrontier, "reserve", noted)
    return started


def test_requests_to_one_host_keep_their_distance(site: Site, recorder: Recorder, turns: Counter[float]) -> None:
    crawled = recorder.crawl(site.url, delay_s=0.05, include=("/", "/guide/*"), use_sitemaps=False)
    assert crawled.report.fetched == 5
    assert turns[0.05] >= 5
    assert set(turns) == {0.05}


def test_crawl_delay_of_robots_is_kept(site: Site, recorder: Recorder, turns: Counter[float]) -> None:
    site.respond("/robots.txt", Reply(200, b"User-agent: *\nCrawl-delay: 0.2\n", {"Content-Type": "text/plain"}))
    recorder.crawl(site.url, include=("/", "/guide/*"), use_sitemaps=False)
    pages = [request for request in site.requests if request.path != "/robots.txt"]
    assert len(pages) > 2
    assert turns[0.2] == len(pages)


def test_no_more_is_leased_than_is_asked_for_before_the_leases_expire(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frontier = SqliteFrontier(tmp_path / "frontier.db")
    limits = set()

    def leased(origin: str, limit: int, lease_s: float) -> list[Lease]:
        limits.add(limit)
        return SqliteFrontier.next(frontier, origin, limit, lease_s)

    monkeypatch.setattr(frontier, "next", leased)
    list(Crawler(CrawlConfig(delay_s=0.05, lease_s=0.25, max_pages=4), frontier).crawl([site.url]))
    frontier.close()
    assert limits == {2}


def test_include_exclude_and_depth_bound_the_crawl(site: Site, recorder: Recorder) -> None:
    crawled = recorder.crawl(
        site.url, include=("/", "/guide/*", "/faq.html"), exclude=("*/restore.html",), use_sitemaps=False
    )
    assert {url.removeprefix(site.url) for url in crawled.pages} == {
        "/",
        "/faq.html",
        "/guide/install.html",
        "/guide/first-backup.html",
        "/guide/schedule.html",
    }
    assert crawled.report.skipped["excluded"] == 1


def test_depth_is_counted_in_links_from_the_seed(site: Site, recorder: Recorder) -> None:
    crawled = recorder.crawl(site.at("/faq.html"), max_depth=0, use_sitemaps=False)
    assert list(crawled.pages) == [site.at("/faq.html")]
    assert crawled.report.skipped["too_deep"] > 0


def test_number_of_pages_is_bounded_and_the_rest_counted(site: Site, recorder: Recorder) -> None:
    crawled = recorder.crawl(site.url, max_pages=3)
    assert len(crawled.pages) == 3
    assert crawled.report.skipped["max_pages"] > 0


def test_own_rules_for_the_content_are_obeyed(site: Site, recorder: Recorder) -> None:
    site.respond("/", html("<p>outside</p><div class=box><p>inside</p><p class=ad>buy now</p></div>"))
    settings: dict[str, Any] = {"content_selector": ".box", "exclude_selectors": (".ad",), "use_sitemaps": False}
    assert recorder.crawl(site.url, **settings).pages[site.at("/")].text == "inside"


def test_rules_that_are_no_css_are_named(site: Site, recorder: Recorder) -> None:
    with pytest.raises(CrawlError, match=r"div\[\[.* is not a CSS selector|not a CSS selector"):
        recorder.crawl(site.url, content_selector="div[[")


def test_changed_rules_read_every_page_again(site: Site, recorder: Recorder) -> None:
    recorder.crawl(site.url)
    crawled = recorder.crawl(site.url, exclude_selectors=("h1 + p",))
    assert site.at("/guide/install.html") in crawled.pages


STILL = 10
"""Looks between which nothing is asked for any more."""


def test_slow_consumer_slows_the_crawl(site: Site, tmp_path: Path) -> None:
    for number in range(300):
        site.respond(
            f"/n/{number}", html(f"<p>Page {number}. <a href=/n/{number + 1}>a</a> <a href=/n/{2 * number}>b</a>")
        )
    crawler = Crawler(CrawlConfig(use_sitemaps=False), SqliteFrontier(tmp_path / "f.db"))
    pages = crawler.crawl([site.at("/n/1")])
    assert isinstance(pages, Generator)
    next(pages)
    seen = [-1]

    def stands_still() -> bool:
        seen.append(len(site.requests))
        return len(seen) > STILL and len(set(seen[-STILL:])) == 1

    until(stands_still)
    assert len(site.requests) < 120
    assert len(list(pages)) > 120


def test_frontier_that_fails_ends_the_crawl_with_its_error(site: Site, tmp_path: Path) -> None:
    frontier = SqliteFrontier(tmp_path / "f.db")
    crawler = Crawler(CrawlConfig(), frontier)
    pages = crawler.crawl([site.url])
    next(pages)
    frontier.close()
    with pytest.raises(FrontierError, match=r"f\.db"):
        list(pages)


PATIENCE_S = 4.0
MIXED = Reply(
    200, "<p>caf\u00e9 ".encode("latin-1") + "for 3 \u20ac".encode(), {"Content-Type": "text/html; charset=ascii"}
)


def test_site_of_faults_leaves_every_url_accounted_for(
    site: Site, recorder: Recorder, serve: Callable[[Path], Site]
) -> None:
    def endless(request: Request, connection: socket.socket) -> None:
        connection.sendall(OK + b"\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    unfinished = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    faults: dict[str, tuple[Callable[[str], None], str, str]] = {
        "/reset": (lambda at: site.fault(at, send(reset=True)), "failed", "reset"),
        "/short": (lambda at: site.fault(at, send(OK + b"Content-Length: 99\r\n\r\nshort")), "failed", "truncated"),
        "/endless": (lambda at: site.fault(at, endless), "skipped", "too_large"),
        "/bomb": (
            lambda at: site.respond(at, Reply(200, gzipped(bytes(9_000_000)), unfinished)),
            "skipped",
            "too_large",
        ),
        "/garbled": (
            lambda at: site.respond(at, Reply(200, b"\x1f\x8b\x08no gzip", unfinished)),
            "failed",
            "bad_encoding",
        ),
        "/silent": (lambda at: site.fault(at, send(OK, pause_s=2 * PATIENCE_S)), "failed", "timeout"),
        "/no-http": (lambda at: site.fault(at, send(b"SSH-2.0-OpenSSH_9.2\r\n")), "failed", "bad_http"),
        "/loop": (lambda at: site.redirect(at, at), "failed", "redirect_loop"),
        "/mixed": (lambda at: site.respond(at, MIXED), "fetched", ""),
    }
    storm = {f"/storm/{number}": ("failed", "http_429") for number in range(5)}
    for path in storm:
        site.respond(path, Reply(429, b"", {"Retry-After": "86400"}))
    for path, (put, _, _) in faults.items():
        put(path)
    links = "".join(f"<li><a href={path}>{path}</a>" for path in (*faults, *storm))
    site.respond("/", html(f"<p>All that goes wrong.<ul>{links}</ul>"))
    mute = serve(site.folder)
    mute.fault("/robots.txt", send(b"", pause_s=2 * PATIENCE_S))
    limits: dict[str, Any] = {
        "max_page_bytes": 1_000_000,
        "max_retries": 1,
        "max_retry_after_s": 0.1,
        "max_crawl_delay_s": 0.05,
        "read_timeout_s": PATIENCE_S,
        "timeout_s": 4 * PATIENCE_S,
    }
    crawled = recorder.crawl(site.url, mute.url, use_sitemaps=False, **limits)
    ends = [event for event in crawled.events if event.outcome != "retry"]
    expected = {site.at(path): (outcome, reason) for path, (_, outcome, reason) in faults.items()}
    expected |= {site.at(path): end for path, end in storm.items()}
    expected |= {site.at("/"): ("fetched", ""), mute.at("/"): ("failed", "timeout")}
    assert {event.url: (event.outcome, event.reason) for event in ends} == expected
    assert len(ends) == len(expected)
    frontier = SqliteFrontier(recorder.path)
    counts = frontier.counts()
    frontier.close()
    assert counts[State.QUEUED] == counts[State.LEASED] == 0
    assert sum(counts.values()) == len(expected)


def test_host_that_dies_halfway_leaves_every_url_accounted_for(site: Site, tmp_path: Path) -> None:
    frontier = SqliteFrontier(tmp_path / "f.db")
    crawler = Crawler(CrawlConfig(retry_delay_s=0.01, use_sitemaps=False), frontier)
    events: list[CrawlEvent] = []
    pages = crawler.crawl([site.url], events.append)
    next(pages)
    site.close()
    list(pages)
    counts = frontier.counts()
    assert counts[State.QUEUED] == counts[State.LEASED] == 0
    assert crawler.report().failed.keys() <= {"connect", "reset", "truncated", "http_404"}
    assert crawler.report().failed["connect"] > 0
