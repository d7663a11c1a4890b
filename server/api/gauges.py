"""How things stand, for /metrics: crawls, what waits to be indexed, and how old the pages are."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from crawler.errors import RecollectError
from indexer.store import Store
from server.api.backend import Backend
from server.assemble import queue_depth
from server.crawl_memory import crawl_counts
from server.places import pushed_path
from server.pushing.spool import Spool
from server.schedule.status import schedule_status
from server.settings.config import Config
from server.watching.metrics import Gauge

AGES_EVERY_S = 600.0
"""Ages are worked out from every page of the index: seconds of work for millions of them."""

QUANTILES = (0.5, 0.9, 0.99, 1.0)


class Ages:
    """How old the pages of an index are, worked out now and then; thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: list[Gauge] = []
        self._worked_out_at = float("-inf")

    def gauges(self, store: Store) -> list[Gauge]:
        """Seconds since pages were fetched, by quantile; nothing where no page says when. Raises StoreError."""
        with self._lock:
            if self._clock() - self._worked_out_at >= AGES_EVERY_S:
                self._known = _ages(store)
                self._worked_out_at = self._clock()
            return self._known


def gauges(backend: Backend, ages: Ages) -> list[Gauge]:
    """Everything that can be told; what cannot is left out, as ``/health`` says why."""
    config = backend.config
    found: list[Gauge] = []
    for part in (_index, _crawls, _sites, _waiting):
        try:
            found += part(config, backend)
        except RecollectError:
            continue
    try:
        found += ages.gauges(backend.store())
    except RecollectError:
        return found
    return found


def _index(config: Config, backend: Backend) -> list[Gauge]:
    count = backend.store().count()
    return [
        Gauge("index_documents", "Documents in the index", count.documents),
        Gauge("index_passages", "Passages in the index", count.passages),
    ]


def _crawls(config: Config, backend: Backend) -> list[Gauge]:
    return [
        Gauge("frontier_size", "URLs that crawls know, by state", count, {"state": state})
        for state, count in crawl_counts(config).items()
    ]


def _sites(config: Config, backend: Backend) -> list[Gauge]:
    found: list[Gauge] = []
    for site in schedule_status(config, time.time):
        name = {"site": site["name"]}
        found.append(Gauge("site_crawl_running", "Whether a site is being crawled", site["state"] == "running", name))
        if site["finished"]:
            outcome = {**name, "outcome": site["outcome"] or ""}
            ended = _seconds(site["finished"])
            found.append(
                Gauge("site_last_crawl_timestamp_seconds", "When the last crawl ended, and how", ended, outcome)
            )
        if site["next"]:
            found.append(Gauge("site_next_crawl_timestamp_seconds", "When it is due", _seconds(site["next"]), name))
        for outcome_name, count in site["counts"].items():
            labels = {**name, "outcome": outcome_name}
            found.append(Gauge("site_crawl_urls", "URLs of the last crawl by what became of them", count, labels))
    return found


def _waiting(config: Config, backend: Backend) -> list[Gauge]:
    spool = Spool(pushed_path(config))
    oldest = spool.oldest()
    age_s = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0
    queue = {"queue": "pushed"}
    found = [
        Gauge("queue_depth", "Documents or batches that wait to be indexed", spool.waiting(), queue),
        Gauge("queue_oldest_task_age_seconds", "How long the oldest of them waits", age_s, queue),
        Gauge("indexing_errors", "Pushed documents that could not be indexed", spool.failed()),
    ]
    if config.broker:
        depth = {"queue": config.queue.queue}
        found.append(Gauge("queue_depth", "Documents or batches that wait to be indexed", queue_depth(config), depth))
    return found


def _ages(store: Store) -> list[Gauge]:
    now = datetime.now(UTC)
    ages_s = sorted((now - head.fetched_at).total_seconds() for head in store.scan() if head.fetched_at)
    if not ages_s:
        return []
    return [
        Gauge("page_age_seconds", "Seconds since pages were fetched", _at(ages_s, share), {"quantile": f"{share:g}"})
        for share in QUANTILES
    ]


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _seconds(iso: str) -> float:
    return datetime.fromisoformat(iso).timestamp()
