"""What ``recollect urltest`` tells, through the real command line; it never leaves anything behind."""

import json
from pathlib import Path

import pytest

from server.commands.urltest import block_words
from tests.server.conftest import Recollect
from tests.support.documents import pdf
from tests.support.site import Reply, Site, serve, site

__all__ = ["serve", "site"]


@pytest.fixture(autouse=True)
def nothing_is_written(recollect: Recollect, tmp_path: Path) -> object:
    """The folder the command runs in holds what it held."""
    yield
    assert not {path.name for path in tmp_path.iterdir()} - {"site", "recollect.yml", "crawler.yml"}


def test_a_page_is_told_as_a_crawl_reads_it(site: Site, recollect: Recollect) -> None:
    ran = recollect("urltest", site.at("/guide/install.html"), "--json")
    assert ran.status == 0, ran.err
    report = ran.json
    assert (report["outcome"], report["status"], report["type"]) == ("fetched", 200, "text/html")
    assert report["language"] == "en"
    assert report["title"]
    assert report["headers"]["Last-Modified"]
    assert len(report["sections"]) > 1
    assert any(section["anchor"] for section in report["sections"])
    for section in report["sections"]:
        assert all(block["text"] in section["text"] for block in section["blocks"])
    assert {block["kind"] for section in report["sections"] for block in section["blocks"]} >= {"heading", "paragraph"}
    text = "\n\n".join(section["text"] for section in report["sections"])
    for passage in report["passages"]:
        assert text[passage["start_char"] : passage["end_char"]].strip()
        assert passage["word_pieces"] > 0
    assert report["links"]["count"] == len(report["links"]["found"]) > 3
    assert len(site.requests_for("/guide/install.html")) == 1
    assert {request.path for request in site.requests} == {"/robots.txt", "/guide/install.html"}


def test_the_words_name_rule_line_links_and_passages(site: Site, recollect: Recollect, tmp_path: Path) -> None:
    file = tmp_path / "recollect.yml"
    file.write_text(f"seeds: [{site.at('/')}]\ncrawl: {{exclude: ['/faq*']}}\n", encoding="utf-8")
    ran = recollect("urltest", file, site.at("/"))
    assert ran.status == 0, ran.err
    assert "rules       allow it" in ran.out
    assert "robots      allows it" in ran.out
    assert f"- {site.at('/faq.html')}  exclude[0] /faq*" in ran.out
    assert "word pieces" in ran.out
    left_out = recollect("urltest", file, site.at("/faq.html"), "--json").json
    assert (left_out["outcome"], left_out["reason"], left_out["status"]) == ("skipped", "excluded", 200)
    assert left_out["scope"]["rule"] == "exclude[0] /faq*"


def test_what_robots_forbids_is_not_asked_for(site: Site, recollect: Recollect) -> None:
    ran = recollect("urltest", site.at("/private/plans.html"))
    assert ran.status == 0, ran.err
    assert "forbids it: line 3: Disallow: /private/" in ran.out
    assert not site.requests_for("/private/plans.html")


def test_a_redirect_is_told_and_not_followed(site: Site, recollect: Recollect) -> None:
    site.redirect("/away", "https://elsewhere.example/")
    ran = recollect("urltest", site.at("/old-install.html"), "--json")
    assert ran.json["redirect"]["url"] == site.at("/guide/install.html")
    assert ran.json["redirect"]["is_allowed"]
    away = recollect("urltest", site.at("/away"), "--json").json
    assert (away["outcome"], away["reason"]) == ("redirect", "other_site")
    assert not site.requests_for("/guide/install.html")


def test_noindex_of_a_header_is_reported(site: Site, recollect: Recollect) -> None:
    body = b"<!doctype html><title>Hidden</title><h1>Hidden</h1><p>Nobody shall find this.<a href='/x'>x</a>"
    headers = {"Content-Type": "text/html", "X-Robots-Tag": "noindex, nofollow"}
    site.respond("/hidden", Reply(200, body, headers))
    report = recollect("urltest", site.at("/hidden"), "--json").json
    assert (report["outcome"], report["reason"]) == ("skipped", "noindex")
    assert report["is_noindex"]
    assert report["links"]["left_out"] == {"nofollow": 1}


def test_a_document_is_read_as_in_a_crawl(site: Site, recollect: Recollect) -> None:
    (site.folder / "manual.pdf").write_bytes(pdf([[("Otters eat fish and crabs.", 72.0, 700.0, 12.0)]]))
    report = recollect("urltest", site.at("/manual.pdf"), "--json").json
    assert (report["outcome"], report["type"]) == ("fetched", "application/pdf")
    assert report["sections"][0]["page_number"] == 1


def test_credentials_of_elastics_file_are_used_and_not_shown(site: Site, recollect: Recollect, tmp_path: Path) -> None:
    file = tmp_path / "crawler.yml"
    file.write_text(
        f"domains:\n  - url: {site.url}\n    auth: {{type: basic, username: me, password: hunter2}}\n",
        encoding="utf-8",
    )
    ran = recollect("urltest", file, site.at("/"), "--json")
    assert ran.status == 0, ran.err
    assert ran.json["is_signed_in"]
    assert site.requests_for("/")[0].headers["authorization"].startswith("Basic ")
    assert "hunter2" not in ran.out + ran.err


@pytest.mark.parametrize(("path", "reason"), [("/nothing-here", "http_404"), ("/style.css", "content_type")])
def test_a_page_that_cannot_be_had_is_one_line(site: Site, recollect: Recollect, path: str, reason: str) -> None:
    ran = recollect("urltest", site.at(path), "--json")
    assert ran.status == (1 if reason == "http_404" else 0)
    assert json.loads(ran.out)["error"]["reason"] == reason
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("error: ")


def test_a_mistake_in_the_arguments_is_one_line(recollect: Recollect) -> None:
    for arguments in (["nonsense"], ["recollect.yml"], ["https://a.example/", "https://b.example/"]):
        ran = recollect("urltest", *arguments)
        assert ran.status in (1, 2)
        assert ran.err.startswith("error: ")
        assert ran.err.count("\n") == 1
    assert "recollect urltest recollect.yml" in recollect("urltest", "--help").out


def test_a_block_is_one_line_of_words() -> None:
    row = {"kind": "table_row", "text": "S | 1", "columns": ["Size", "Price"], "group": 2}
    assert block_words(row) == "table row (group 2; columns Size, Price): S | 1"
    assert block_words({"kind": "heading", "text": "", "level": 2}) == "heading (level 2)"
    assert block_words({"kind": "code", "text": "x  =\n1", "language": "py"}) == "code (language py): x = 1"
