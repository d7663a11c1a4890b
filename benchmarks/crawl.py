"""Pages per second on a site of real pages, side by side with Scrapy; politeness off for all. Run as a command.

    python -m benchmarks.crawl --site FOLDER [--site FOLDER ...] [--max-pages N] [--json]

Each FOLDER holds a static site (Debian's documentation packages, unpacked with dpkg -x, are good ones); all are served
on one loopback port by a process of their own. Every crawler runs in a process of its own, one after the other:

- recollect: full extraction into sections, a durable frontier, every page acknowledged;
- scrapy_bare: follows the same links and takes the title (pip install scrapy);
- scrapy_trafilatura: the same, and extracts the text with trafilatura (pip install scrapy trafilatura).
"""

import argparse
import json
import multiprocessing
import re
import resource
import socket
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.peers import did_the_same, in_words


@dataclass(frozen=True)
class Run:
    """One crawler's figures; seconds of the clock and of its own processor time, memory at its peak."""

    pages: int
    seconds: float
    cpu_seconds: float
    peak_mib: float
    pages_per_second: float


def serve(folder: str, port: int) -> None:
    """Serve a folder until the process is ended."""
    from aiohttp import web

    root = Path(folder).resolve()

    async def answer(request: web.Request) -> web.StreamResponse:
        path = root / request.path.lstrip("/")
        if path.is_dir():
            if not request.path.endswith("/"):
                raise web.HTTPMovedPermanently(request.path + "/")
            path /= "index.html"
        if not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None)


def crawl_recollect(url: str, max_pages: int | None) -> int:
    """Ours, as a program would use it. Pages that proved duplicates were fetched and read like the others and count."""
    from crawler.config import CrawlConfig
    from crawler.crawl import Crawler
    from crawler.frontier.sqlite import SqliteFrontier

    with tempfile.TemporaryDirectory() as folder, closing(SqliteFrontier(Path(folder) / "frontier.db")) as frontier:
        crawler = Crawler(CrawlConfig(max_pages=max_pages, delay_s=0.0), frontier)
        for item in crawler.crawl([url]):
            crawler.acknowledge([item])
        report = crawler.report()
        return report.fetched + report.duplicates + report.near_duplicates


POLITE_PAGES, POLITE_DELAY_S = 60, 0.1


def politeness_overhead() -> float:
    """By how much a polite crawl takes longer than its delays alone, as a share; 61 small pages, 0.1 s between them."""
    from crawler.config import CrawlConfig
    from crawler.crawl import Crawler
    from crawler.frontier.sqlite import SqliteFrontier

    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as data:
        links = "".join(f'<a href="/{number}.html">{number}</a> ' for number in range(POLITE_PAGES))
        (Path(folder) / "index.html").write_text(f"<title>Start</title><p>All pages. {links}")
        for number in range(POLITE_PAGES):
            (Path(folder) / f"{number}.html").write_text(f"<title>{number}</title><p>Page number {number}.")
        port = free_port()
        server = multiprocessing.get_context("spawn").Process(target=serve, args=(folder, port), daemon=True)
        server.start()
        wait_until_served(port)
        # The first crawl, without a delay, loads what is loaded once in a process.
        for name, delay_s in (("warm", 0.0), ("polite", POLITE_DELAY_S)):
            with closing(SqliteFrontier(Path(data) / f"{name}.db")) as frontier:
                crawler = Crawler(CrawlConfig(delay_s=delay_s, use_sitemaps=False), frontier)
                started_s = time.perf_counter()
                pages = sum(1 for _ in crawler.crawl([f"http://127.0.0.1:{port}/"]))
                seconds = time.perf_counter() - started_s
        server.terminate()
        server.join()
    return seconds / ((pages - 1) * POLITE_DELAY_S) - 1


def crawl_scrapy(url: str, max_pages: int | None, extracts: bool) -> int:
    """Scrapy with its own link extractor."""
    import scrapy
    from scrapy.crawler import CrawlerProcess
    from scrapy.linkextractors import LinkExtractor

    links = LinkExtractor(allow=[re.escape(url)])
    seen: list[str] = []

    class Spider(scrapy.Spider):
        name = "bench"

        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            self.start_urls = [url]

        def parse(self, response: Any) -> Any:
            if b"html" not in response.headers.get("Content-Type", b""):
                return
            seen.append(response.css("title::text").get() or "")
            if extracts:
                import trafilatura

                trafilatura.extract(response.text)
            for link in links.extract_links(response):
                yield scrapy.Request(link.url, callback=self.parse)

    process = CrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "TELNETCONSOLE_ENABLED": False,
            "ROBOTSTXT_OBEY": False,
            "DOWNLOAD_DELAY": 0,
            "CONCURRENT_REQUESTS": 32,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 32,
            "CLOSESPIDER_PAGECOUNT": max_pages or 0,
        }
    )
    process.crawl(Spider)
    process.start()
    return len(seen)


CRAWLERS: dict[str, tuple[tuple[str, ...], Callable[[str, int | None], int]]] = {
    "recollect": ((), crawl_recollect),
    "scrapy_bare": (("scrapy",), lambda url, limit: crawl_scrapy(url, limit, extracts=False)),
    "scrapy_trafilatura": (
        ("scrapy", "trafilatura"),
        lambda url, limit: crawl_scrapy(url, limit, extracts=True),
    ),
}


def measured(name: str, url: str, max_pages: int | None, report: Connection) -> None:
    """Run one crawler in this process and send its figures."""
    started_s, cpu_s = time.perf_counter(), time.process_time()
    pages = CRAWLERS[name][1](url, max_pages)
    seconds = time.perf_counter() - started_s
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    report.send(Run(pages, seconds, time.process_time() - cpu_s, peak_mib, pages / seconds))


def run_in_process(name: str, url: str, max_pages: int | None) -> Run:
    """Figures of one crawler in a fresh process."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=measured, args=(name, url, max_pages, sender))
    process.start()
    sender.close()
    try:
        figures: Run = receiver.recv()
    finally:
        process.join()
    return figures


def ratio_to(peer: Run, ours: Run) -> float | None:
    """How many times as fast ours is; None where the peer did not do the same work, which would say nothing."""
    return ours.pages_per_second / peer.pages_per_second if did_the_same(peer.pages, ours.pages) else None


def joined_site(folders: list[Path], target: Path) -> None:
    """One folder with a link to each site and an index page that leads to all of them."""
    names = []
    for number, folder in enumerate(folders):
        names.append(f"site{number}")
        (target / names[-1]).symlink_to(folder.resolve(), target_is_directory=True)
    entries = "".join(f'<li><a href="/{name}/index.html">{name}</a></li>' for name in names)
    (target / "index.html").write_text(f"<!doctype html><title>Sites</title><ul>{entries}</ul>")


def free_port() -> int:
    """A port of loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_served(port: int) -> None:
    """Return when the server accepts connections."""
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"the server on port {port} did not start")


def main() -> None:
    """Print a table, or one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--site", type=Path, action="append", required=True)
    parser.add_argument("--max-pages", type=int)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    for folder in options.site:
        if not (folder / "index.html").is_file():
            parser.error(f"{folder} holds no index.html, which the crawl begins with")
    port = free_port()
    with tempfile.TemporaryDirectory() as joined:
        joined_site(options.site, Path(joined))
        server = multiprocessing.get_context("spawn").Process(target=serve, args=(joined, port), daemon=True)
        server.start()
        wait_until_served(port)
        runs = {
            name: run_in_process(name, f"http://127.0.0.1:{port}/", options.max_pages)
            for name, (needs, _) in CRAWLERS.items()
            if all(find_spec(module) for module in needs)
        }
        server.terminate()
        server.join()
    ours = runs["recollect"].pages_per_second
    ratios = {f"ratio_{name}": ratio_to(run, runs["recollect"]) for name, run in runs.items() if name != "recollect"}
    overhead = politeness_overhead()
    if options.json:
        figures = {name: asdict(run) for name, run in runs.items()}
        print(json.dumps({"pages_per_second": ours, **ratios, "politeness_overhead": overhead, "runs": figures}))
        return
    for name, run in runs.items():
        print(
            f"{name:20} {run.pages:6d} pages  {run.seconds:7.1f} s  {run.pages_per_second:7.1f} pages/s"
            f"  {run.cpu_seconds:7.1f} s processor  {run.peak_mib:6.0f} MiB"
        )
    for name, ratio in ratios.items():
        print(f"{name:26} {in_words(ratio)}")
    print(f"a crawl with a delay takes {overhead:.1%} longer than its delays")


if __name__ == "__main__":
    main()
