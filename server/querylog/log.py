"""Writes down what is asked, beside the requests: none waits for it, and none fails because of it."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator

from crawler.errors import RecollectError
from indexer.store import Filters
from rag.answer import Answer
from rag.events import Done, Event
from ranker.degradation import Degradation
from ranker.hit import Results
from server.doors.asker import Asker
from server.errors import BadInput
from server.querylog.file import QueryFile
from server.querylog.record import (
    MAX_RELEVANCE,
    MAX_URL_CHARS,
    Click,
    Entered,
    Feedback,
    Judgement,
    Noted,
    RequestKind,
    one_line,
)
from server.querylog.shared import SharedQueries
from server.settings.choices import QueryLogMode

MAX_WAITING = 10_000
"""Lines that wait to be written; more are dropped, since memory is worth more than a line of a log."""

MAX_BATCH = 500
LINGER_S = 0.5
"""How long the writer waits for more to write at once, so that it seldom takes the processor from requests."""

MAX_POSITION = 10_000
PRUNE_S = 3_600.0
DAY_S = 86_400
log = logging.getLogger(__name__)


class QueryLog:
    """The query log of one process; thread-safe. Nothing but judgements is kept where ``mode`` is ``off``.

    With ``counts`` a line has its day and nothing of who asked; with ``full`` its second and the key's id. Addresses
    are never kept. ``days`` is how long lines are kept.
    """

    def __init__(
        self,
        file: QueryFile,
        mode: QueryLogMode,
        days: int,
        now: Callable[[], float] = time.time,
        *,
        shared_by: int = 0,
    ) -> None:
        """``shared_by``: so many must have asked a query before others see it; 0 for never."""
        self._shared = SharedQueries(file, 0 if mode == "off" else shared_by, days * DAY_S, now)
        self._file, self._mode, self._days, self._now = file, mode, days, now
        self._waiting: queue.Queue[Noted | None] = queue.Queue(MAX_WAITING)
        self._starting = threading.Lock()
        self._writer: threading.Thread | None = None
        self._pruned_at = float("-inf")
        self._is_failing = False
        self._dropped = 0

    @property
    def file(self) -> QueryFile:
        """What was written so far, see ``flush``."""
        return self._file

    @property
    def shared(self) -> SharedQueries:
        """Past queries that others may see."""
        return self._shared

    @property
    def dropped(self) -> int:
        """Lines that were not written: too many at once, or the file could not be used."""
        return self._dropped

    def record_search(self, results: Results, asker: Asker, filters: Filters, *, is_unfinished: bool = False) -> None:
        """A search that was answered; ``is_unfinished``: its last word was still being typed."""
        kind = RequestKind.SUGGEST if is_unfinished else RequestKind.SEARCH
        self._record(kind, results.query, results.total, results.took_ms, results, asker, filters)
        if not is_unfinished and (line := self._shared.of(self._at(), results, asker, filters)):
            self._put(line)

    def record_answer(self, answer: Answer, asker: Asker, filters: Filters) -> None:
        """A question that was answered or refused."""
        took_ms = sum(answer.stages.values())
        self._record(RequestKind.ANSWER, answer.question, len(answer.hits), took_ms, answer, asker, filters)

    def recorded(self, events: Iterator[Event], asker: Asker, filters: Filters) -> Iterator[Event]:
        """The same events of an answer that is being made; it is recorded when it is done."""
        try:
            for event in events:
                if isinstance(event, Done):
                    self.record_answer(event.answer, asker, filters)
                yield event
        finally:
            if isinstance(events, Generator):
                events.close()

    def record_suggestions(self, typed: str, count: int, asker: Asker, filters: Filters) -> None:
        """Suggestions that were shown for what was typed."""
        self._record(RequestKind.SUGGEST, typed, count, 0.0, None, asker, filters)

    def record_click(self, query: str, url: str, position: int, *, site: str = "") -> None:
        """A result was opened; ``position`` counts from 1, 0 where it is not known."""
        if self._mode != "off":
            place = min(max(0, position), MAX_POSITION)
            opened = one_line(url, MAX_URL_CHARS)
            self._put(Click(self._at(), one_line(query), opened, place, one_line(site)))

    def record_feedback(self, query: str, url: str, *, is_useful: bool, site: str = "") -> None:
        """Somebody said whether an answer, or the page ``url``, is of use for this query."""
        if self._mode != "off":
            place = one_line(url, MAX_URL_CHARS)
            self._put(Feedback(self._at(), one_line(query), place, is_useful, one_line(site)))

    def record_judgement(self, query: str, url: str, relevance: int, judge: str = "") -> None:
        """How relevant a document is for a query, written at once. Raises BadInput, StoreUnavailable."""
        if not one_line(query) or not one_line(url):
            raise BadInput("A judgement names a query and a document", "Give both of them")
        if not 0 <= relevance <= MAX_RELEVANCE:
            raise BadInput(f"relevance is {relevance}", f"Give a number from 0 (not relevant) to {MAX_RELEVANCE}")
        self._file.judge(Judgement(one_line(query), one_line(url, MAX_URL_CHARS), relevance, one_line(judge)))

    def flush(self) -> None:
        """Return when all that was recorded so far is written, or dropped."""
        self._waiting.join()

    def close(self) -> None:
        """Write what waits; safe to call twice."""
        with self._starting:
            writer, self._writer = self._writer, None
        if writer is not None:
            self._waiting.put(None)
            writer.join()

    def _record(
        self,
        kind: RequestKind,
        query: str,
        total: int,
        took_ms: float,
        found: Results | Answer | None,
        asker: Asker,
        filters: Filters,
    ) -> None:
        if self._mode == "off" or not query.strip():
            return
        is_refused = isinstance(found, Answer) and found.refused
        degraded = _names(found.degraded) if found else ()
        stages = {name: round(ms, 1) for name, ms in found.stages.items()} if found else {}
        key_id = asker.key_id if self._mode == "full" else ""
        where = one_line(", ".join(filters.site))
        line = Entered(
            self._at(), kind, one_line(query), total, round(took_ms, 1), stages, is_refused, degraded, where, key_id
        )
        self._put(line)

    def _at(self) -> int:
        at_s = int(self._now())
        return at_s if self._mode == "full" else at_s - at_s % DAY_S

    def _put(self, line: Noted) -> None:
        try:
            self._waiting.put_nowait(line)
        except queue.Full:
            self._dropped += 1
            return
        if not self._is_writing():
            with self._starting:
                if not self._is_writing():
                    self._writer = threading.Thread(target=self._write, name="query-log", daemon=True)
                    self._writer.start()

    def _is_writing(self) -> bool:
        # A process that was forked has no threads of its parent.
        return self._writer is not None and self._writer.is_alive()

    def _write(self) -> None:
        """The writer's thread, until it finds None."""
        while True:
            batch = self._next_batch()
            self._write_batch([line for line in batch if line is not None])
            for _ in batch:
                self._waiting.task_done()
            if None in batch:
                return

    def _next_batch(self) -> list[Noted | None]:
        batch = [self._waiting.get()]
        ends = time.monotonic() + LINGER_S
        while batch[-1] is not None and len(batch) < MAX_BATCH:
            try:
                batch.append(self._waiting.get(timeout=max(0.0, ends - time.monotonic())))
            except queue.Empty:
                break
        return batch

    def _write_batch(self, lines: list[Noted]) -> None:
        try:
            self._file.add(lines)
            self._prune()
        except RecollectError as error:
            self._dropped += len(lines)
            if not self._is_failing:
                log.warning("queries are not written down: %s", error)
            self._is_failing = True
        else:
            self._is_failing = False

    def _prune(self) -> None:
        now = self._now()
        if now - self._pruned_at >= PRUNE_S:
            self._pruned_at = now
            self._file.prune(int(now) - self._days * DAY_S)


def _names(degraded: tuple[Degradation, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(one.part) for one in degraded if one.part.is_failure))
