"""A crawl into an index that is killed again and again ends with the index of one that nobody disturbed."""

import itertools
import multiprocessing
import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from crawler.config import CrawlConfig
from crawler.crawl import Crawler
from crawler.frontier.sqlite import SqliteFrontier
from crawler.page import Gone, Page
from indexer.config import IndexConfig
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from indexer.ingest import ingest
from tests.support.many_pages import write_pages
from tests.support.site import Reply, Request, Site, serve
from tests.support.until import PATIENCE_S, until

__all__ = ["serve"]

PAGES = 120
MOMENTS = 20
MOST_REQUESTS = 12
"""A crawl is killed after so many at most, so that several kills hit the first one on a busy machine, too."""
ANSWER_S = 0.08
REACHED, KEPT = 49, 36
SMALL_BATCHES = IndexConfig(batch_documents=4)


def crawl_into(folder: Path, seed: str, config: IndexConfig = SMALL_BATCHES, kept: Event | None = None) -> None:
    """One crawl into the index in ``folder``; says when so many as ``KEPT`` need not be asked for again."""
    acknowledged = 0
    with (
        closing(EmbeddedStore(folder / "index", writable=True)) as store,
        closing(SqliteFrontier(folder / "frontier.db")) as frontier,
    ):
        crawler = Crawler(CrawlConfig(use_sitemaps=False, retry_delay_s=0.01), frontier)

        def acknowledge(events: Sequence[Page | Gone]) -> None:
            nonlocal acknowledged
            crawler.acknowledge(events)
            acknowledged += len(events)
            if kept is not None and acknowledged >= KEPT:
                kept.set()

        ingest(crawler.crawl([seed]), Indexer(store, HashingEncoder(), config), acknowledge, config=config)


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
        assert ready.wait(PATIENCE_S)
        until(partial(asked_for, site, len(site.requests) + moments.randint(0, MOST_REQUESTS)))
        time.sleep(moments.uniform(0.0, ANSWER_S))
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
            held.wait(PATIENCE_S)
        return Reply(200, (site.folder / request.path.lstrip("/")).read_bytes(), {"Content-Type": "text/html"})

    for number in range(1, PAGES):
        site.respond(f"/page-{number}.html", answer)
    context = multiprocessing.get_context("forkserver")
    kept = context.Event()
    process = context.Process(target=crawl_into, args=(folder, seed, IndexConfig(), kept))
    process.start()
    assert kept.wait(PATIENCE_S)
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


def asked_for(site: Site, requests: int) -> bool:
    """Whether the site has seen so many."""
    return len(site.requests) >= requests


def slow_down(site: Site) -> None:
    """Answers take a moment, so that a crawl lasts longer than most are let live."""

    def slowly(path: str) -> Callable[[Request], Reply]:
        body = (site.folder / path.lstrip("/")).read_bytes()

        def answer(_: Request) -> Reply:
            time.sleep(ANSWER_S)
            return Reply(200, body, {"Content-Type": "text/html"})

        return answer

    for number in range(1, PAGES):
        site.respond(f"/page-{number}.html", slowly(f"/page-{number}.html"))
