"""``validate --live`` and ``why --live``: what a site says now, through the real command line."""

from pathlib import Path

from tests.server.conftest import Recollect
from tests.support.site import Reply, Site, serve, site

__all__ = ["serve", "site"]


def test_each_seed_is_asked(site: Site, recollect: Recollect, tmp_path: Path) -> None:
    sitemap = f"<urlset><url><loc>{site.at('/faq.html')}</loc></url></urlset>".encode()
    site.respond("/sitemap.xml", Reply(200, sitemap, {"Content-Type": "application/xml"}))
    site.respond("/robots.txt", Reply(200, b"User-agent: *\nDisallow: /private/\n", {"Content-Type": "text/plain"}))
    file = tmp_path / "recollect.yml"
    file.write_text(f"seeds: ['{site.at('/')}', '{site.at('/gone')}']\n", encoding="utf-8")
    ran = recollect("validate", file, "--live", "--json")
    assert ran.status == 1
    first, second = ran.json["seeds"]
    assert (first["outcome"], first["status"], first["addresses"]) == ("fetched", 200, ["127.0.0.1"])
    assert first["title"]
    assert first["sitemaps"] == {site.at("/sitemap.xml"): 1}
    assert (second["outcome"], second["error"]["reason"]) == ("failed", "http_404")
    words = recollect("validate", file, "--live").out
    assert f"sitemap   {site.at('/sitemap.xml')}, 1 pages" in words
    assert "robots    allows it" in words
    assert f"page      200 fetched: {first['title']}" in words
    assert {path.name for path in tmp_path.iterdir()} == {"recollect.yml", "site"}


def test_without_live_no_seed_is_asked(site: Site, recollect: Recollect, tmp_path: Path) -> None:
    file = tmp_path / "recollect.yml"
    file.write_text(f"seeds: ['{site.at('/')}']\n", encoding="utf-8")
    ran = recollect("validate", file, "--json")
    assert ran.status == 0
    assert "seeds" not in ran.json
    assert not site.requests


def test_a_url_never_seen_is_judged_by_the_robots_of_now(site: Site, recollect: Recollect, tmp_path: Path) -> None:
    file = tmp_path / "recollect.yml"
    file.write_text(f"seeds: ['{site.at('/')}']\n", encoding="utf-8")
    report = recollect("why", site.at("/private/new.html"), "--config", file, "--live", "--json").json
    assert report["state"] == "unknown"
    assert report["live"]["robots"]["line"] == "line 3: Disallow: /private/"
    assert report["live"]["is_fetched"] is False
    words = recollect("why", site.at("/new.html"), "--config", file, "--live").out
    assert "robots    allows it, no line is about it" in words
    assert "crawl     would fetch it" in words
    assert {request.path for request in site.requests} == {"/robots.txt"}
