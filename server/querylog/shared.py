"""Queries that several people asked and that found something: what others may be shown as suggestions."""

import hashlib
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from crawler.errors import RecollectError
from indexer.keywords import MAX_SUGGESTION_CHARS, word_starts
from indexer.store import Filters, Store
from ranker.hit import Results
from ranker.steering import SteerConfig
from ranker.understanding.understand import understand
from server.doors.asker import Asker
from server.querylog.file import QueryFile
from server.querylog.record import Shared, one_line

MAX_KNOWN = 5_000
"""The commonest are held in memory."""

FRESH_S = 60.0
log = logging.getLogger(__name__)

_COMMON = """
SELECT query, site, MAX(uses), SUM(uses) AS used FROM shared WHERE last_s >= ?
GROUP BY same, site HAVING COUNT(*) >= ? ORDER BY used DESC, query LIMIT ?"""


@dataclass(frozen=True, slots=True)
class Common:
    """A query that enough people asked, with what they were held to, and what it is suggested by."""

    query: str
    site: str
    starts: tuple[str, ...]


class SharedQueries:
    """Past queries as suggestions; thread-safe. None where ``askers``, as many as must have asked one, is 0."""

    def __init__(self, file: QueryFile, askers: int, days_s: int, now: Callable[[], float]) -> None:
        self._file, self._askers, self._days_s, self._now = file, askers, days_s, now
        self._reading = threading.Lock()
        self._known: tuple[Common, ...] = ()
        self._version = ""
        self._read_at = float("-inf")

    def of(self, at_s: int, results: Results, asker: Asker, filters: Filters) -> Shared | None:
        """What is to be kept of a search; nothing of one that only some may do, or that found nothing as typed."""
        query = one_line(results.query)
        is_for_all = bool(asker.payer) and not asker.groups
        has_found = results.total > 0 and results.correction is None
        if not (self._askers and is_for_all and has_found and 0 < len(query) <= MAX_SUGGESTION_CHARS):
            return None
        return Shared(at_s, query, _place(filters), asker.payer)

    def known(self) -> tuple[Common, ...]:
        """The commonest first, as they were a minute ago at most; none where they cannot be read."""
        with self._reading:
            now = self._now()
            if self._askers and now - self._read_at >= FRESH_S:
                self._read_at = now
                self._read(int(now) - self._days_s)
            return self._known

    def version(self) -> str:
        """Another one whenever ``known`` is another."""
        self.known()
        return self._version

    def beginning(self, typed: str, filters: Filters) -> Iterator[str]:
        """Those with a word that begins with what was typed, of people held to the same sites."""
        place, wanted = _place(filters), " ".join(typed.split()).lower()
        for one in self.known():
            if one.site == place and any(start.startswith(wanted) for start in one.starts):
                yield one.query

    def _read(self, since_s: int) -> None:
        try:
            rows = self._file.select(_COMMON, (since_s, self._askers, MAX_KNOWN))
        except RecollectError as error:
            log.warning("past queries are not suggested: %s", error)
            rows = []
        self._known = tuple(Common(query, site, word_starts(query)) for query, site, _, _ in rows)
        self._version = hashlib.sha256(repr(self._known).encode("utf-8", "replace")).hexdigest() if rows else ""


def finding(queries: Iterable[str], store: Store, filters: Filters, steer: SteerConfig) -> Iterator[str]:
    """Those whose words stand in documents that pass the filters, and so may be seen by whoever asks."""
    for query in queries:
        meant = understand(query, filters, store, steer, corrects=False)
        if meant.text and store.candidates(meant.asked, None, 1, meant.filters).matched_documents:
            yield query


def _place(filters: Filters) -> str:
    return one_line(", ".join(filters.site))
