"""Keeps the schedule in this process: crawls sites in threads, a few at a time, in turns."""

import logging
import queue
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager

from indexer.document import Document
from indexer.sink import IndexReport, Sink
from server.crawl_memory import open_frontier
from server.crawling import Place
from server.errors import ScheduleTaken
from server.installation import Installation
from server.ledger.record import Ledger
from server.places import pushed_path
from server.pushing.drain import AlsoPushed
from server.pushing.spool import Spool
from server.schedule.plan import Clock, Plan, Run
from server.schedule.slice import Slices
from server.settings.config import Config

logger = logging.getLogger(__name__)

LEADER = ".scheduler"
"""No site's name begins with a dot."""

SHORTEST_SLEEP_S = 0.05


def sleep_s(next_s: float | None, poll_s: float) -> float:
    """How long to sleep when the next run begins in ``next_s``."""
    return poll_s if next_s is None else min(max(next_s, SHORTEST_SLEEP_S), poll_s)


class LocalScheduler:
    """Crawls the sites of ``config`` when they are due, without a broker. One process for each index does so."""

    def __init__(self, config: Config, ledger: Ledger, clock: Clock = time.time) -> None:
        self._config = config
        self._ledger = ledger
        self._plan = Plan(config.all_sites(), ledger, config.scheduler, clock)
        self._writer = SharedWriter(config)
        self._slices = Slices(config, ledger, self._writer.open, clock)
        self._waiting: queue.SimpleQueue[Run | None] = queue.SimpleQueue()
        self._changed = threading.Event()
        self._stop = threading.Event()

    def run(self, *, until_idle: bool = False) -> None:
        """Keep the schedule until ``stop``; with ``until_idle`` until nothing is due or under way any more.

        Raises ScheduleTaken where another process does it. After ``stop`` the crawls under way end at their next page.
        """
        with self._ledger.hold(LEADER) as hold:
            if hold is None:
                raise ScheduleTaken(
                    "Another process keeps the schedule of this index", "Stop it first, or leave it to that one"
                )
            for run in self._plan.unfinished():
                logger.info("%s: goes on where it was stopped", run.site)
                self._waiting.put(run)
            threads = [
                threading.Thread(target=self._work, name=f"site-{number}", daemon=True)
                for number in range(self._config.scheduler.concurrency)
            ]
            for thread in threads:
                thread.start()
            self._keep(until_idle=until_idle)
            self.stop()
            for _ in threads:
                self._waiting.put(None)
            for thread in threads:
                thread.join()

    def stop(self) -> None:
        """Let ``run`` return soon; safe to call from anywhere."""
        self._stop.set()
        self._changed.set()

    def wake(self) -> None:
        """Look at the clock now."""
        self._changed.set()

    def _keep(self, *, until_idle: bool) -> None:
        while not self._stop.is_set():
            self._changed.clear()
            for run in self._plan.take_due():
                logger.info("%s: is due", run.site)
                self._waiting.put(run)
            next_s = self._plan.next_s()
            if until_idle and self._is_idle():
                return
            self._changed.wait(sleep_s(next_s, self._config.scheduler.poll_s))

    def _is_idle(self) -> bool:
        return not any(self._plan.record(site.name).run_id for site in self._config.all_sites())

    def _work(self) -> None:
        while (run := self._waiting.get()) is not None:
            if self._stop.is_set():
                return
            if self._slices.work(run, self._is_enough):
                self._waiting.put(run)
            self._changed.set()

    def _is_enough(self, worked_s: float) -> bool:
        if self._stop.is_set():
            return True
        return worked_s > self._config.scheduler.slice_s and not self._waiting.empty()


class SharedWriter:
    """The index, open for writing while at least one crawl needs it, so that others may write between crawls."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._users = 0
        self._installation: Installation | None = None
        self._sink: Sink | None = None

    @contextmanager
    def open(self) -> Iterator[Place]:
        """The sink, shared by all, and a memory of crawls of one's own. Raises StoreLocked where another writes."""
        sink, frontier = self._enter()
        try:
            with closing(frontier):
                yield sink, frontier
        finally:
            self._leave()

    def _enter(self) -> Place:
        # All under the lock: where nothing is indexed yet, opening the memory of crawls begins with deleting it.
        with self._lock:
            installation = self._installation or Installation(self._config, is_writing=True)
            try:
                sink = self._sink or OneAtATime(AlsoPushed(installation.indexer(), Spool(pushed_path(self._config))))
                # What is remembered belongs to crawls under way, even where they have stored nothing yet.
                documents = max(installation.count_documents(), self._users)
                frontier = open_frontier(self._config, documents)
            except BaseException:
                if not self._users:
                    installation.close()
                raise
            self._installation, self._sink = installation, sink
            self._users += 1
            return sink, frontier

    def _leave(self) -> None:
        with self._lock:
            self._users -= 1
            if not self._users and self._installation is not None:
                self._installation.close()
                self._installation = self._sink = None


class OneAtATime:
    """A sink for several threads."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._lock = threading.Lock()

    def index(self, documents: Iterable[Document]) -> IndexReport:
        """One batch after another."""
        with self._lock:
            return self._sink.index(documents)

    def delete(self, doc_ids: Sequence[str]) -> int:
        """One batch after another."""
        with self._lock:
            return self._sink.delete(doc_ids)
