"""``recollect crawl`` of several sites: one that fails does not stop the others."""

from pathlib import Path

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
    site: Site, serve: object, recollect: Recollect, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    broken = serve(empty)  # type: ignore[operator]  # the fixture of tests/support/site.py
    broken.respond("/", Reply(500))
    ran = recollect("crawl", write_config(tmp_path, broken.at("/"), site.at("/")), "--json")
    assert ran.status == 1
    assert ran.json["indexed"] > 5
    assert list(ran.json["failed_sites"]) == [broken.at("/")]
    assert "answers 500" in ran.json["failed_sites"][broken.at("/")]
    assert f"1 of 2 sites could not be crawled: {broken.at('/')}" in ran.err


def test_when_every_site_fails_each_is_told(serve: object, recollect: Recollect, tmp_path: Path) -> None:
    seeds = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        seeds.append(serve(tmp_path / name).at("/"))  # type: ignore[operator]  # as above
    ran = recollect("crawl", write_config(tmp_path, *seeds))
    assert ran.status == 1
    assert all(f"error: {seed}" in ran.err for seed in seeds)
    assert not ran.out
