"""The crawl command on a site that loses half of its pages."""

from collections.abc import Callable
from pathlib import Path

from tests.server.conftest import Recollect
from tests.support.site import Site, serve

__all__ = ["serve"]


def test_half_a_site_leaves_the_index_only_when_it_is_agreed_to(
    recollect: Recollect, serve: Callable[[Path], Site], tmp_path: Path
) -> None:
    folder, data = tmp_path / "pages", tmp_path / "data"
    folder.mkdir()
    site = serve(folder)
    links = "".join(f'<li><a href="/{number}.html">{number}</a>' for number in range(30))
    site.write("/index.html", f"<html lang=en><title>Start</title><p>All pages.<ul>{links}</ul>")
    for number in range(30):
        site.write(f"/{number}.html", f"<html lang=en><title>{number}</title><p>The badger number {number} digs.")
    config = tmp_path / "site.yml"
    config.write_text(f"seeds: [{site.at('/')}]\ncrawl:\n  missing_recheck_s: 0.1\n")
    first = recollect("crawl", config, "--data", data, "--json")
    assert (first.status, first.json["indexed"], first.json["purge_held"]) == (0, 31, 0)

    unchanged = recollect("crawl", config, "--data", data, "--json").json
    assert (unchanged["not_modified"], unchanged["size_bytes"], unchanged["encoded"]) == (31, 0, 0)
    due = recollect("crawl", config, "--due", "--data", data, "--json").json
    assert (due["fetched"], due["not_modified"]) == (0, 0)

    for number in range(15):
        site.remove(f"/{number}.html")
    held = recollect("crawl", config, "--data", data, "--json")
    assert (held.status, held.json["purge_held"], held.json["deleted"]) == (3, 15, 0)
    assert "recollect crawl --yes" in held.err
    assert recollect("status", "--data", data, "--json").json["documents"] == 31

    agreed = recollect("crawl", config, "--yes", "--data", data, "--json")
    assert (agreed.status, agreed.json["purge_held"], agreed.json["deleted"]) == (0, 0, 15)
    found = recollect("search", "badger number 3", "--data", data, "--json", "--mode", "lexical", "--size", "50").json
    assert site.at("/3.html") not in {hit["url"] for hit in found["hits"]}
