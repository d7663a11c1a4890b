"""The ranker and the responder of a server: they tell what they did, and remember what was answered last."""

from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from datetime import UTC, datetime

from indexer.errors import StoreError
from indexer.store import Filters
from rag.events import Done, Event
from rag.respond import Responder
from ranker.hit import Results
from ranker.query import Query
from ranker.rank import Ranker
from server.settings.digest import digest
from server.sharing.answers import KeptAnswers
from server.sharing.kept import Kept
from server.watching.metrics import Metrics

Watcher = Callable[[], Metrics | None]
"""Who is told; None while nobody is."""

Version = Callable[[], str]
"""``Store.version``."""


class ServedRanker(Ranker):
    """Tells of each search."""

    watcher: Watcher = staticmethod(lambda: None)

    def search(self, query: Query) -> Results:
        """As ``Ranker.search``."""
        results = super().search(query)
        if metrics := self.watcher():
            metrics.searched(results)
        return results


class ServedResponder(Responder):
    """Tells of each answer; with ``keep``, what was asked before is answered again while the index is the same.

    An answer is kept under the version of the index, the settings, the day, the question and its filters, in which
    stands who may see what: nobody gets the answer of another who sees more. One that went without something is not
    kept.
    """

    watcher: Watcher = staticmethod(lambda: None)
    version: Version = staticmethod(lambda: "")
    _kept: Kept | None = None
    _settings = ""

    def keep(self, size: int, version: Version, settings: str = "", shared: KeptAnswers | None = None) -> None:
        """Remember ``size`` answers given with these ``settings``, and those of other processes that are ``shared``."""
        self._kept, self.version, self._settings = Kept(size, shared), version, settings

    def _events(self, question: str, filters: Filters, size: int | None) -> Iterator[Event]:
        key = self._key(question, filters, size)
        metrics = self.watcher()
        known = self._kept.get(key) if self._kept and key else None
        if metrics and key:
            metrics.looked_up(is_known=known is not None)
        if known is not None:
            yield from known
            return
        seen: list[Event] = []
        events = super()._events(question, filters, size)
        try:
            for event in events:
                seen.append(event)
                if isinstance(event, Done):
                    if metrics:
                        metrics.answered_question(event.answer)
                    if self._kept and key and not event.answer.degraded:
                        self._kept.put(key, tuple(seen))
                yield event
        finally:
            if isinstance(events, Generator):
                events.close()

    def _key(self, question: str, filters: Filters, size: int | None) -> str:
        """Empty where nothing is kept: the index has no version, or cannot be asked for it."""
        if self._kept is None:
            return ""
        version = ""
        with suppress(StoreError):
            version = self.version()
        parts = (version, self._settings, datetime.now(UTC).date(), question, filters, size)
        return digest(repr(parts)) if version else ""
