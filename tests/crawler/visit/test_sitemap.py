"""Sitemaps: every form of the standard, and what bombs may not do."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.config import CrawlConfig
from crawler.fetch.fetch import Fetcher
from crawler.fetch.guard import Guard
from crawler.urls.robots import Robots
from crawler.visit.sitemap import MAX_URLS_PER_FILE, SitemapEntry, SitemapReader, parse_sitemap
from tests.support.site import Reply, Site, gzipped

LIMIT = 10_000_000


def urls_in(text: str | bytes) -> list[str]:
    return [e.url for e in parse_sitemap(text if isinstance(text, bytes) else text.encode(), LIMIT)]


def test_url_set_gives_urls_and_dates() -> None:
    text = """<?xml version="1.0" encoding="UTF-8"?>
    <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
      <url><loc> http://example.org/a?x=1&amp;y=2 </loc><lastmod>2024-03-05</lastmod><priority>0.5</priority></url>
      <url><loc><![CDATA[http://example.org/b]]></loc><lastmod>yesterday</lastmod></url>
      <url><lastmod>2024-03-05</lastmod></url>
    </urlset>"""
    first, second = parse_sitemap(text.encode(), LIMIT)
    assert first == SitemapEntry(
        "http://example.org/a?x=1&y=2", lastmod_s=datetime(2024, 3, 6, 12, tzinfo=UTC).timestamp()
    )
    assert second == SitemapEntry("http://example.org/b")


def test_index_names_other_sitemaps() -> None:
    text = "<sitemapindex><sitemap><loc>http://example.org/1.xml.gz</loc></sitemap></sitemapindex>"
    assert parse_sitemap(text.encode(), LIMIT) == [SitemapEntry("http://example.org/1.xml.gz", is_index=True)]


def test_prefixed_elements_are_read() -> None:
    assert urls_in("<s:urlset><s:url><s:loc>http://example.org/a</s:loc></s:url></s:urlset>") == [
        "http://example.org/a"
    ]


def test_image_locations_are_not_pages() -> None:
    text = "<urlset><url><loc>http://e.org/a</loc><image:image><image:loc>http://e.org/a.png</image:loc></image:image></url>"
    assert urls_in(text) == ["http://e.org/a"]


def test_gzip_and_plain_text_forms_are_read() -> None:
    assert urls_in(gzipped(b"<urlset><url><loc>http://example.org/a</loc></url></urlset>")) == ["http://example.org/a"]
    assert urls_in("http://example.org/a\nhttp://example.org/b\nnot a url\n") == [
        "http://example.org/a",
        "http://example.org/b",
    ]


@pytest.mark.parametrize("body", [b"", b"\x1f\x8bbroken", b"<html><p>404</p>", b"\xff\xfe\x00", b"<urlset><url><loc>"])
def test_what_is_no_sitemap_lists_nothing(body: bytes) -> None:
    assert parse_sitemap(body, LIMIT) == []


def test_entities_are_not_expanded() -> None:
    text = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><urlset><url><loc>http://e.org/&b;</loc></url>'
    )
    assert urls_in(text) == ["http://e.org/&b;"]


def test_file_beyond_the_standards_count_is_cut_off() -> None:
    text = "<urlset>" + "".join(f"<url><loc>http://e.org/{n}</loc></url>" for n in range(60_000))
    assert len(urls_in(text)) == MAX_URLS_PER_FILE


def test_gzip_of_several_members_is_read_to_its_end() -> None:
    parts = (b"<urlset>", b"<url><loc>http://e.org/a</loc></url>", b"<url><loc>http://e.org/b</loc></url></urlset>")
    assert urls_in(b"".join(map(gzipped, parts))) == ["http://e.org/a", "http://e.org/b"]
    assert urls_in(gzipped(parts[1]) + gzipped(parts[2]) + bytes(100)) == ["http://e.org/a", "http://e.org/b"]


def test_what_comes_before_the_damage_of_a_gzip_file_is_read() -> None:
    assert urls_in(gzipped(b"<url><loc>http://e.org/a</loc></url>") + gzipped(b"<url>" * 99)[:-30]) == [
        "http://e.org/a"
    ]


def test_gzip_bomb_is_unpacked_to_the_limit_only() -> None:
    bomb = gzipped(b"<urlset>" + b"<url><loc>http://e.org/a</loc></url>" * 2_000_000)
    started = time.process_time()
    assert len(parse_sitemap(bomb, 100_000)) < 3000
    assert time.process_time() - started < 5


@pytest.mark.parametrize("piece", ["<url>", "<url ", "<loc>", "<url><loc>", "<", "<![CDATA["])
def test_time_grows_with_the_size_only(piece: str) -> None:
    parse_sitemap((piece * 300_000).encode(), LIMIT)


def read(site: Site, listed: list[str], **settings: Any) -> list[str]:
    async def collect() -> list[str]:
        config = CrawlConfig(retry_delay_s=0.0, **settings)
        async with Fetcher(config, Guard.for_urls([site.url])) as fetcher:
            reader = SitemapReader(config, fetcher, Robots(config, fetcher.robots))
            return [entry.url async for _, entries in reader.read(site.url, listed) for entry in entries]

    return asyncio.run(collect())


def url_set(site: Site, *paths: str) -> Reply:
    entries = "".join(f"<url><loc>{site.at(path)}</loc></url>" for path in paths)
    return Reply(200, f"<urlset>{entries}</urlset>".encode(), {"Content-Type": "application/xml"})


def index(site: Site, *paths: str) -> Reply:
    entries = "".join(f"<sitemap><loc>{site.at(path)}</loc></sitemap>" for path in paths)
    return Reply(200, f"<sitemapindex>{entries}</sitemapindex>".encode(), {"Content-Type": "application/xml"})


def test_index_is_followed_to_its_pages(site: Site) -> None:
    assert read(site, [site.at("/sitemap.xml")]) == [
        site.at(p) for p in ("/", "/guide/install.html", "/sitemap-only.html")
    ]


def test_usual_place_is_tried_when_robots_lists_none(site: Site) -> None:
    assert site.at("/sitemap-only.html") in read(site, [])


def test_index_that_lists_itself_is_read_once(site: Site) -> None:
    site.respond("/loop.xml", index(site, "/loop.xml", "/pages.xml"))
    site.respond("/pages.xml", url_set(site, "/a"))
    assert read(site, [site.at("/loop.xml")]) == [site.at("/a")]
    assert len(site.requests_for("/loop.xml")) == 1


def test_nested_indexes_end_at_a_depth(site: Site) -> None:
    for level in range(10):
        site.respond(f"/{level}.xml", index(site, f"/{level + 1}.xml"))
    read(site, [site.at("/0.xml")])
    assert site.requests_for("/3.xml")
    assert not site.requests_for("/5.xml")


def test_number_of_sitemaps_and_urls_is_limited(site: Site) -> None:
    for level in range(10):
        site.respond(f"/{level}.xml", url_set(site, *(f"/{level}/{n}" for n in range(10))))
    every = [site.at(f"/{level}.xml") for level in range(10)]
    assert len(read(site, every, max_sitemaps=3)) == 30
    assert len(read(site, every, max_sitemap_urls=25)) == 25


def test_sitemap_larger_than_the_limit_is_left_out(site: Site) -> None:
    site.respond("/big.xml", url_set(site, *(f"/{n}" for n in range(1000))))
    assert read(site, [site.at("/big.xml")], max_sitemap_bytes=1000) == []


def test_sitemap_that_robots_forbids_is_not_fetched(site: Site) -> None:
    assert read(site, [site.at("/private/map.xml")]) == []
    assert not site.requests_for("/private/map.xml")


def test_sitemap_on_a_private_neighbour_is_not_fetched(site: Site, serve: Any) -> None:
    neighbour = serve(site.folder)
    assert read(site, [neighbour.at("/sitemap-pages.xml")]) == []
    assert neighbour.requests == []


def test_parsed_dates_keep_their_zone() -> None:
    text = "<urlset><url><loc>http://e.org/a</loc><lastmod>2024-03-05T10:00:00+00:00</lastmod></url></urlset>"
    moment = datetime(2024, 3, 5, 10, tzinfo=UTC)
    assert parse_sitemap(text.encode(), LIMIT)[0].lastmod_s == moment.timestamp()


def test_dates_in_the_future_are_none() -> None:
    text = "<urlset><url><loc>http://e.org/a</loc><lastmod>2999-03-05</lastmod></url></urlset>"
    assert parse_sitemap(text.encode(), LIMIT)[0].lastmod_s is None


RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>News</title>
<link>http://e.org/</link><atom:link href="http://e.org/feed.xml" rel="self"/>
<item><title>A</title><link>http://e.org/a?x=1&amp;y=2</link><guid isPermaLink="false">tag:1</guid>
<pubDate>Fri, 05 Jan 2024 10:00:00 GMT</pubDate></item>
<item><link><![CDATA[http://e.org/b]]></link></item><item><guid>http://e.org/c</guid></item></channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><link href="http://e.org/"/>
<link rel="self" href="http://e.org/feed"/><entry><link rel="edit" href="http://e.org/edit/1"/>
<link rel="alternate" type="text/html" href="http://e.org/a"/><updated>2024-01-05T10:00:00Z</updated></entry>
<entry><link href='http://e.org/b'/></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel><link>http://e.org/</link></channel><item rdf:about="http://e.org/a"><link>http://e.org/a</link>
<dc:date>2024-01-05</dc:date></item></rdf:RDF>"""


@pytest.mark.parametrize(
    ("feed", "urls"),
    [
        (RSS, ["http://e.org/a?x=1&y=2", "http://e.org/b", "http://e.org/c"]),
        (ATOM, ["http://e.org/a", "http://e.org/b"]),
        (RDF, ["http://e.org/a"]),
    ],
    ids=["rss", "atom", "rdf"],
)
def test_feeds_are_sitemaps(feed: str, urls: list[str]) -> None:
    entries = parse_sitemap(feed.encode(), 10**6)
    assert [entry.url for entry in entries] == urls
    assert entries[0].lastmod_s is not None
    assert [entry.url for entry in parse_sitemap(gzipped(feed.encode("utf-16")), 10**6)] == urls


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "latin-1"])
def test_sitemaps_are_read_in_any_encoding(codec: str) -> None:
    xml = '<?xml version="1.0" encoding="iso-8859-1"?><urlset><url><loc>http://e.org/caf\xe9</loc></url></urlset>'
    if codec == "utf-8-sig":
        xml = xml.replace("iso-8859-1", "utf-8")
    assert [entry.url for entry in parse_sitemap(xml.encode(codec), 10**6)] == ["http://e.org/caf\xe9"]
    assert urls_in("http://e.org/a\nhttp://e.org/b\n".encode(codec)) == ["http://e.org/a", "http://e.org/b"]


def test_urls_in_comments_are_none() -> None:
    kept, old = "<url><loc>http://e.org/a</loc></url>", "<url><loc>http://e.org/old</loc></url>"
    assert urls_in(f"<urlset><!-- {old}\n{old} -->{kept}<!----><!-- {old}".encode()) == ["http://e.org/a"]
