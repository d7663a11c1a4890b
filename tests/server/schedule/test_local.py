"""Scheduled crawls in one process, over real sites."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from crawler.config import CrawlConfig
from crawler.crawl import UNREAD_PAGES
from indexer.embedded.store import EmbeddedStore
from indexer.facts.keep import READ_FILE
from indexer.facts.read_pages import read_pages
from server.assemble import schedule_ledger
from server.errors import ScheduleTaken
from server.ledger.record import Record
from server.page_facts import read_facts
from server.places import facts_path
from server.schedule.local import LocalScheduler, SharedWriter
from server.settings.choices import EncoderConfig
from server.settings.config import Config
from server.settings.sites import SchedulerConfig, SiteConfig
from tests.support.many_pages import write_pages
from tests.support.site import Site, serve
from tests.support.until import PATIENCE_S, until

__all__ = ["serve"]

GENTLE = CrawlConfig(delay_s=0.004, use_sitemaps=False)
"""A floor for the time that 400 pages take, so that a slice of 0.3 s cannot hold them."""

Serve = Callable[[Path], Site]


def config_of(folder: Path, *sites: SiteConfig, **scheduler: float) -> Config:
    return Config(
        sites=sites,
        data=folder / "data",
        encoder=EncoderConfig("hashing"),
        scheduler=SchedulerConfig(**scheduler),  # type: ignore[arg-type]
    )


def record_of(config: Config, name: str) -> Record:
    ledger = schedule_ledger(config)
    try:
        return ledger.record(name)
    finally:
        ledger.close()


@contextmanager
def keeping(config: Config, clock: Callable[[], float] = time.time) -> Iterator[LocalScheduler]:
    """A scheduler at work in a thread."""
    ledger = schedule_ledger(config)
    scheduler = LocalScheduler(config, ledger, clock)
    thread = threading.Thread(target=scheduler.run)
    thread.start()
    try:
        yield scheduler
    finally:
        scheduler.stop()
        thread.join(PATIENCE_S)
        ledger.close()
    assert not thread.is_alive()


def titles(config: Config) -> set[str]:
    store = EmbeddedStore(config.data)
    try:
        return {head.title for head in store.scan()} if store.manifest() else set()
    finally:
        store.close()


def words(config: Config, word: str) -> int:
    return sum(title.startswith(word) for title in titles(config))


@pytest.mark.parametrize("concurrency", [1, 2])
def test_a_huge_site_does_not_keep_a_small_one_waiting(tmp_path: Path, serve: Serve, concurrency: int) -> None:
    huge = serve(write_pages(tmp_path / "huge", 400, "whale"))
    small = serve(write_pages(tmp_path / "small", 10, "shrew"))
    config = config_of(
        tmp_path,
        SiteConfig("huge", (huge.at("/"),), ("@daily",), priority=6, crawl=GENTLE),
        SiteConfig("small", (small.at("/"),), ("@daily",), crawl=GENTLE),
        concurrency=concurrency,
        slice_s=0.3,
    )
    with keeping(config):
        until(lambda: record_of(config, "small").outcome)
        assert record_of(config, "huge").run_id, "the huge one was done first"
        assert words(config, "shrew") == 10
        until(lambda: record_of(config, "huge").outcome)
    assert words(config, "whale") == 400
    assert record_of(config, "huge").outcome == "done"


def test_a_scheduler_that_was_stopped_goes_on_where_it_was(tmp_path: Path, serve: Serve) -> None:
    site = serve(write_pages(tmp_path / "site", 200))
    config = config_of(tmp_path, SiteConfig("site", (site.at("/"),), ("@daily",), crawl=GENTLE))
    with keeping(config):
        until(lambda: len(site.requests) > 40)
    stopped = record_of(config, "site")
    assert stopped.run_id
    assert not stopped.outcome
    with keeping(config):
        until(lambda: record_of(config, "site").outcome)
    assert record_of(config, "site").outcome == "done"
    assert words(config, "badger") == 200
    asked = [request.path for request in site.requests if request.path.startswith("/page")]
    assert len(asked) - len(set(asked)) <= GENTLE.concurrency + UNREAD_PAGES, "more was repeated than was under way"


def test_a_site_whose_seed_fails_is_told_of_and_harms_no_other(tmp_path: Path, serve: Serve) -> None:
    site = serve(write_pages(tmp_path / "site", 3))
    config = config_of(
        tmp_path,
        SiteConfig("gone", ("http://127.0.0.1:9/",), ("@daily",), crawl=CrawlConfig(max_retries=0)),
        SiteConfig("site", (site.at("/"),), ("@daily",)),
    )
    with keeping(config):
        until(lambda: record_of(config, "gone").outcome and record_of(config, "site").outcome)
    assert record_of(config, "gone").outcome == "failed"
    assert "127.0.0.1:9" in record_of(config, "gone").detail
    assert record_of(config, "site").outcome == "done"
    assert record_of(config, "site").counts["indexed"] == 3


def test_an_index_that_another_process_writes_puts_the_crawl_off(tmp_path: Path, serve: Serve) -> None:
    site = serve(write_pages(tmp_path / "site", 3))
    config = config_of(tmp_path, SiteConfig("site", (site.at("/"),), ("@daily",)), retry_s=0.2)
    writer = EmbeddedStore(config.data, writable=True)
    with keeping(config):
        until(lambda: record_of(config, "site").outcome == "postponed")
        assert "is writing to the index" in record_of(config, "site").detail
        writer.close()
        until(lambda: record_of(config, "site").outcome == "done")
        until(lambda: not schedule_is_held(config, "site"))
        EmbeddedStore(config.data, writable=True).close()
    assert words(config, "badger") == 3


def schedule_is_held(config: Config, name: str) -> bool:
    ledger = schedule_ledger(config)
    try:
        return ledger.is_held(name)
    finally:
        ledger.close()


def test_one_process_keeps_the_schedule(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    with keeping(config):
        until(lambda: schedule_is_held(config, ".scheduler"))
        ledger = schedule_ledger(config)
        with pytest.raises(ScheduleTaken):
            LocalScheduler(config, ledger).run()
        ledger.close()


def test_the_next_crawl_comes_when_the_clock_says_so_and_finds_what_has_changed(tmp_path: Path, serve: Serve) -> None:
    site = serve(write_pages(tmp_path / "site", 5))
    config = config_of(tmp_path, SiteConfig("site", (site.at("/"),), ("0 3 * * *",)))
    ahead_s = [0.0]
    with keeping(config, lambda: time.time() + ahead_s[0]) as scheduler:
        until(lambda: record_of(config, "site").outcome)
        first = record_of(config, "site").finished_s
        site.write("/index.html", "<!doctype html><html lang=en><title>otter</title><main><h1>Otter</h1><p>An otter.")
        ahead_s[0] = 24 * 3600.0
        scheduler.wake()
        until(lambda: record_of(config, "site").finished_s > first)
    assert "otter" in titles(config)


def test_facts_that_were_read_once_are_read_after_each_crawl(tmp_path: Path, serve: Serve) -> None:
    site = serve(write_pages(tmp_path / "site", 3))
    config = config_of(tmp_path, SiteConfig("site", (site.at("/"),), ("0 3 * * *",)))
    ahead_s = [0.0]
    with keeping(config, lambda: time.time() + ahead_s[0]) as scheduler:
        until(lambda: record_of(config, "site").outcome)
        first = record_of(config, "site").finished_s
        with closing(EmbeddedStore(config.data)) as store:
            read_facts(config, store)
        page = "<!doctype html><html lang=en><title>otter</title><main><h1>Otter</h1><p>An otter is a swimmer."
        site.write("/index.html", page)
        ahead_s[0] = 24 * 3600.0
        scheduler.wake()
        until(lambda: record_of(config, "site").finished_s > first)
    with read_pages(facts_path(config) / READ_FILE) as pages:
        assert ("otter", "type", "swimmer") in {row[1:] for row in pages.rows()}


def test_an_adaptive_site_rests_until_its_first_page_is_due_and_is_then_asked_for_due_pages_alone(
    tmp_path: Path, serve: Serve
) -> None:
    site = serve(write_pages(tmp_path / "site", 5))
    often = CrawlConfig(interval_s=7200.0, min_interval_s=3600.0, use_sitemaps=False)
    config = config_of(tmp_path, SiteConfig("site", (site.at("/"),), ("adaptive",), crawl=often))
    ahead_s = [0.0]
    with keeping(config, lambda: time.time() + ahead_s[0]) as scheduler:
        until(lambda: record_of(config, "site").outcome)
        rest_s = record_of(config, "site").wake_after_s
        assert rest_s is not None
        assert 3600 - 60 <= rest_s <= 7200
        first, asked = record_of(config, "site").finished_s, len(site.requests)
        # The scheduler's clock alone goes ahead: to the crawler no page is due yet.
        ahead_s[0] = rest_s + 1
        scheduler.wake()
        until(lambda: record_of(config, "site").finished_s > first)
    assert record_of(config, "site").outcome == "done"
    assert [request.path for request in site.requests[asked:] if request.path != "/robots.txt"] == []


def test_crawls_that_begin_together_into_an_empty_index_share_one_memory(tmp_path: Path) -> None:
    for attempt in range(20):
        writer = SharedWriter(config_of(tmp_path / str(attempt)))
        begin, opened = threading.Barrier(2, timeout=10), threading.Barrier(2, timeout=10)
        seen: list[bool] = []

        def crawl(
            number: int,
            writer: SharedWriter = writer,
            begin: threading.Barrier = begin,
            opened: threading.Barrier = opened,
            seen: list[bool] = seen,
        ) -> None:
            begin.wait()
            with writer.open() as (_, frontier):
                opened.wait()
                frontier.begin([f"http://127.0.0.1:{number}/"], "")
                opened.wait()
                seen.extend(frontier.history(f"http://127.0.0.1:{other}/") is not None for other in (1, 2))
                opened.wait()

        threads = [threading.Thread(target=crawl, args=(number,)) for number in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen == [True] * 4


def test_a_run_waits_until_the_one_before_has_let_go_of_the_site(tmp_path: Path, serve: Serve) -> None:
    site = serve(write_pages(tmp_path / "site", 3))
    config = config_of(tmp_path, SiteConfig("site", (site.at("/"),), ("@daily",)))
    ledger = schedule_ledger(config)
    with ExitStack() as stack:
        with ledger.hold("site"):
            stack.enter_context(keeping(config))
            until(lambda: record_of(config, "site").run_id)
            time.sleep(0.2)
            assert not site.requests
        until(lambda: record_of(config, "site").outcome)
    ledger.close()
