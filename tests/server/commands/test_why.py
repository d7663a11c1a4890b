"""What ``recollect why`` and ``recollect validate`` tell, through the real command line."""

from contextlib import closing
from html import escape
from pathlib import Path

import pytest

from crawler.urls.url import canonicalise
from crawler.visit.refusals import Refusals
from indexer.document import doc_id_of
from indexer.sink import IndexReport
from server.assemble import open_store
from server.crawling import note_set_aside
from server.places import refusals_path
from server.probe.history import explain
from server.settings.config import load
from tests.crawler.fetch.test_guard import LITERALS as ATTACKS
from tests.server.conftest import Recollect
from tests.support.site import Reply, Site, serve, site

__all__ = ["serve", "site"]

RULES = "crawl:\n  rules:\n    - {policy: deny, type: begins, pattern: /guide/}\n"


@pytest.fixture
def config(site: Site, recollect: Recollect, tmp_path: Path) -> Path:
    """A crawled site: robots.txt forbids one page, a rule others, and one redirects to a machine inside."""
    site.respond(
        "/robots.txt", Reply(200, b"User-agent: *\nDisallow: /faq # not yet\n", {"Content-Type": "text/plain"})
    )
    file = tmp_path / "recollect.yml"
    file.write_text(f"seeds: [{site.at('/')}]\nencoder: {{kind: hashing}}\n{RULES}", encoding="utf-8")
    ran = recollect("crawl", file, "--json")
    assert ran.status == 0, ran.err
    return file


def test_a_url_is_explained_by_what_decided(site: Site, config: Path, recollect: Recollect) -> None:
    def why(path: str) -> dict[str, object]:
        ran = recollect("why", site.at(path), "--json")
        assert ran.status == 0, ran.err
        report: dict[str, object] = ran.json
        return report

    robots = why("/faq.html")
    assert robots["reason"] == "robots"
    assert str(robots["detail"]).endswith("line 2: Disallow: /faq")
    assert robots["meaning"] == "robots.txt forbids it"
    rule = why("/guide/install.html")
    assert (rule["state"], rule["reason"], rule["detail"]) == ("refused", "rule", "rules[0] deny begins /guide/")
    assert rule["referrer"]
    page = why("/")
    assert (page["state"], page["is_indexed"]) == ("done", True)
    assert page["fetched_at"]
    unknown = why("/never-linked.html")
    assert (unknown["state"], unknown["is_indexed"]) == ("unknown", False)
    ran = recollect("why", site.at("/guide/install.html"))
    assert "leave it out: rules[0] deny begins /guide/" in ran.out
    assert "a rule of crawl.rules leaves it out" in ran.out


def test_what_decided_is_told_of_every_kind_of_end(site: Site, recollect: Recollect, tmp_path: Path) -> None:
    """Redirect, copies, canonical link, statuses, broken answer, limits; and when it is due again."""
    for name in ("copy", "near"):
        body = " ".join(f"The otter number {number} swims." for number in range(200))
        more = " Seen by 17 people." if name == "near" else ""
        for path in (f"/{name}-1.html", f"/{name}-2.html"):
            site.write(path, f"<html lang=en><title>{name} otters</title><p>{body}{more * path.endswith('2.html')}")
    site.write(
        "/print.html", "<html lang=en><title>Print</title><link rel=canonical href=/copy-1.html><p>To be printed."
    )
    site.redirect("/moved", "/copy-1.html")
    site.respond("/refused", Reply(403))
    site.fault("/cut", lambda request, connection: None)
    site.write("/deep.html", "<html lang=en><title>Deep</title><p>See <a href=/deeper.html>deeper</a>.")
    links = ["copy-1.html", "copy-2.html", "near-1.html", "near-2.html", "print.html", "moved", "refused", "cut"]
    links += ["deep.html", "gone.html", f"long?{'x' * 300}"]
    site.write("index.html", f"<html lang=en><title>Start</title><p>{' '.join(f'<a href=/{to}>x</a>' for to in links)}")
    file = tmp_path / "recollect.yml"
    crawl = (
        "use_sitemaps: false, max_depth: 1, max_url_chars: 200, retry_delay_s: 0.01, read_timeout_s: 2, concurrency: 1"
    )
    file.write_text(f"seeds: [{site.at('/')}]\nencoder: {{kind: hashing}}\ncrawl: {{{crawl}}}\n", encoding="utf-8")
    ran = recollect("crawl", file, "--json")
    assert ran.status == 0, ran.err

    def why(path: str) -> dict[str, object]:
        report: dict[str, object] = recollect("why", site.at(path), "--json").json
        assert report["meaning"], report
        assert report["referrer"] == (site.at("/deep.html") if path == "/deeper.html" else site.at("/")), report
        return report

    for path, reason, leads_to in (
        ("/moved", "redirect", "/copy-1.html"),
        ("/copy-2.html", "duplicate", "/copy-1.html"),
        ("/near-2.html", "near_duplicate", "/near-1.html"),
        ("/print.html", "canonical", "/copy-1.html"),
    ):
        report = why(path)
        assert report["reason"] == reason, report
        assert report["chain"] == [{"by": reason, "url": site.at(leads_to), "state": "done"}]
        assert not report["is_indexed"]
        assert report["due_at"], report
    for path, reason, status in (("/gone.html", "http_404", 404), ("/refused", "http_403", 403), ("/cut", "reset", 0)):
        report = why(path)
        assert (report["reason"], report["status"]) == (reason, status), report
    assert why("/cut")["attempts"] == 2
    assert why("/deeper.html")["reason"] == "too_deep"
    assert "more than max_url_chars=200" in str(why(f"/long?{'x' * 300}")["detail"])
    page = why("/deep.html")
    assert (page["reason"], page["is_indexed"]) == ("page", True)
    assert str(page["due_at"]) > str(page["fetched_at"])


def test_refused_addresses_are_told_with_the_address(site: Site, recollect: Recollect, tmp_path: Path) -> None:
    inside, mapped = "http://10.0.0.1/admin", "http://[::ffff:169.254.169.254]/latest"
    site.redirect("/way-in", inside)
    links = f'<a href="/way-in">In</a> <a href="{mapped}">Cloud</a>'
    site.write("index.html", f"<!doctype html><title>Out</title><h1>Out</h1><p>Links that lead inside. {links}")
    data = tmp_path / "refused"
    ran = recollect("crawl", site.at("/"), "--data", data, "--json")
    assert ran.status == 0, ran.err

    def why(url: str) -> dict[str, object]:
        ran = recollect("why", url, "--data", data, "--json")
        assert ran.status == 0, ran.err
        report: dict[str, object] = ran.json
        return report

    for url, address in ((site.at("/way-in"), "10.0.0.1"), (inside, "10.0.0.1"), (mapped, "169.254.169.254")):
        report = why(url)
        assert report["reason"] == "address", report
        assert address in str(report["detail"])
        assert report["is_indexed"] is False
    assert why(mapped)["referrer"] == site.at("/")


def test_every_form_of_attack_is_refused_with_its_reason(site: Site, recollect: Recollect, tmp_path: Path) -> None:
    for number, url in enumerate(ATTACKS):
        site.redirect(f"/way-in/{number}", "".join(url.split()).encode().decode("latin-1"))
    ways = [*ATTACKS, *(f"/way-in/{number}" for number in range(len(ATTACKS)))]
    links = " ".join(f'<a href="{escape(url)}">{number}</a>' for number, url in enumerate(ways))
    site.write("index.html", f"<!doctype html><title>Out</title><h1>Out</h1><p>Links that lead inside. {links}")
    site.respond("/robots.txt", Reply(404))
    site.respond("/sitemap.xml", Reply(404))
    file = tmp_path / "recollect.yml"
    file.write_text(f"seeds: [{site.at('/')}]\nencoder: {{kind: hashing}}\n", encoding="utf-8")
    ran = recollect("crawl", file, "--json")
    assert ran.status == 0, ran.err
    assert ran.json["fetched"] == 1
    assert len(ATTACKS) >= 60
    settings = load(file, environ={})
    for number, (url, reason) in enumerate(ATTACKS.items()):
        is_web = reason != "not an http or https address"
        report = explain(settings, canonicalise(url)) if is_web else recollect("why", url, "--json").json
        refused_as = "address" if is_web else "bad_url" if url.startswith("http") else "scheme"
        assert (report["reason"], report["is_indexed"], report["referrer"]) == (refused_as, False, site.at("/")), report
        assert report["meaning"]
        assert reason in str(report["detail"]) or not is_web, report
        if url == "http:127.0.0.1/":
            continue  # behind a page of a site it names a path there
        way_in = explain(settings, site.at(f"/way-in/{number}"))
        assert way_in["reason"] == ("address" if is_web else "bad_redirect"), way_in
        assert reason in str(way_in["detail"]) or not is_web, way_in


def test_elastics_file_with_several_domains_is_crawled(serve: object, recollect: Recollect, tmp_path: Path) -> None:
    sites = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        for page in ("index", "keep", "drop"):
            text = (
                f"<!doctype html><title>{name} {page}</title><h1>{page}</h1><p>The {page} page of site {name} says so."
            )
            (folder / f"{page}.html").write_text(text, encoding="utf-8")
        (folder / "map.txt").write_text("http://site.test/keep.html\nhttp://site.test/drop.html\n", encoding="utf-8")
        sites.append(serve(folder))  # type: ignore[operator]  # the fixture of tests/support/site.py
    entries = "".join(
        f"  - url: {at.url}\n    sitemap_urls: [{at.url}/map.txt]\n"
        "    crawl_rules: [{policy: deny, type: begins, pattern: /drop}]\n"
        for at in sites
    )
    file = tmp_path / "crawler.yml"
    file.write_text(f"domains:\n{entries}max_title_size: 9\n", encoding="utf-8")
    ran = recollect("crawl", file, "--json")
    assert ran.status == 0, ran.err
    assert ran.json["indexed"] == 4
    assert ran.json["skipped"] == {"rule": 2}
    assert "differs: max_title_size" in ran.err


def test_a_crawl_stops_after_its_time_and_pages_of_a_site(site: Site, recollect: Recollect, tmp_path: Path) -> None:
    file = tmp_path / "recollect.yml"
    seeds = f"seeds: [{site.at('/')}]\nencoder: {{kind: hashing}}\n"
    file.write_text(f"{seeds}crawl: {{max_pages_per_site: 3, concurrency: 1}}\n", encoding="utf-8")
    ran = recollect("crawl", file, "--json")
    assert ran.json["fetched"] == 3
    assert ran.json["skipped"]["max_pages_per_site"] > 0
    file.write_text(f"{seeds}crawl: {{max_seconds: 2, delay_s: 0.5}}\ndata: other\n", encoding="utf-8")
    ran = recollect("crawl", file, "--json")
    assert ran.json["fetched"] < 13
    assert ran.json["skipped"]["max_seconds"] > 0
    file.write_text(f"{seeds}data: other\n", encoding="utf-8")
    ran = recollect("crawl", file, "--json")
    assert ran.json["is_resumed"]
    assert ran.json["fetched"] > 3
    assert "max_seconds" not in ran.json["skipped"]


def test_a_file_is_told_all_its_problems(recollect: Recollect, tmp_path: Path) -> None:
    file = tmp_path / "bad.yml"
    file.write_text(
        "seeds: [nonsense]\ncrawl:\n  max_pages: many\n  rules: [{policy: maybe, type: begins, pattern: /}]\n",
        encoding="utf-8",
    )
    ran = recollect("validate", file)
    assert ran.status == 2
    assert "crawl.max_pages is 'many'" in ran.out
    assert "crawl.rules[0].policy is 'maybe'" in ran.out


def test_a_right_file_shows_what_it_means(recollect: Recollect, tmp_path: Path) -> None:
    file = tmp_path / "crawler.yml"
    file.write_text(
        "domains:\n  - url: https://a.example\n    crawl_rules: [{policy: deny, type: ends, pattern: .php}]\n"
        "    auth: {type: basic, username: me, password: hunter2}\nmax_title_size: 5\n",
        encoding="utf-8",
    )
    ran = recollect("validate", file, "--json")
    assert ran.status == 0, ran.out
    assert ran.json["settings"]["seeds"] == ["https://a.example/"]
    assert ran.json["settings"]["crawl"]["rules"] == [{"policy": "deny", "type": "ends", "pattern": ".php"}]
    assert [line for line in ran.json["differences"] if line.startswith("max_title_size")]
    assert "hunter2" not in ran.out


def test_a_seed_that_the_rules_leave_out_is_reported(recollect: Recollect, tmp_path: Path) -> None:
    file = tmp_path / "recollect.yml"
    file.write_text(f"seeds: [https://a.example/guide/]\n{RULES}", encoding="utf-8")
    ran = recollect("validate", file)
    assert ran.status == 2
    assert "left out by rules[0] deny begins /guide/" in ran.out


def test_page_that_was_read_and_could_not_be_indexed_is_reported(
    site: Site, config: Path, recollect: Recollect
) -> None:
    settings = load(config, environ={})
    url = site.at("/")
    with closing(open_store(settings, is_writing=True)) as store:
        store.delete([doc_id_of(url)])
    refusals = Refusals(refusals_path(settings))
    note_set_aside(refusals, IndexReport(failed={url: "its vectors are no numbers"}))
    refusals.flush()
    report = recollect("why", url, "-c", config, "--json").json
    assert (report["reason"], report["detail"]) == ("set_aside", "its vectors are no numbers")
    assert report["meaning"] == "it was read, and could not be indexed"
