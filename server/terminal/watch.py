"""Shows on standard error how far a crawl is, as it goes."""

import time
from collections import Counter
from collections.abc import Callable
from functools import partial

from crawler.frontier.seam import Frontier, State
from crawler.outcome import Outcome
from crawler.report import CrawlEvent
from indexer.sink import IndexReport
from server.terminal.console import Bar, note, stderr
from server.terminal.progress import Queue, progress_line

PLAIN_LINE_S = 10.0
"""Where no bar can be drawn, a line says this often how far the crawl is."""


def to_go(frontier: Frontier) -> int:
    """How many known URLs are yet to be visited; some are leased well before their turn."""
    counts = frontier.counts()
    return counts[State.QUEUED] + counts[State.LEASED]


class Watch:
    """Shows how far a crawl is."""

    def __init__(
        self,
        bar: Bar,
        frontier: Frontier,
        *,
        get_delay_s: Callable[[], float],
        is_verbose: bool,
    ) -> None:
        self.indexed = IndexReport()
        self._bar, self._is_verbose = bar, is_verbose
        self._queue, self._get_delay_s = Queue(partial(to_go, frontier)), get_delay_s
        self._outcomes: Counter[Outcome] = Counter()
        self._size_bytes = 0
        self._started_s = self._told_s = time.monotonic()

    def on_event(self, event: CrawlEvent) -> None:
        """One URL was visited."""
        self._outcomes[event.outcome] += 1
        self._size_bytes += event.size_bytes
        self._show()
        if self._is_verbose:
            words = (event.outcome, event.url, str(event.status or ""), event.reason, event.detail)
            note(" ".join(word for word in words if word))

    def on_progress(self, report: IndexReport) -> None:
        """One batch was stored."""
        self.indexed = report
        self._show()

    def _show(self) -> None:
        now_s = time.monotonic()
        is_terminal = stderr().is_terminal
        if not is_terminal and now_s - self._told_s < PLAIN_LINE_S:
            return
        text = progress_line(
            self._outcomes,
            now_s - self._started_s,
            queued=self._queue.length(),
            indexed=self.indexed.indexed + self.indexed.unchanged + self.indexed.queued,
            size_bytes=self._size_bytes,
            delay_s=self._get_delay_s(),
        )
        if is_terminal:
            self._bar.update(text, self._outcomes.total())
        else:
            self._told_s = now_s
            note(text)
