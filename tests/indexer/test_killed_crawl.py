"""A crawl into an index that is killed again and again ends with the index of one that nobody disturbed."""

import itertools
import multiprocessing
import random
import threading
import time
from collections.abc import Callable
from contextlib import closing
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from crawler.config import CrawlConfig
from crawler.crawl import Crawler
from crawler.errors import RecollectError
from crawler.frontier.sqlite import SqliteFrontier
from indexer.config import INDEX_FILE, IndexConfig
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from indexer.ingest import ingest
from tests.support.many_pages import write_pages
from tests.support.site import Reply, Request, Site, serve

__all__ = ["serve"]

PAGES = 120
MOMENTS = 20
LONGEST_S = 0.5
REACHED, KEPT = 49, 36
SMALL_BATCHES = IndexConfig(batch_documents=4)


def crawl_into(folder: Path, seed: str, config: IndexConfig = SMALL_BATCHES) -> None:
    """One crawl into the index in ``folder``."""
    with (
        closing(EmbeddedStore(folder / "index", writable=True)) as store,
        closing(SqliteFrontier(folder / "frontier.db")) as frontier,
    ):
        crawler = Crawler(CrawlConfig(use_sitemaps=False, retry_delay_s=0.01), frontier)
        ingest(crawler.crawl([seed]), Indexer(store, HashingEncoder(), config), crawler.acknowledge, config=config)


def crawl_until_killed(folder: Path, seed: str, ready: Event) -> None:
    """Crawls without end, so that a kill always hits one: the first, one that resumes, or one that asks again."""
    ready.set()
    while True:
        crawl_into(folder, seed)


def contents(folder: Path) -> dict[str, Any]:
    """Everything in an index that a reader can see, times apart."""
    with closing(EmbeddedStore(folder / "index")) as store:
        heads = sorted(store.scan(), key=lambda head: head.doc_id)
        texts = {head.url: [passage.text for passage in store.passages(head.doc_id)] for head in heads}
        vectors = {doc_id: v.tolist() for doc_id, v in store.known_vectors([head.doc_id for head in heads]).items()}
        words = store.candidates("badger number told", None, 500)
        found = {candidate.passage.text for candidate in words.lexical}
        return {"texts": texts, "vectors": vectors, "found": found, "count": store.count()}


def test_index_after_twenty_kills_equals_that_of_an_undisturbed_crawl(
    tmp_path: Path, serve: Callable[[Path], Site]
) -> None:
    site = serve(write_pages(tmp_path / "site", PAGES))
    slow_down(site)
    seed = site.at("/")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    crawl_into(undisturbed, seed)
    moments = random.Random(20)
    before, reached = len(site.requests), list[int]()
    for _ in range(MOMENTS):
        ready = context.Event()
        process = context.Process(target=crawl_until_killed, args=(killed, seed, ready))
        process.start()
        assert ready.wait(30)
        time.sleep(moments.uniform(0.0, LONGEST_S))
        assert process.is_alive()
        process.kill()
        process.join()
        reached.append(len({request.path for request in site.requests[before:]}))
    crawl_into(killed, seed)
    assert sum(0 < count < PAGES for count in reached) >= 3, f"too few kills hit the first crawl: {reached}"
    assert len(contents(undisturbed)["texts"]) == PAGES
    assert contents(killed) == contents(undisturbed)


def test_a_killed_crawl_asks_for_few_pages_again(tmp_path: Path, serve: Callable[[Path], Site]) -> None:
    site = serve(write_pages(tmp_path / "site", PAGES))
    seed, folder = site.at("/"), tmp_path / "killed"
    held = threading.Event()
    taken = itertools.count()

    def answer(request: Request) -> Reply:
        if next(taken) >= REACHED:
            held.wait(30)
        return Reply(200, (site.folder / request.path.lstrip("/")).read_bytes(), {"Content-Type": "text/html"})

    for number in range(1, PAGES):
        site.respond(f"/page-{number}.html", answer)
    context = multiprocessing.get_context("forkserver")
    process = context.Process(target=crawl_into, args=(folder, seed, IndexConfig()))
    process.start()
    deadline_s = time.monotonic() + 30
    while stored(folder) < KEPT and time.monotonic() < deadline_s:
        time.sleep(0.05)
    process.kill()
    process.join()
    held.set()
    first = {request.path for request in site.requests}
    assert REACHED <= len(first) < PAGES
    before = len(site.requests)
    crawl_into(folder, seed, IndexConfig())
    again = first & {request.path for request in site.requests[before:]} - {"/robots.txt"}
    assert len(again) <= REACHED - KEPT + CrawlConfig().concurrency_per_host + 1
    assert len(contents(folder)["texts"]) == PAGES


def stored(folder: Path) -> int:
    """Documents in an index that another process may be filling."""
    if not (folder / "index" / INDEX_FILE).exists():
        return 0
    try:
        with closing(EmbeddedStore(folder / "index")) as store:
            return store.count().documents
    except RecollectError:
        return 0  # it is being made


def slow_down(site: Site) -> None:
    """Answers take a moment, so that a crawl lasts longer than most are let live."""

    def slowly(path: str) -> Callable[[Request], Reply]:
        body = (site.folder / path.lstrip("/")).read_bytes()

        def answer(_: Request) -> Reply:
            time.sleep(0.08)
            return Reply(200, body, {"Content-Type": "text/html"})

        return answer

    for number in range(1, PAGES):
        site.respond(f"/page-{number}.html", slowly(f"/page-{number}.html"))
