"""The flow from the spool into an index, by whoever may write to it just now: a server or a crawl."""

import fcntl
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from indexer.document import Document
from indexer.errors import BadDocument, EncoderError, ManifestMismatch, StoreError, StoreRefused
from indexer.sink import IndexReport, Sink
from server.pushing.spool import Row, Spool, State

logger = logging.getLogger(__name__)
BATCH = 64


def drain(spool: Spool, sink: Sink, is_enough: Callable[[], bool] = lambda: False) -> int:
    """Take everything that waits into the index, or until ``is_enough``; returns how many documents that were.

    While another does it: none. Raises StoreError, EncoderError; what was not done then waits on.
    """
    if not spool.waiting():
        return 0
    done = 0
    with _alone(spool.lock_path) as is_alone:
        while is_alone and not is_enough() and (rows := spool.todo(BATCH)):
            spool.done(rows, _indexed(rows, sink))
            done += len(rows)
    return done


class AlsoPushed:
    """A sink that takes along what was pushed: the one who writes for long keeps others from writing."""

    def __init__(self, sink: Sink, spool: Spool) -> None:
        self._sink = sink
        self._spool = spool

    def index(self, documents: Iterable[Document]) -> IndexReport:
        """Index these documents, then those that wait."""
        report = self._sink.index(documents)
        try:
            drain(self._spool, self._sink)
        except (StoreError, EncoderError) as error:
            logger.warning("what was pushed waits: %s", error)
        return report

    def delete(self, doc_ids: Sequence[str]) -> int:
        """As the sink does."""
        return self._sink.delete(doc_ids)


def _indexed(rows: Sequence[Row], sink: Sink) -> dict[str, str]:
    """Do what the rows ask for; returns why documents could not be indexed, by their ids."""
    failed: dict[str, str] = {}
    if leaving := [row.doc_id for row in rows if row.state is State.LEAVING]:
        sink.delete(leaving)
    documents = []
    for row in rows:
        if row.state is State.WAITING:
            try:
                documents.append(row.read())
            except BadDocument as error:
                failed[row.doc_id] = error.what
    if documents:
        _index(documents, sink, failed)
    return failed


def _index(documents: Sequence[Document], sink: Sink, failed: dict[str, str]) -> None:
    try:
        report = sink.index(documents)
    except ManifestMismatch:
        raise
    except StoreRefused as error:
        # Each by itself, so that one which no store takes keeps no other waiting.
        if len(documents) > 1:
            for one in documents:
                _index([one], sink, failed)
        else:
            failed[documents[0].head.doc_id] = error.what
        return
    failed.update({one.head.doc_id: report.failed[one.head.url] for one in documents if one.head.url in report.failed})


@contextmanager
def _alone(path: Path) -> Iterator[bool]:
    """Whether we hold the lock while the block runs; the system frees it when a process ends, however it ends."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
