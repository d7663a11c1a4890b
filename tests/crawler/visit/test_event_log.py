"""The log of a crawl: whole lines with ECS names, each outcome in them, rotation, and what a crash leaves."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.config import CrawlConfig
from crawler.crawl import Crawler
from crawler.errors import CrawlError
from crawler.frontier.sqlite import SqliteFrontier
from crawler.outcome import Outcome, Reason
from crawler.report import CrawlEvent
from crawler.visit.event_log import EventLog, ecs_of
from tests.support.site import Reply, Site


def lines_of(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_each_outcome_of_a_crawl_is_in_the_log(site: Site, tmp_path: Path) -> None:
    site.respond("/closed", Reply(403, b"", {"Content-Type": "text/html"}))
    site.respond("/busy", Reply(500, b"", {"Content-Type": "text/html"}))
    links = "<a href=/closed>x</a><a href=/busy>x</a><a href=/old-install.html>x</a><a href=https://else.example/>x</a>"
    site.write("/faq.html", (site.folder / "faq.html").read_text("utf-8").replace("</body>", links + "</body>"))
    config = CrawlConfig(event_log=tmp_path / "log" / "crawl.jsonl", max_retries=1, retry_delay_s=0.01)
    frontier = SqliteFrontier(tmp_path / "frontier.db")
    events: list[CrawlEvent] = []
    for _ in range(2):
        crawler = Crawler(config, frontier)
        for item in crawler.crawl([site.at("/")], events.append):
            crawler.acknowledge([item])
        site.redirect("/guide/schedule.html", "/guide/install.html")
    frontier.close()
    lines = lines_of(tmp_path / "log" / "crawl.jsonl")
    assert [(line["url.full"], line["recollect.crawl.outcome"]) for line in lines] == [
        (event.url, event.outcome) for event in events
    ]
    outcomes = {line["recollect.crawl.outcome"] for line in lines}
    assert outcomes >= {"fetched", "not_modified", "redirect", "skipped", "failed", "retry", "gone"}
    closed = next(line for line in lines if line["url.full"] == site.at("/closed"))
    assert closed["event.outcome"] == "failure"
    assert closed["event.reason"] == "http_403"
    assert closed["http.response.status_code"] == 403
    assert closed["url.domain"] == "127.0.0.1"


def test_fields_have_ecs_names_and_units() -> None:
    event = CrawlEvent("https://e.org/a", Outcome.FETCHED, Reason.NONE, 200, 512, 0.25, 2, "https://e.org/", "")
    fields = ecs_of(event, datetime(2024, 3, 5, 12, tzinfo=UTC))
    assert fields["@timestamp"] == "2024-03-05T12:00:00.000Z"
    assert fields["event.duration"] == 250_000_000
    assert fields["http.response.body.bytes"] == 512
    assert fields["http.request.referrer"] == "https://e.org/"
    assert fields["url.domain"] == "e.org"
    assert "message" not in fields


def test_torn_last_line_is_cut_at_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "crawl.jsonl"
    EventLog(file, 10_000, 3).write(CrawlEvent("https://e.org/1", Outcome.FETCHED))
    with file.open("ab") as log:
        log.write(b'{"url.full":"https://e.org/ha')
    EventLog(file, 10_000, 3).write(CrawlEvent("https://e.org/2", Outcome.FETCHED))
    assert [line["url.full"] for line in lines_of(file)] == ["https://e.org/1", "https://e.org/2"]


def test_full_log_is_put_aside_and_only_so_many_are_kept(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "crawl.jsonl", 1, 3)
    for number in range(5):
        log.write(CrawlEvent(f"https://e.org/{number}", Outcome.FETCHED))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crawl.jsonl.1", "crawl.jsonl.2"]
    assert lines_of(tmp_path / "crawl.jsonl.1")[0]["url.full"] == "https://e.org/4"


def test_log_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CrawlError, match="cannot be written"):
        EventLog(tmp_path / "file" / "crawl.jsonl", 1, 1)
