"""How things stand, for /metrics: crawls, what waits to be indexed, and how old the pages are."""

import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from crawler.errors import RecollectError
from indexer.store import Store
from server.api.backend import Backend
from server.assemble import queue_standing
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
        self._fetched_s: dict[str, list[float]] = {}
        self._worked_out_at = float("-inf")

    def quantiles(self, store: Store, sites: Collection[str] | None, shares: Sequence[float]) -> list[float]:
        """Seconds since the pages of these sites (None: of all) were fetched, by share of the pages.

        Empty where no page says when. Raises StoreError.
        """
        with self._lock:
            if self._clock() - self._worked_out_at >= AGES_EVERY_S:
                self._fetched_s = _fetched(store)
                self._worked_out_at = self._clock()
            known = self._fetched_s
        # The oldest was fetched first.
        ordered = sorted(
            (at for site, found in known.items() if sites is None or site in sites for at in found), reverse=True
        )
        now_s = datetime.now(UTC).timestamp()
        return [now_s - ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in shares if ordered]


def gauges(backend: Backend, ages: Ages) -> list[Gauge]:
    """Everything that can be told; what cannot is left out, as ``/health`` says why."""
    config = backend.config
    found: list[Gauge] = []
    for part in (_index, _crawls, _sites, _waiting):
        with suppress(RecollectError):
            found += part(config, backend)
    with suppress(RecollectError):
        for share, age_s in zip(QUANTILES, ages.quantiles(backend.store(), None, QUANTILES), strict=False):
            quantile = {"quantile": f"{share:g}"}
            found.append(Gauge("page_age_seconds", "Seconds since pages were fetched", age_s, quantile))
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
    found = [
        *_queue("pushed", spool.waiting(), spool.oldest()),
        Gauge("indexing_errors", "Pushed documents that could not be indexed", spool.failed()),
    ]
    if config.broker:
        depth, oldest = queue_standing(config)
        # Where something waits and the broker does not tell since when, 0 would be wrong.
        ages = _queue(config.queue.queue, depth, oldest)
        found += ages if oldest or not depth else ages[:1]
    return found


def _queue(name: str, depth: int, oldest: datetime | None) -> list[Gauge]:
    age_s = max(0.0, (datetime.now(UTC) - oldest).total_seconds()) if oldest else 0.0
    queue = {"queue": name}
    return [
        Gauge("queue_depth", "Documents or batches that wait to be indexed", depth, queue),
        Gauge("queue_oldest_task_age_seconds", "How long the oldest of them waits", age_s, queue),
    ]


def _fetched(store: Store) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for head in store.scan():
        if head.fetched_at:
            found.setdefault(head.site, []).append(head.fetched_at.timestamp())
    return found


def _seconds(iso: str) -> float:
    return datetime.fromisoformat(iso).timestamp()
