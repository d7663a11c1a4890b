"""Documents beside pages in a crawl: told by their content, read with their limits, reported when they cannot be."""

import pytest

from crawler.documents.draft import DocumentConfig
from tests.crawler.test_crawl import Recorder, html, recorder
from tests.support.documents import pdf, small_docx, small_xlsx
from tests.support.site import Reply, Site

__all__ = ["recorder"]

PAGES = [[("Badgers dig long setts.", 72.0, 700.0, 12.0)], [("Otters eat fish and crabs.", 72.0, 700.0, 12.0)]]
LINKS = ("animals.pdf", "download?id=7", "prices", "legs.csv", "notes.md", "plain", "old.doc", "broken.pdf", "x.zip")


def publish(site: Site) -> None:
    """A page with links to documents of every kind, some under wrong types."""
    octets = {"Content-Type": "application/octet-stream"}
    text = {"Content-Type": "text/plain; charset=utf-8"}
    site.respond("/", html("<p>Files." + "".join(f'<a href="{link}">f</a>' for link in LINKS)))
    site.respond("/animals.pdf", Reply(200, pdf(PAGES), {"Content-Type": "application/pdf", "ETag": '"1"'}))
    site.respond("/download?id=7", Reply(200, small_docx("Beavers", "They build dams of wood."), octets))
    site.respond("/prices", Reply(200, small_xlsx([["Honey", 7]]), {"Content-Type": "application/vnd.ms-excel"}))
    site.respond("/legs.csv", Reply(200, b"animal;legs\nheron;2\n", text))
    site.respond("/notes.md", Reply(200, b"# Voles\n\n## Food\n\nVoles eat grass.\n", text))
    site.respond("/plain", Reply(200, b"Moles\n\nThey live below.", {**text, "X-Robots-Tag": "noindex"}))
    site.respond("/broken.pdf", Reply(200, b"%PDF-1.7 cut", {"Content-Type": "application/pdf"}))
    for path in ("/robots.txt", "/sitemap.xml"):
        site.respond(path, Reply(404))


def test_documents_are_pages_with_their_page_numbers(site: Site, recorder: Recorder) -> None:
    publish(site)
    crawled = recorder.crawl(site.url)
    texts = {url.removeprefix(site.at("/")): page.text for url, page in crawled.pages.items()}
    assert texts["animals.pdf"] == "Badgers dig long setts.\n\nOtters eat fish and crabs."
    assert [s.page_number for s in crawled.pages[site.at("/animals.pdf")].sections] == [1, 2]
    assert texts["download?id=7"] == "They build dams of wood."
    assert texts["prices"] == "Honey | 7"
    assert texts["legs.csv"] == "animal | legs\nheron | 2"
    assert crawled.pages[site.at("/notes.md")].title == "Voles"
    assert crawled.pages[site.at("/animals.pdf")].content_type == "application/pdf"
    assert crawled.report.skipped == {"noindex": 1, "damaged": 1, "not_a_page": 2}
    assert "does not open as a PDF" in crawled.event(site.at("/broken.pdf")).detail


def test_unchanged_document_is_not_handed_out_again(site: Site, recorder: Recorder) -> None:
    publish(site)
    recorder.crawl(site.url)
    again = recorder.crawl(site.url)
    assert again.items == []
    assert again.event(site.at("/animals.pdf")).outcome == "not_modified"


def test_what_is_left_out_of_a_document_is_reported(site: Site, recorder: Recorder) -> None:
    publish(site)
    crawled = recorder.crawl(site.url, documents=DocumentConfig(max_pages=1, max_bytes=1_000_000))
    assert crawled.event(site.at("/animals.pdf")).detail == "pages 2 to 2 are left out (max_pages)"
    limited = recorder.crawl(site.url, documents=DocumentConfig(max_bytes=100))
    assert limited.event(site.at("/animals.pdf")).reason == "too_large"


def test_only_pages_are_asked_for_when_documents_are_not_wanted(site: Site, recorder: Recorder) -> None:
    publish(site)
    crawled = recorder.crawl(site.url, read_documents=False)
    assert list(crawled.pages) == [site.at("/")]
    assert crawled.report.skipped == {"content_type": 4, "not_a_page": 5}
    assert site.requests_for("/animals.pdf") == []


@pytest.mark.parametrize("declared", ["application/force-download", "application/octet-stream", "application/x-pdf"])
def test_a_pdf_larger_than_pages_may_be_is_told_by_its_content(site: Site, recorder: Recorder, declared: str) -> None:
    body = pdf([[("Badgers dig long setts.", 72, 700, 12)]])
    site.write(
        "/index.html", '<title>Files</title><p>Some files.</p><a href="/get?id=1">a</a><a href="/get?id=2">b</a>'
    )
    site.respond("/get?id=1", Reply(200, body, {"Content-Type": declared}))
    site.respond("/get?id=2", Reply(200, b"MZ" + bytes(3000), {"Content-Type": declared}))
    crawled = recorder.crawl(site.url, max_page_bytes=len(body) - 1)
    assert crawled.pages[site.at("/get?id=1")].text == "Badgers dig long setts."
    assert site.at("/get?id=2") not in crawled.pages
