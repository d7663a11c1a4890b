"""The archive of a crawl, read back with warcio: records, digests, rotation, and no secrets."""

import asyncio
import gzip
from pathlib import Path
from typing import Any

import pytest

from crawler.config import CrawlConfig
from crawler.errors import CrawlError
from crawler.fetch.config import AuthConfig
from crawler.fetch.fetch import Fetcher
from crawler.fetch.guard import Guard
from crawler.fetch.warc import numbered
from tests.support.need import missing
from tests.support.site import Reply, Site, gzipped

try:
    from warcio.archiveiterator import ArchiveIterator
except ImportError:
    ArchiveIterator = None


@pytest.fixture(autouse=True)
def _warcio() -> None:
    if ArchiveIterator is None:
        missing("warcio", "pip install 'recollect[warc]'")


def fetch_all(site: Site, requests: list[tuple[str, dict[str, Any]]], **settings: Any) -> None:
    async def run() -> None:
        async with Fetcher(CrawlConfig(**settings), Guard.for_urls([site.url])) as fetcher:
            for path, options in requests:
                await fetcher.get(site.at(path), **options)

    asyncio.run(run())


def records_of(file: Path) -> list[tuple[str, str | None, dict[str, str], bytes]]:
    found = []
    with file.open("rb") as stream:
        iterator = ArchiveIterator(stream, check_digests="raise")
        for record in iterator:
            headers = dict(record.http_headers.headers) if record.http_headers else {}
            body = record.content_stream().read()
            found.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), headers, body))
    return found


def test_exchanges_are_read_back_as_they_were(site: Site, tmp_path: Path) -> None:
    packed = gzipped(b"<p>" + b"hello " * 500)
    site.respond("/packed", Reply(200, packed, {"Content-Type": "text/html", "Content-Encoding": "gzip"}))
    file = tmp_path / "site.warc.gz"
    fetch_all(site, [("/packed", {}), ("/old-install.html", {})], warc=file)
    records = records_of(file)
    assert [(kind, url) for kind, url, _, _ in records] == [
        ("warcinfo", None),
        ("response", site.at("/packed")),
        ("request", site.at("/packed")),
        ("response", site.at("/old-install.html")),
        ("request", site.at("/old-install.html")),
    ]
    assert b"Recollect" in records[0][3]
    assert records[1][3] == b"<p>" + b"hello " * 500
    assert records[2][2]["User-Agent"] == "Recollect/0.1"
    assert records[3][2]["Location"] == "/guide/install.html"


def test_each_record_is_a_gzip_member_of_its_own(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "site.warc.gz"
    fetch_all(site, [("/faq.html", {})], warc=file)
    assert file.read_bytes().count(b"\x1f\x8b\x08") >= 3
    assert gzip.decompress(file.read_bytes()).count(b"WARC/1.1\r\n") == 3


def test_unchanged_page_is_a_revisit(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "site.warc.gz"
    fetch_all(site, [("/faq.html", {})], warc=file)
    etag = next(headers for kind, _, headers, _ in records_of(file) if kind == "response")["ETag"]
    again = tmp_path / "again.warc.gz"
    fetch_all(site, [("/faq.html", {"etag": etag})], warc=again)
    kinds = [kind for kind, *_ in records_of(again)]
    assert kinds == ["warcinfo", "revisit", "request"]


def test_secrets_stay_out_of_the_archive(site: Site, tmp_path: Path) -> None:
    site.respond("/set", Reply(200, b"x", {"Content-Type": "text/html", "Set-Cookie": "sid=hush3"}))
    entries = (
        AuthConfig(url=site.at("/guide/"), user="ann", password="hush1"),
        AuthConfig(url=site.at("/faq.html"), kind="header", header="X-Key", token="hush2"),
    )
    paths = ("/set", "/guide/install.html", "/faq.html")
    fetch_all(site, [(path, {}) for path in paths], warc=tmp_path / "a.warc", authentication=entries)
    assert site.requests[1].headers["authorization"] and site.requests[2].headers["x-key"] == "hush2"
    assert site.requests[2].headers["cookie"] == "sid=hush3"
    written = (tmp_path / "a.warc").read_bytes().lower()
    assert not [word for word in (b"hush", b"authorization:", b"cookie:", b"x-key:") if word in written]


def test_full_file_and_file_of_an_earlier_crawl_are_followed_by_another(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "site.warc.gz"
    for _ in range(2):
        fetch_all(site, [("/faq.html", {}), ("/", {})], warc=file, max_warc_bytes=1)
    names = sorted(path.name for path in tmp_path.glob("*.gz"))
    assert names == [
        "site-00001.warc.gz",
        "site-00002.warc.gz",
        "site-00003.warc.gz",
        "site-00004.warc.gz",
        "site-00005.warc.gz",
        "site.warc.gz",
    ]
    assert all(records_of(tmp_path / name)[0][0] == "warcinfo" for name in names)


def test_numbers_stand_before_the_ending() -> None:
    assert numbered(Path("a/b.warc"), 7) == Path("a/b-00007.warc")
    assert numbered(Path("b"), 1) == Path("b-00001")


def test_archive_that_cannot_be_written_is_named(site: Site, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CrawlError, match="cannot be written"):
        fetch_all(site, [("/", {})], warc=tmp_path / "file" / "a.warc")
