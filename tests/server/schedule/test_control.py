"""Starting and stopping a site's crawl by hand."""

import multiprocessing
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.config import CrawlConfig
from server.assemble import schedule_ledger
from server.errors import BadInput, ScheduleTaken
from server.ledger.record import Record
from server.schedule import control
from server.schedule.plan import due_s
from server.settings.config import Config
from server.settings.sites import SchedulerConfig, SiteConfig
from tests.server.schedule.test_local import config_of, keeping, record_of, titles
from tests.support.many_pages import write_pages
from tests.support.site import Site, serve
from tests.support.until import PATIENCE_S, until

__all__ = ["serve"]

Serve = Callable[[Path], Site]
SLOW = CrawlConfig(delay_s=0.5, use_sitemaps=False)
"""So slow that a crawl of 200 pages is under way for as long as a test takes."""


def is_held(config: Config, name: str) -> bool:
    with closing(schedule_ledger(config)) as ledger:
        return ledger.is_held(name)


def test_a_site_without_a_schedule_is_crawled_when_somebody_wants_it(tmp_path: Path, serve: Serve) -> None:
    site = serve(write_pages(tmp_path / "site", 5))
    config = config_of(tmp_path, SiteConfig("docs", (site.at("/"),)), poll_s=0.05)
    with keeping(config):
        control.start(config, "docs")
        until(lambda: record_of(config, "docs").outcome)
    assert record_of(config, "docs").outcome == "done"
    assert len(titles(config)) >= 5


def test_where_nobody_keeps_the_schedule_a_process_is_made_for_it(tmp_path: Path, serve: Serve) -> None:
    site = serve(write_pages(tmp_path / "site", 3))
    config = config_of(tmp_path, SiteConfig("docs", (site.at("/"),)))
    control.start(config, "docs")
    for child in multiprocessing.active_children():
        child.join(PATIENCE_S)
    assert record_of(config, "docs").outcome == "done"


def test_a_stopped_crawl_ends_at_its_next_page_and_says_who_wanted_it(
    tmp_path: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.schedule.slice.NOTE_EVERY_S", 0.0)
    site = serve(write_pages(tmp_path / "site", 200))
    config = config_of(tmp_path, SiteConfig("docs", (site.at("/"),), ("@yearly",), crawl=SLOW), poll_s=0.05)
    with keeping(config):
        until(lambda: record_of(config, "docs").running)
        with pytest.raises(ScheduleTaken):
            control.start(config, "docs")
        control.stop(config, "docs", "ann")
        until(lambda: not is_held(config, "docs"))
        stopped = record_of(config, "docs")
        assert (stopped.run_id, stopped.outcome, stopped.detail) == ("", "stopped", "by ann")
        assert stopped.counts["fetched"] >= 1
        assert len(site.requests) < 200
        control.start(config, "docs")
        until(lambda: record_of(config, "docs").run_id)


def test_what_is_not_under_way_cannot_be_stopped(tmp_path: Path) -> None:
    config = config_of(tmp_path, SiteConfig("docs", ("http://127.0.0.1:9/",)))
    with pytest.raises(BadInput, match="not being crawled"):
        control.stop(config, "docs", "ann")


@pytest.mark.parametrize("act", [control.start, lambda config, name: control.stop(config, name, "ann")])
def test_a_site_that_is_not_there_is_named_with_the_nearest(act: Callable[[Config, str], None], tmp_path: Path) -> None:
    config = config_of(tmp_path, SiteConfig("docs", ("http://127.0.0.1:9/",)))
    with pytest.raises(BadInput, match="Did you mean 'docs'"):
        act(config, "doc")


def test_without_a_schedule_a_site_is_due_only_where_it_is_wanted() -> None:
    site, config, now = SiteConfig("docs", ("http://127.0.0.1:9/",)), SchedulerConfig(), 1_000.0
    assert due_s(site, Record("docs"), now, config) is None
    assert due_s(site, Record("docs", served_s=500.0, finished_s=500.0), now, config) is None
    wanted = Record("docs", wake_after_s=0.0)
    assert due_s(site, wanted, now, config) == 0.0
    assert due_s(site, replace(wanted, finished_s=900.0, wake_after_s=300.0), now, config) == 1_200.0
