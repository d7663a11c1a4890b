"""Pages that differ only in a date line or a visitor counter are one document, crawl after crawl."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.config import CrawlConfig
from crawler.crawl import Crawler
from crawler.frontier.sqlite import SqliteFrontier
from crawler.page import Page
from crawler.report import CrawlReport
from tests.support.site import Site

CONFIG = CrawlConfig(retry_delay_s=0.02, missing_recheck_s=0.02, use_sitemaps=False, concurrency_per_host=1)
ARTICLE = " ".join(f"Sentence {number} tells what number {number * number} means." for number in range(60))


class Shelf:
    """A site, the memory of its crawls, and the index they fill."""

    def __init__(self, site: Site, path: Path) -> None:
        self.site = site
        self._path = path
        self._indexed: set[str] = set()

    @property
    def indexed(self) -> set[str]:
        """Paths of the documents."""
        return {url.removeprefix(self.site.url).lstrip("/") for url in self._indexed}

    def write(self, name: str, line: str, title: str = "Bees", article: str = ARTICLE) -> None:
        page = f"<html lang=en><title>{title}</title><main><h1>{title}</h1><p>{article}</p><p>{line}</p></main>"
        self.site.write(f"/{name}", page)

    def crawl(self, config: CrawlConfig = CONFIG) -> CrawlReport:
        with closing(SqliteFrontier(self._path)) as frontier:
            crawler = Crawler(config, frontier)
            for item in crawler.crawl([self.site.at("/")]):
                (self._indexed.add if isinstance(item, Page) else self._indexed.discard)(item.url)
                crawler.acknowledge([item])
            return crawler.report()

    def owner_of(self, name: str) -> tuple[str, str | None]:
        with closing(SqliteFrontier(self._path)) as frontier:
            known = frontier.history(self.site.at(f"/{name}"))
        assert known is not None
        return known.reason, known.target and known.target.rpartition("/")[2]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    folder = tmp_path / "site"
    folder.mkdir()
    with closing(Site(folder)) as site:
        site.write("/index.html", '<html lang=en><p>All: <a href="a.html">A</a> <a href="b.html">B</a>')
        shelf = Shelf(site, tmp_path / "frontier.db")
        shelf.write("a.html", "Last changed on 3 May 2024.")
        shelf.write("b.html", "You are visitor number 1,204.")
        yield shelf


def test_pages_that_differ_in_a_line_are_one_document(shelf: Shelf) -> None:
    report = shelf.crawl()
    assert shelf.indexed == {"", "a.html"}
    assert (report.fetched, report.near_duplicates, report.duplicates) == (2, 1, 0)
    assert shelf.owner_of("b.html") == ("near_duplicate", "a.html")


def test_the_document_stays_the_same_when_every_counter_moves(shelf: Shelf) -> None:
    shelf.crawl()
    for visitor in (7, 8):
        shelf.write("a.html", f"Last changed on {visitor} June 2025.")
        shelf.write("b.html", f"You are visitor number {visitor}.")
        assert shelf.crawl().near_duplicates == 1
        assert shelf.indexed == {"", "a.html"}
    assert shelf.crawl().near_duplicates == 1


def test_a_near_duplicate_takes_the_place_of_a_document_that_is_gone(shelf: Shelf) -> None:
    shelf.crawl()
    shelf.site.remove("/a.html")
    shelf.crawl()
    assert shelf.indexed == {"", "b.html"}


def test_a_near_duplicate_becomes_a_document_when_the_other_one_is_rewritten(shelf: Shelf) -> None:
    shelf.crawl()
    shelf.write("a.html", "Last changed on 3 May 2024.", article="Something else altogether, and short.")
    shelf.crawl()
    assert shelf.indexed == {"", "a.html", "b.html"}


def test_documents_that_are_alike_are_folded_when_that_is_switched_on(shelf: Shelf) -> None:
    kept_apart = CrawlConfig(
        retry_delay_s=0.02, use_sitemaps=False, concurrency_per_host=1, near_duplicates=False, missing_recheck_s=0.02
    )
    assert shelf.crawl(kept_apart).near_duplicates == 0
    assert shelf.indexed == {"", "a.html", "b.html"}
    shelf.crawl()
    assert shelf.indexed == {"", "a.html"}
    shelf.crawl(kept_apart)
    assert shelf.indexed == {"", "a.html", "b.html"}


def test_equal_texts_under_other_titles_are_documents_of_their_own(shelf: Shelf) -> None:
    shelf.write("b.html", "You are visitor number 1,204.", title="Wasps")
    assert shelf.crawl().near_duplicates == 0
    assert shelf.indexed == {"", "a.html", "b.html"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna Berg answers on 040 123 4567.", "Jonas Holm answers on 040 765 4321."),
        ("Write to north@bakery.example.", "Write to south@bakery.example."),
    ],
)
def test_pages_of_one_mould_with_details_of_their_own_stay(shelf: Shelf, one: str, other: str) -> None:
    shelf.write("a.html", f"The branch is yours. {one}")
    shelf.write("b.html", f"The branch is yours. {other}")
    shelf.crawl()
    assert shelf.indexed == {"", "a.html", "b.html"}
