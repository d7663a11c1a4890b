"""Keeps the schedule beside a server: in a process of its own, so that crawling delays no search."""

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from contextlib import closing
from multiprocessing.context import SpawnProcess
from types import TracebackType

from server.assemble import schedule_ledger
from server.errors import ScheduleTaken
from server.schedule.local import LocalScheduler
from server.settings.config import Config
from server.terminal.console import log_to_stderr

logger = logging.getLogger(__name__)

NICENESS = 5
END_S = 10.0
"""How long the crawls under way may take to end; what they leave is taken up by the next who keeps the schedule."""


class Scheduling:
    """Keeps the schedule while the block runs, and not longer, however this process ends."""

    def __init__(self, *, is_verbose: bool = False) -> None:
        self._is_verbose = is_verbose
        self._config: Config | None = None
        self._children: list[SpawnProcess] = []

    def keep(self, config: Config | None) -> None:
        """By these settings from now on; None: not at all. A new child begins when the last crawls have ended."""
        if config == self._config:
            return
        self._config = config
        self._children = [child for child in self._children if child.is_alive()]
        for child in self._children:
            child.terminate()
        if config is not None:
            context = multiprocessing.get_context("spawn")
            child = context.Process(target=keep, args=(config, self._is_verbose), name="schedule")
            child.start()
            self._children.append(child)

    def __enter__(self) -> "Scheduling":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self._children:
            child.terminate()
        for child in self._children:
            child.join(END_S + 1)
            if child.is_alive():
                child.kill()
                child.join()


def keep(config: Config, is_verbose: bool) -> None:
    """What the process does; ends on SIGTERM or with its parent. While another keeps the schedule it stands by."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent too, which ends this process
    log_to_stderr(is_verbose=is_verbose, is_json=config.serve.logs == "json")
    os.nice(NICENESS)
    is_over = threading.Event()
    with closing(schedule_ledger(config)) as ledger:
        scheduler = LocalScheduler(config, ledger)

        def end() -> None:
            is_over.set()
            scheduler.stop()
            limit = threading.Timer(END_S, os._exit, (1,))
            limit.daemon = True
            limit.start()

        signal.signal(signal.SIGTERM, lambda *_: end())
        threading.Thread(target=_end_with_parent, args=(end,), daemon=True).start()
        while not is_over.is_set():
            try:
                scheduler.run()
            except ScheduleTaken:
                logger.info("another process keeps the schedule; standing by")
                is_over.wait(config.scheduler.poll_s)


def _end_with_parent(end: Callable[[], None]) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        end()
