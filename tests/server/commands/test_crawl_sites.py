"""``recollect crawl`` of several sites: one that fails does not stop the others."""

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.errors import StoreRefused
from tests.server.conftest import Recollect
from tests.support.site import Reply, Site, serve, site

__all__ = ["serve", "site"]


def write_config(folder: Path, *seeds: str) -> Path:
    """A config file with a site for each seed."""
    entries = "".join(f"  - {{name: site{i}, seeds: ['{seed}']}}\n" for i, seed in enumerate(seeds))
    file = folder / "recollect.yml"
    file.write_text(f"sites:\n{entries}encoder: {{kind: hashing}}\ncrawl: {{max_retries: 0}}\n", encoding="utf-8")
    return file


def test_a_site_that_fails_is_named_and_the_others_are_crawled(
    site: Site, serve: Callable[[Path], Site], recollect: Recollect, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    broken = serve(empty)
    broken.respond("/", Reply(500))
    ran = recollect("crawl", write_config(tmp_path, broken.at("/"), site.at("/")), "--json")
    assert ran.status == 1
    assert ran.json["indexed"] > 5
    assert list(ran.json["failed_sites"]) == [broken.at("/")]
    assert "answers 500" in ran.json["failed_sites"][broken.at("/")]
    assert f"1 of 2 sites could not be crawled: {broken.at('/')}" in ran.err


def test_when_every_site_fails_each_is_reported(
    serve: Callable[[Path], Site], recollect: Recollect, tmp_path: Path
) -> None:
    seeds = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        seeds.append(serve(tmp_path / name).at("/"))
    ran = recollect("crawl", write_config(tmp_path, *seeds))
    assert ran.status == 1
    assert all(f"error: {seed}" in ran.err for seed in seeds)
    assert not ran.out


def test_a_crawl_that_fails_prints_its_report_with_the_error(
    serve: Callable[[Path], Site], recollect: Recollect, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    broken = serve(tmp_path / "empty")
    broken.respond("/", Reply(500))
    ran = recollect("crawl", write_config(tmp_path, broken.at("/")), "--json")
    assert ran.status == 1
    assert (ran.json["seeds"], ran.json["failed"], ran.json["indexed"]) == ([broken.at("/")], {"http_500": 1}, 0)
    assert broken.at("/") in ran.json["error"]["what"]
    assert f"error: {ran.json['error']['what']}" in ran.err


def test_a_crawl_that_cannot_begin_prints_an_empty_report_with_the_error(recollect: Recollect, tmp_path: Path) -> None:
    file = tmp_path / "recollect.yml"
    file.write_text("crawl: {max_page: 3}\n", encoding="utf-8")
    ran = recollect("crawl", file, "--json")
    assert (ran.status, ran.json["fetched"], ran.json["seeds"]) == (2, 0, [])
    assert "unknown key 'crawl.max_page'" in ran.json["error"]["what"]
    assert "crawl.max_pages" in ran.json["error"]["cure"]


def test_a_crawl_whose_index_stops_taking_prints_what_it_had_done(
    site: Site, recollect: Recollect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreRefused("The disk is full", "Free some space")

    # No real store can be made to refuse in the middle of a crawl at will.
    monkeypatch.setattr("indexer.embedded.store.EmbeddedStore.replace", full)
    ran = recollect("crawl", write_config(tmp_path, site.at("/")), "--json")
    assert ran.status == 1
    assert ran.json["error"] == {"what": "The disk is full", "cure": "Free some space"}
    assert ran.json["fetched"] > 0 and ran.json["indexed"] == 0
