"""Paths that go on without end and bring nothing new are left after a while; numbers in addresses decide nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawler.urls.endless import LONGEST_ROW, EndlessPaths
from tests.crawler.test_crawl import Recorder, html
from tests.support.site import Reply, Request, Site, serve, site

__all__ = ["serve", "site"]

ONCE: dict[str, Any] = {"use_sitemaps": False, "concurrency": 1, "max_pages": 600}


def month(request: Request) -> Reply:
    year, number = map(int, request.path.split("/")[2:4])
    later, name = year * 12 + number, f"{date(2000, number, 1):%B} {year}"
    what = "<p>The spring concert of the choir takes place in the town hall." if (year, number) == (2027, 5) else ""
    link = f"/calendar/{later // 12}/{later % 12 + 1}"
    return html(
        f"<h1>{name}</h1>{what}<p>No further events in {name}.<p><a href={link}>Next</a>", f"<title>{name}</title>"
    )


def day(request: Request) -> Reply:
    shown = date.fromisoformat(request.path.partition("date=")[2])
    link = f"/rooms?date={shown + timedelta(1)}"
    return html(
        f"<h1>{shown:%A, %d %B %Y}</h1><p>All rooms are free.<p><a href={link}>Tomorrow</a>", f"<title>{shown}</title>"
    )


def week(request: Request) -> Reply:
    number = int(request.path.rpartition("-")[2])
    return html(
        f"<h1>Week {number}</h1><p>Nothing planned.<p><a href=/plan/week-{number + 1}>On</a>",
        f"<title>{number}</title>",
    )


@pytest.mark.parametrize(
    ("start", "route", "answer", "at_most"),
    [
        ("/calendar/2026/11", "/calendar", month, LONGEST_ROW + 20),
        ("/rooms?date=2026-11-29", "/rooms", day, 2 * LONGEST_ROW + 365),
        ("/plan/week-1", "/plan", week, LONGEST_ROW + 20),
    ],
)
def test_a_path_without_end_is_left(
    start: str, route: str, answer: Callable[[Request], Reply], at_most: int, site: Site, tmp_path: Path
) -> None:
    follow(site, route, answer)
    crawled = Recorder(tmp_path / "frontier.db").crawl(site.at(start), near_duplicates=False, **ONCE)
    assert LONGEST_ROW <= crawled.report.fetched <= at_most
    assert crawled.report.skipped == {"trap": 1}
    event = next(event for event in crawled.events if event.reason == "trap")
    assert f"{LONGEST_ROW} pages" in event.detail


def test_numbered_pages_with_something_to_say_are_read_to_the_end(site: Site, tmp_path: Path) -> None:
    paths = [f"/viewtopic.php?t=7&start={start}" for start in range(0, 1500, 15)]
    paths += [f"/events/{number}" for number in range(5100, 5200)]
    paths += [f"/parts/{number}-12" for number in range(2040, 2140)]
    paths += [f"/archive?day={number}" for number in range(2950, 3050)]
    after = dict(pairwise(paths))

    def answer(request: Request) -> Reply:
        number = paths.index(request.path)
        word = "".join(chr(97 + int(digit)) for digit in str(number * 7919))
        return html(
            f"<h1>Of {word}</h1><p>Here {word} is told.<p><a href='{after.get(request.path, '/last')}'>Next</a>"
        )

    follow(site, "", answer, paths)
    settings = {**ONCE, "near_duplicates": False, "max_pages": 1000}
    crawled = Recorder(tmp_path / "frontier.db").crawl(site.at(paths[0]), **settings)
    assert {site.at(path) for path in paths} == set(crawled.pages)
    assert crawled.report.skipped == {}


def test_listed_pages_are_no_row_however_alike_they_are(site: Site, tmp_path: Path) -> None:
    paths = [f"/parts/{number}-12" for number in range(2000, 2000 + 3 * LONGEST_ROW)]
    site.respond("/list", html("<p>All parts." + "".join(f"<a href={path}>{path}</a> " for path in paths)))
    for path, later in zip(paths, [*paths[1:], paths[0]], strict=True):
        site.respond(path, html(f"<h1>Part {path}</h1><p>In stock. <a href={later}>Next</a>"))
    crawled = Recorder(tmp_path / "frontier.db").crawl(site.at("/list"), **ONCE, near_duplicates=False)
    assert crawled.report.fetched == len(paths) + 1


def test_a_row_goes_on_where_another_worker_read_the_page_before() -> None:
    paths = EndlessPaths()
    rows = [
        paths.read(f"http://a.example/w/{n}", f"http://a.example/w/{n - 1}", "nothing", ()) for n in range(0, 90, 2)
    ]
    assert rows == list(range(45))


def follow(site: Site, route: str, answer: Callable[[Request], Reply], paths: list[str] | None = None) -> None:
    """Answer whatever begins with ``route``, or each of ``paths``."""
    known = site.reply_to

    def reply(request: Request) -> Reply:
        is_ours = request.path in paths if paths is not None else request.path.startswith(route)
        return answer(request) if is_ours else known(request)

    site.reply_to = reply  # type: ignore[method-assign]  # one route for addresses without end
