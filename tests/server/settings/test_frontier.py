"""The setting ``frontier``: crawls are remembered in PostgreSQL instead of the data folder."""

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.config import CrawlConfig
from crawler.errors import MissingExtra
from crawler.frontier.postgres import PostgresFrontier
from crawler.frontier.seam import Discovery, State, Visit
from crawler.outcome import Reason
from server.commands.crawl import crawl_into_index
from server.crawl_memory import crawl_counts, open_frontier, rebuilt_frontier
from server.errors import ConfigError
from server.settings.config import Config, load, masked
from tests.support.many_pages import write_pages
from tests.support.site import Site, serve

__all__ = ["serve"]


@pytest.fixture
def config(tmp_path: Path, postgres_database: str) -> Config:
    environ = {"RECOLLECT_FRONTIER": postgres_database, "RECOLLECT_ENCODER__KIND": "hashing"}
    return load(data=tmp_path / "data", environ=environ)


def test_second_crawl_knows_the_pages_of_the_first(config: Config, tmp_path: Path, serve: type[Site]) -> None:
    site = serve(write_pages(tmp_path / "site", 8))
    assert crawl_into_index(config, [site.at("/")])["indexed"] == 8
    assert crawl_into_index(config, [site.at("/")])["not_modified"] == 8
    assert crawl_counts(config)["done"] == 8
    assert not list((tmp_path / "data").glob("frontier*"))


def test_every_index_has_a_memory_of_its_own(config: Config, tmp_path: Path) -> None:
    other = replace(config, data=tmp_path / "other")
    with closing(open_frontier(config, 1)) as one, closing(open_frontier(other, 1)) as another:
        one.begin(["http://example.org/"], "v1")
        assert another.history("http://example.org/") is None


@pytest.mark.parametrize("is_shared", [True, False])
def test_memory_of_an_emptied_index_is_forgotten(config: Config, is_shared: bool) -> None:
    config = config if is_shared else replace(config, frontier="")
    with closing(open_frontier(config, 0)) as frontier:
        frontier.begin(["http://example.org/"], "v1")
        frontier.next("http://example.org", 1, 60.0)
        frontier.record(Visit("http://example.org/", State.FETCHED, Reason.PAGE, 200))
        frontier.acknowledge(["http://example.org/"])
    with closing(open_frontier(config, 0)) as frontier:
        assert frontier.history("http://example.org/") is None


@pytest.mark.parametrize("is_shared", [True, False])
def test_crawl_that_was_stopped_before_it_indexed_anything_goes_on(config: Config, is_shared: bool) -> None:
    config = config if is_shared else replace(config, frontier="")
    with closing(open_frontier(config, 0)) as frontier:
        frontier.begin(["http://example.org/"], "v1")
        frontier.next("http://example.org", 1, 60.0)
        found = [Discovery("http://example.org/page", 1, "http://example.org/")]
        frontier.record(Visit("http://example.org/", State.DONE, Reason.NOINDEX, 200), found)
    with closing(open_frontier(config, 0)) as frontier:
        assert frontier.begin(["http://example.org/"], "v1")
        assert [lease.url for lease in frontier.next("http://example.org", 9, 60.0)] == ["http://example.org/page"]


@pytest.mark.parametrize("is_shared", [True, False])
def test_memory_of_a_rebuilt_index_takes_the_place_of_the_old_one(config: Config, is_shared: bool) -> None:
    config = config if is_shared else replace(config, frontier="")
    with closing(open_frontier(config, 1)) as frontier:
        frontier.begin(["http://example.org/old"], "v1")
    with rebuilt_frontier(config) as frontier:
        frontier.begin(["http://example.org/new"], "v1")
    with closing(open_frontier(config, 1)) as frontier:
        assert frontier.history("http://example.org/new") is not None
        assert frontier.history("http://example.org/old") is None


def test_password_is_masked() -> None:
    shown = json.dumps(masked(Config(frontier="postgresql://me:hunter2@db/crawls?password=hunter2")))
    assert "hunter2" not in shown
    assert "hunter2" not in repr(Config(frontier="postgresql://me:hunter2@db/crawls"))


def test_urls_longer_than_postgresql_takes_are_refused_beforehand(config: Config) -> None:
    with pytest.raises(ConfigError, match="max_url_chars is 8000"):
        open_frontier(replace(config, crawl=CrawlConfig(max_url_chars=8000)), 1)


def test_missing_driver_is_one_clear_line(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    # None in sys.modules is how Python itself marks a module that cannot be imported.
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(MissingExtra, match="PostgreSQL needs") as caught:
        PostgresFrontier(config.frontier)
    assert "recollect[postgresql]" in caught.value.cure
