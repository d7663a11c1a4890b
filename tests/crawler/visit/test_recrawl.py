"""What a later crawl asks for again, when, and what it takes out of the index."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.config import CrawlConfig
from crawler.crawl import Crawler
from crawler.frontier.sqlite import SqliteFrontier
from crawler.page import Gone, Page
from crawler.report import CrawlEvent, CrawlReport
from crawler.visit.revisit import first_interval_s, next_interval_s
from tests.support.site import Reply, Site

CONFIG = CrawlConfig(retry_delay_s=0.02, missing_recheck_s=0.02)
HOUR_S, DAY_S = 3600.0, 86_400.0


class Crawls:
    """Crawls one site again and again, as an index would that stores whatever it is given."""

    def __init__(self, site: Site, path: Path) -> None:
        self.site = site
        self.path = path
        self.indexed: set[str] = set()
        self.events: list[CrawlEvent] = []

    def crawl(
        self, config: CrawlConfig = CONFIG, *, only_due: bool = False, agrees_to_losses: bool = False
    ) -> CrawlReport:
        self.events, self.site.requests[:] = [], []
        frontier = SqliteFrontier(self.path)
        crawler = Crawler(config, frontier)
        try:
            for item in crawler.crawl(
                [self.site.at("/")], self.events.append, only_due=only_due, agrees_to_losses=agrees_to_losses
            ):
                (self.indexed.add if isinstance(item, Page) else self.indexed.discard)(item.url)
                crawler.acknowledge([item])
        finally:
            frontier.close()
        return crawler.report()

    def asked_for(self) -> set[str]:
        return {request.path for request in self.site.requests} - {"/robots.txt", "/sitemap.xml"}


@pytest.fixture
def crawls(tmp_path: Path) -> Iterator[Crawls]:
    folder = tmp_path / "site"
    folder.mkdir()
    site = Site(folder)
    links = "".join(f'<li><a href="/{number}.html">{number}</a>' for number in range(40))
    site.write("/index.html", f"<html lang=en><title>Start</title><p>All pages.<ul>{links}</ul>")
    for number in range(40):
        site.write(f"/{number}.html", f"<html lang=en><title>{number}</title><p>Page number {number} of forty.")
    yield Crawls(site, tmp_path / "frontier.db")
    site.close()


def list_in_sitemap(site: Site, moment: datetime) -> None:
    entries = "".join(
        f"<url><loc>{site.at(f'/{number}.html')}</loc><lastmod>{moment.isoformat()}</lastmod></url>"
        for number in range(40)
    )
    site.respond("/sitemap.xml", Reply(200, f"<urlset>{entries}</urlset>".encode(), {"Content-Type": "text/xml"}))


def lose(site: Site, count: int) -> None:
    for number in range(count):
        site.remove(f"/{number}.html")


def test_interval_follows_the_changes_that_are_seen() -> None:
    interval_s = DAY_S
    for _ in range(4):
        interval_s = next_interval_s(CONFIG, interval_s, is_changed=False)
    assert interval_s == pytest.approx(DAY_S * 1.4**4)
    assert next_interval_s(CONFIG, DAY_S, is_changed=True) == pytest.approx(DAY_S * 0.8)


def test_interval_stays_within_its_bounds() -> None:
    assert next_interval_s(CONFIG, 1.0, is_changed=True) == CONFIG.min_interval_s
    assert next_interval_s(CONFIG, 1e9, is_changed=False) == CONFIG.max_interval_s


def test_page_that_is_old_when_first_seen_is_left_alone_for_longer() -> None:
    now_s = time.time()
    assert first_interval_s(CONFIG, None, now_s) == CONFIG.interval_s
    old = datetime.fromtimestamp(now_s - 100 * DAY_S, UTC)
    assert first_interval_s(CONFIG, old, now_s) == pytest.approx(10 * DAY_S)


def test_unmodified_pages_of_a_sitemap_are_spared_but_for_spot_checks(crawls: Crawls) -> None:
    list_in_sitemap(crawls.site, datetime.now(UTC) - timedelta(days=9))
    crawls.crawl()
    report = crawls.crawl()
    assert report.not_modified == 41
    assert sum(event.reason == "lastmod" for event in crawls.events) == 37
    assert len(crawls.asked_for()) == 4


def test_dates_of_a_sitemap_may_be_ignored(crawls: Crawls) -> None:
    list_in_sitemap(crawls.site, datetime.now(UTC) - timedelta(days=9))
    config = CrawlConfig(use_lastmod=False)
    crawls.crawl(config)
    crawls.crawl(config)
    assert len(crawls.asked_for()) == 41


def test_sitemap_whose_dates_prove_wrong_is_not_believed(crawls: Crawls, caplog: pytest.LogCaptureFixture) -> None:
    list_in_sitemap(crawls.site, datetime.now(UTC) - timedelta(days=9))
    crawls.crawl()
    for number in range(40):
        crawls.site.write(f"/{number}.html", f"<html lang=en><title>{number}</title><p>Rewritten number {number}.")
    config = CrawlConfig(concurrency=1)
    report = crawls.crawl(config)
    assert report.fetched == 40
    assert "the sitemap's dates are ignored" in caplog.text


def test_due_crawl_asks_for_due_and_new_pages_only(crawls: Crawls) -> None:
    crawls.crawl(CrawlConfig(interval_s=9 * DAY_S))
    assert crawls.crawl(only_due=True).not_modified == 0
    assert crawls.asked_for() == set()
    list_in_sitemap(crawls.site, datetime.now(UTC) + timedelta(seconds=60))
    crawls.site.write("/0.html", "<html lang=en><title>0</title><p>Rewritten.")
    report = crawls.crawl(only_due=True)
    assert (report.fetched, report.not_modified) == (1, 39)


def test_next_visit_is_known(crawls: Crawls) -> None:
    crawls.crawl(CrawlConfig(interval_s=9 * DAY_S))
    frontier = SqliteFrontier(crawls.path)
    due_s = frontier.next_due_s()
    frontier.close()
    assert due_s is not None
    assert 8.9 * DAY_S < due_s <= 9 * DAY_S


def test_page_that_answers_404_once_is_not_gone(crawls: Crawls) -> None:
    crawls.crawl()
    body = (crawls.site.folder / "7.html").read_bytes()
    answers = [Reply(200, body, {"Content-Type": "text/html"}), Reply(404)]
    crawls.site.respond("/7.html", lambda _: answers.pop())
    report = crawls.crawl()
    assert (report.gone, report.retries) == (0, 1)
    assert crawls.site.at("/7.html") in crawls.indexed


def test_page_that_answers_410_is_gone_at_once(crawls: Crawls) -> None:
    crawls.crawl()
    crawls.site.respond("/7.html", Reply(410))
    assert crawls.crawl().gone == 1
    assert len(crawls.site.requests_for("/7.html")) == 1
    assert crawls.site.at("/7.html") not in crawls.indexed


def test_few_missing_pages_leave_the_index(crawls: Crawls) -> None:
    crawls.crawl()
    lose(crawls.site, 10)
    report = crawls.crawl()
    assert (report.gone, report.purge_held) == (10, 0)
    assert len(crawls.indexed) == 31


def test_losing_half_the_site_removes_nothing_until_it_is_agreed_to(
    crawls: Crawls, caplog: pytest.LogCaptureFixture
) -> None:
    crawls.crawl()
    lose(crawls.site, 20)
    assert crawls.crawl().purge_held == 20
    assert len(crawls.indexed) == 41
    assert "20 of 41 indexed pages are gone" in caplog.text
    assert crawls.crawl(only_due=True).purge_held == 20
    assert crawls.crawl(agrees_to_losses=True).purge_held == 0
    assert len(crawls.indexed) == 21


def test_pages_that_come_back_end_the_alarm(crawls: Crawls) -> None:
    crawls.crawl()
    kept = {number: (crawls.site.folder / f"{number}.html").read_text() for number in range(20)}
    lose(crawls.site, 20)
    assert crawls.crawl().purge_held == 20
    for number, text in kept.items():
        crawls.site.write(f"/{number}.html", text)
    assert crawls.crawl().purge_held == 0
    assert len(crawls.indexed) == 41
    assert crawls.crawl(agrees_to_losses=True).gone == 0


def test_moved_pages_are_no_losses(crawls: Crawls) -> None:
    crawls.crawl()
    for number in range(20):
        crawls.site.write(f"/new/{number}.html", f"<html lang=en><title>New</title><p>Moved page {number}.")
        crawls.site.redirect(f"/{number}.html", f"/new/{number}.html")
    report = crawls.crawl()
    assert (report.fetched, report.gone, report.purge_held) == (20, 20, 0)
    assert len(crawls.indexed) == 41


def test_site_that_redirects_everything_to_its_front_page_is_lost(crawls: Crawls) -> None:
    crawls.crawl()
    for number in range(20):
        crawls.site.redirect(f"/{number}.html", "/")
    assert crawls.crawl().purge_held == 20


def test_pages_that_new_rules_leave_out_leave_the_index(crawls: Crawls) -> None:
    crawls.crawl()
    crawls.crawl(CrawlConfig(exclude=("/1?.html",)))
    assert len(crawls.indexed) == 31
    assert crawls.site.at("/13.html") not in crawls.indexed


def test_pages_that_robots_forbids_from_now_on_leave_the_index(crawls: Crawls) -> None:
    crawls.crawl()
    crawls.site.respond("/robots.txt", Reply(200, b"User-agent: *\nDisallow: /5.html\n"))
    crawls.crawl()
    assert crawls.site.at("/5.html") not in crawls.indexed
    assert len(crawls.indexed) == 40


def test_removals_that_a_killed_crawl_found_are_handed_out_by_the_next(crawls: Crawls) -> None:
    crawls.crawl()
    crawls.site.respond("/5.html", Reply(410))
    frontier = SqliteFrontier(crawls.path)
    crawler = Crawler(CONFIG, frontier)
    gone = [item for item in crawler.crawl([crawls.site.at("/")]) if isinstance(item, Gone)]
    frontier.close()
    assert [item.url for item in gone] == [crawls.site.at("/5.html")]
    crawls.crawl()
    assert crawls.site.at("/5.html") not in crawls.indexed


ORPHANS = replace(CONFIG, remove_orphans=True)


def link_only(site: Site, numbers: range) -> None:
    links = "".join(f'<li><a href="/{number}.html">{number}</a>' for number in numbers)
    site.write("/index.html", f"<html lang=en><title>Start</title><p>Some pages.<ul>{links}</ul>")


def test_page_that_nothing_links_to_stays_unless_orphans_are_removed(crawls: Crawls) -> None:
    crawls.crawl()
    link_only(crawls.site, range(38))
    crawls.crawl()
    assert len(crawls.indexed) == 41
    # Links are not known of pages that are unchanged, so the first crawl with this setting reads them all again.
    assert crawls.crawl(ORPHANS).gone == 2
    assert {event.reason for event in crawls.events if event.outcome == "gone"} == {"orphan"}
    assert len(crawls.indexed) == 39
    assert crawls.crawl(ORPHANS).gone == 0
    assert "/39.html" not in crawls.asked_for()
    assert len(crawls.indexed) == 39
    link_only(crawls.site, range(39))
    assert crawls.crawl(ORPHANS).fetched == 2
    assert crawls.site.at("/38.html") in crawls.indexed


def test_links_of_unchanged_pages_keep_what_they_lead_to(crawls: Crawls) -> None:
    crawls.site.write("/0.html", "<html lang=en><title>0</title><p>To <a href=/below.html>below</a>.")
    crawls.site.write("/below.html", "<html lang=en><title>Below</title><p>A page below another.")
    crawls.crawl(ORPHANS)
    report = crawls.crawl(ORPHANS)
    assert (report.gone, report.not_modified, len(crawls.indexed)) == (0, 42, 42)


def test_too_many_orphans_are_held_back(crawls: Crawls) -> None:
    crawls.crawl(ORPHANS)
    link_only(crawls.site, range(5))
    assert crawls.crawl(ORPHANS).purge_held == 35
    assert len(crawls.indexed) == 41
    assert crawls.crawl(ORPHANS, agrees_to_losses=True).gone == 35
    assert len(crawls.indexed) == 6


def test_no_page_is_an_orphan_when_a_sitemap_cannot_be_read(crawls: Crawls) -> None:
    list_in_sitemap(crawls.site, datetime.now(UTC) - timedelta(days=9))
    crawls.crawl(ORPHANS)
    link_only(crawls.site, range(38))
    crawls.site.respond("/sitemap.xml", Reply(500))
    assert crawls.crawl(ORPHANS).gone == 0
    crawls.site.respond("/sitemap.xml", Reply(404))
    assert crawls.crawl(ORPHANS).gone == 2
