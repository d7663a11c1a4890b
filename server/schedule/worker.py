"""What a Celery worker does with a site that is due."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from indexer.sink import Sink
from server.assemble import schedule_ledger
from server.crawl_memory import open_frontier
from server.crawling import Place
from server.schedule.plan import Run
from server.schedule.slice import Slices
from server.settings.config import Config

PART_OF_LIMIT = 3
"""A slice ends long before the queue's time limit does: the highest priority makes it 1.8 times as long."""


class WorkerSlices:
    """Crawls slices of sites in a worker process; connections are made after the process was forked."""

    def __init__(self, config: Config, get_sink: Callable[[], Sink]) -> None:
        self._config = config
        self._get_sink = get_sink
        self._slice_s = min(config.scheduler.slice_s, config.queue.soft_limit_s / PART_OF_LIMIT)

    def __call__(self, site: str, run_id: str) -> bool:
        """Crawl a site for a while in the run of this id; True if more is to do."""
        with closing(schedule_ledger(self._config)) as ledger:
            slices = Slices(self._config, ledger, self._open_place)
            return slices.work(Run(site, run_id), lambda worked_s: worked_s > self._slice_s)

    @contextmanager
    def _open_place(self) -> Iterator[Place]:
        sink = self._get_sink()
        # Other workers crawl into the same index: what is remembered is never forgotten here.
        with closing(open_frontier(self._config, indexed_documents=1)) as frontier:
            yield sink, frontier
