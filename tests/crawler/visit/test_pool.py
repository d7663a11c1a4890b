"""Reading pages in processes of their own: the same content, and no page lost when one ends."""

import asyncio
import os
import pickle
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.config import CrawlConfig
from crawler.crawl import Crawler
from crawler.extract.any import extract_any
from crawler.fetch.config import AuthConfig
from crawler.frontier.sqlite import SqliteFrontier
from crawler.page import Page
from crawler.visit import pool as extract_pool
from crawler.visit.pool import Body, ExtractPool
from tests.support.site import Site

PAGE = "<title>Page {n}</title><h1>Ä {n}</h1><p>Text of page {n}. <a href=/{n}>next</a>"
PAGES = [Body(PAGE.format(n=n).encode(), "text/html", f"http://s.test/{n}", "utf-8", "") for n in range(20)]
CONFIG = CrawlConfig(extract_processes=2)


@pytest.fixture(autouse=True)
def _from_the_first_page(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(extract_pool, "ALONE_S", 0.0)
    yield


async def read_all(pool: ExtractPool) -> list[object]:
    return list(await asyncio.gather(*map(pool.read, PAGES)))


def children() -> list[int]:
    """The processes that this one started and that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            command = (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(parent) == os.getpid() and state != "Z" and b"crawler.visit.pool" in command:
            found.append(int(stat.parent.name))
    return found


def test_pages_are_read_as_in_the_same_process() -> None:
    async def main() -> None:
        async with ExtractPool(CONFIG) as pool:
            expected = [extract_any(**body._asdict(), config=CONFIG) for body in PAGES]
            assert await read_all(pool) == expected
            assert 1 <= len(children()) <= 2

    asyncio.run(main())
    assert children() == []


def test_a_process_that_ends_loses_no_page() -> None:
    async def main() -> None:
        async with ExtractPool(CONFIG) as pool:
            expected = await read_all(pool)
            for child in children():
                os.kill(child, signal.SIGKILL)
            assert await read_all(pool) == expected
            assert await read_all(pool) == expected

    asyncio.run(main())


def test_pages_that_all_find_the_processes_ended_are_read() -> None:
    async def main() -> None:
        async with ExtractPool(CONFIG) as pool:
            expected = await read_all(pool)
            workers = list(pool._workers)
            for child in children():
                os.kill(child, signal.SIGKILL)
            while not all(worker.has_ended for worker in workers):
                await asyncio.sleep(0.01)
            # A page that chose a process just before its end is told so at once.
            assert await asyncio.wait_for(workers[0].ask(PAGES[0]), 60) is None
            assert await asyncio.wait_for(read_all(pool), 60) == expected

    asyncio.run(main())
    assert children() == []


def test_a_cancelled_page_does_not_answer_for_another() -> None:
    async def main() -> None:
        async with ExtractPool(CrawlConfig(extract_processes=2)) as pool:
            expected = await read_all(pool)
            tasks = [asyncio.create_task(pool.read(body)) for body in PAGES]
            await asyncio.sleep(0)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert await read_all(pool) == expected

    asyncio.run(main())
    assert children() == []


def test_one_process_is_the_crawls_own() -> None:
    async def main() -> None:
        async with ExtractPool(CrawlConfig(extract_processes=1)) as pool:
            await read_all(pool)
            assert children() == []

    asyncio.run(main())


def test_credentials_stay_in_the_crawl(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bytes] = []
    dumps = pickle.dumps

    def noted(value: object) -> bytes:
        sent.append(dumps(value))
        return sent[-1]

    monkeypatch.setattr(pickle, "dumps", noted)
    signing_in = AuthConfig(url="http://s.test/", kind="bearer", token="very-secret")
    config = CrawlConfig(extract_processes=2, authentication=(signing_in,), proxy="http://user:hidden@127.0.0.1:9")

    async def main() -> None:
        async with ExtractPool(config) as pool:
            await read_all(pool)

    asyncio.run(main())
    assert sent and not any(b"very-secret" in data or b"hidden" in data for data in sent)


def test_a_crawl_hands_out_the_same_pages_either_way(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    with closing(Site(folder)) as site:
        site.write("/index.html", "".join(f'<a href="p{n}.html">{n}</a> ' for n in range(40)))
        for n in range(40):
            site.write(f"/p{n}.html", f"<title>Page {n}</title><p>Number {n * n} is what page {n} tells of.</p>")

        def crawled(processes: int) -> set[str]:
            with closing(SqliteFrontier(tmp_path / f"{processes}.db")) as frontier:
                crawler = Crawler(CrawlConfig(extract_processes=processes), frontier)
                return {page.sections[0].text for page in crawler.crawl([site.at("/")]) if isinstance(page, Page)}

        assert len(crawled(2)) >= 40
        assert crawled(2) == crawled(1)
