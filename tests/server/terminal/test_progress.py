"""The line that says how far a crawl is."""

import re
from pathlib import Path

import pytest

from crawler.outcome import Outcome
from server.terminal import watch
from server.terminal.progress import Queue, in_words, progress_line, seconds_left
from tests.server.conftest import Recollect
from tests.support.site import Reply, Site, serve, site

__all__ = ["serve", "site"]


def test_the_line_tells_speed_outcomes_size_queue_and_time_left() -> None:
    outcomes = {Outcome.FETCHED: 90, Outcome.NOT_MODIFIED: 10, Outcome.SKIPPED: 1100}
    line = progress_line(outcomes, 100.0, queued=300, indexed=64, size_bytes=2_500_000, delay_s=0.0)
    assert line == (
        "Crawling: 1,200 visited (12.0/s), 300 to go (about 5 min), 90 fetched, 10 not modified, 1,100 skipped, "
        "64 indexed, 2.5 MB"
    )


def test_nothing_is_said_of_the_time_left_before_anything_is_known() -> None:
    line = progress_line({}, 0.0, queued=5, indexed=0, size_bytes=0, delay_s=1.0)
    assert line == "Crawling: 0 visited (0.0/s), 5 to go, 0 indexed, 0.0 MB"
    assert seconds_left({Outcome.FETCHED: 5}, 1.0, queued=0, delay_s=1.0) is None


def test_the_time_left_is_not_less_than_the_delays_allow() -> None:
    assert seconds_left({Outcome.FETCHED: 100}, 1.0, queued=50, delay_s=2.0) == 100.0
    assert seconds_left({Outcome.FETCHED: 10}, 100.0, queued=50, delay_s=2.0) == 500.0


def test_a_crawl_delay_that_robots_asks_for_counts_from_the_first_line_on(
    site: Site, recollect: Recollect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(watch, "PLAIN_LINE_S", 0.0)
    site.respond("/robots.txt", Reply(200, b"User-agent: *\nCrawl-delay: 0.3\n", {"Content-Type": "text/plain"}))
    file = tmp_path / "recollect.yml"
    file.write_text(f"seeds: [{site.at('/')}]\nencoder: {{kind: hashing}}\n", encoding="utf-8")
    ran = recollect("crawl", file, "--max-pages", "4")
    assert ran.status == 0, ran.err
    estimates = [(int(queued), int(s)) for queued, s in re.findall(r"(\d+) to go \(about (\d+) s\)", ran.err)]
    assert estimates
    assert all(seconds >= round(queued * 0.3) for queued, seconds in estimates), estimates


@pytest.mark.parametrize(("seconds", "words"), [(42, "42 s"), (600, "10 min"), (9000, "2.5 h")])
def test_times_are_told_roughly(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_a_slow_count_is_asked_for_seldom() -> None:
    now = [0.0]
    asked = []

    def count() -> int:
        asked.append(now[0])
        now[0] += 1.0
        return len(asked)

    queue = Queue(count, lambda: now[0])
    assert queue.length() == 1
    now[0] = 50.0
    assert queue.length() == 1
    now[0] = 51.0
    assert queue.length() == 2
