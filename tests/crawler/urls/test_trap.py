"""Addresses without end are told from honest ones."""

from pathlib import Path

import pytest

from crawler.urls.trap import is_trap
from tests.crawler.test_crawl import Recorder, html
from tests.support.site import Reply, Request, Site, serve, site

__all__ = ["serve", "site"]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/a/b/a/b/a/b", ""),
        ("/shop/shop/shop/shop/", ""),
        ("/x/en/docs/guide/en/docs/guide/en/docs/guide/start.html", ""),
        ("/list", "sort=a&sort=a&sort=a"),
        ("/docs/a/b/c/a/c/b/a", ""),
    ],
)
def test_addresses_without_end_are_traps(path: str, query: str) -> None:
    assert is_trap(path, query)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/", ""),
        ("/library/json.html", ""),
        ("/3/3/3", ""),
        ("/a/b/a/b", ""),
        ("/docs/docs/index.html", ""),
        ("/viewtopic.php", "t=7&start=1500"),
        ("/events/5123", ""),
        ("/parts/2045-12", ""),
        ("/archive", "day=3000"),
        ("/calendar/2987/04", ""),
        ("/news/1815/06/18/waterloo.html", ""),
        ("/list", "tag=a&tag=b&tag=c"),
        ("/model/2987", "start=10&end=20"),
        ("/agenda/month/9001/1", ""),
        ("/schedule", "date=1066-10-14"),
        ("/org/src/main/org/src/test/x.html", ""),
    ],
)
def test_honest_addresses_are_none(path: str, query: str) -> None:
    assert not is_trap(path, query)


def test_crawl_leaves_a_trap_and_counts_it(site: Site, tmp_path: Path) -> None:
    def deeper(request: Request) -> Reply:
        return html(f"<p>You are at {request.path}. <a href='{request.path}/room'>Next room</a>")

    for depth in range(12):
        site.respond("/maze" + "/room" * depth, deeper)
    crawled = Recorder(tmp_path / "frontier.db").crawl(site.at("/maze"), use_sitemaps=False)
    assert crawled.report.skipped == {"trap": 1}
    assert crawled.report.fetched == 4
