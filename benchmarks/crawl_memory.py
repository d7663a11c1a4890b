"""Peak memory of crawls of different sizes, of a site that is made up while it is served. Run as a command.

    python -m benchmarks.crawl_memory --pages 5000 100000 [--json]

Every size is crawled by a process of its own, with all that grows with a crawl (frontier on disk, links, report); pages
are acknowledged and thrown away. Each page links to ten others, so that a size is reached by following links alone.
"""

import argparse
import json
import multiprocessing
import random
import resource
import tempfile
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.crawl import free_port, wait_until_served

LINKS = 10
WORDS = (
    "badger",
    "beacon",
    "cellar",
    "copper",
    "fennel",
    "harbour",
    "lantern",
    "meadow",
    "orchard",
    "pebble",
    "quarry",
)


@dataclass(frozen=True)
class Peak:
    """One crawl: pages handed out, seconds, and the largest resident memory of the process, before and at the end."""

    pages: int
    seconds: float
    start_mib: float
    peak_mib: float
    frontier_mib: float


def page(number: int, count: int) -> str:
    """Page ``number`` of ``count``: the same text whenever it is asked for."""
    chance = random.Random(number)
    text = " ".join(chance.choices(WORDS, k=60))
    targets = {(number + 1) % count, (2 * number) % count, *(chance.randrange(count) for _ in range(LINKS - 2))}
    links = "".join(f'<li><a href="/{count}/{target}">{target}</a>' for target in sorted(targets))
    return (
        f"<!doctype html><html lang=en><title>Page {number}</title><h1>Page {number}</h1><p>{text}</p><ul>{links}</ul>"
    )


def serve(port: int) -> None:
    """Serve ``/COUNT/NUMBER`` until the process is ended."""
    from aiohttp import web

    async def answer(request: web.Request) -> web.Response:
        count, number = int(request.match_info["count"]), int(request.match_info["number"])
        return web.Response(text=page(number, count), content_type="text/html")

    app = web.Application()
    app.router.add_get("/{count}/{number}", answer)
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None)


def peak_mib() -> float:
    """The largest resident memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def crawl(url: str, report: Connection) -> None:
    """Crawl in this process and send the figures."""
    from crawler.config import CrawlConfig
    from crawler.crawl import Crawler
    from crawler.frontier.sqlite import SqliteFrontier

    pages, started_s, start_mib = 0, time.perf_counter(), peak_mib()
    with tempfile.TemporaryDirectory() as folder, closing(SqliteFrontier(Path(folder) / "frontier.db")) as frontier:
        crawler = Crawler(CrawlConfig(use_sitemaps=False), frontier)
        for item in crawler.crawl([url]):
            crawler.acknowledge([item])
            pages += 1
        size_mib = sum(path.stat().st_size for path in Path(folder).iterdir()) / 2**20
        report.send(Peak(pages, time.perf_counter() - started_s, start_mib, peak_mib(), size_mib))


def run(url: str) -> Peak:
    """Figures of one size from a fresh process."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=crawl, args=(url, sender))
    process.start()
    sender.close()
    try:
        figures: Peak = receiver.recv()
    finally:
        process.join()
    return figures


def main() -> None:
    """Print a table, or one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, nargs="+", default=[5000, 100_000])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    port = free_port()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(port,), daemon=True)
    server.start()
    wait_until_served(port)
    peaks = {count: run(f"http://127.0.0.1:{port}/{count}/0") for count in options.pages}
    server.terminate()
    server.join()
    growth_mib = peaks[max(peaks)].peak_mib - peaks[min(peaks)].peak_mib
    if options.json:
        figures = {str(count): asdict(peak) for count, peak in peaks.items()}
        print(json.dumps({"growth_mib": growth_mib, "runs": figures}))
        return
    for count, peak in peaks.items():
        print(
            f"{count:9,} pages: {peak.pages:9,} handed out  {peak.seconds:8.1f} s  peak {peak.peak_mib:6.1f} MiB "
            f"(at the start {peak.start_mib:.1f})  frontier {peak.frontier_mib:8.1f} MiB on disk"
        )
    print(f"growth {growth_mib:.1f} MiB")


if __name__ == "__main__":
    main()
