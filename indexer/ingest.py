"""The flow of a crawl into an index: events -> documents -> batches -> sink -> acknowledge.

The crawl runs ahead in a thread of its own (see ``crawler.bridge``), so fetching and encoding overlap.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from crawler.page import Gone, Page
from indexer.config import IndexConfig
from indexer.convert import document_from_page
from indexer.document import Document, doc_id_of
from indexer.sink import IndexReport, Sink

Event = Page | Gone

FIRST_BATCH, BATCH_SHARE = 4, 4
"""A batch holds a quarter of the documents stored so far, but so many at least and ``batch_documents`` at most: of a
crawl that is killed little is to be fetched again, and a long one stores full batches."""


def ingest(
    events: Iterable[Event],
    sink: Sink,
    acknowledge: Callable[[Sequence[Event]], object],
    *,
    config: IndexConfig = IndexConfig(),
    source: str = "web",
    access: Sequence[str] = (),
    on_progress: Callable[[IndexReport], None] | None = None,
) -> IndexReport:
    """Index every page and remove what is gone or must not be indexed; returns the sum of all batches.

    A batch is acknowledged only after the sink has taken it: what a crash leaves unacknowledged is crawled again.
    Pages that were set aside as bad are acknowledged too, and stand in the report.
    """
    report = IndexReport()
    waiting: list[Event] = []
    first_s = 0.0
    wanted, stored = min(FIRST_BATCH, config.batch_documents), 0
    for event in events:
        if not waiting:
            first_s = time.monotonic()
        waiting.append(event)
        if len(waiting) >= wanted or time.monotonic() - first_s > config.batch_wait_s:
            report += _flush(waiting, sink, acknowledge, source, access)
            stored += len(waiting)
            wanted = min(max(FIRST_BATCH, stored // BATCH_SHARE), config.batch_documents)
            waiting = []
            if on_progress is not None:
                on_progress(report)
    if waiting:
        report += _flush(waiting, sink, acknowledge, source, access)
        if on_progress is not None:
            on_progress(report)
    return report


def _flush(
    events: Sequence[Event],
    sink: Sink,
    acknowledge: Callable[[Sequence[Event]], object],
    source: str,
    access: Sequence[str],
) -> IndexReport:
    todo: dict[str, Document | None] = {}
    for event in events:
        doc_id, document = _todo(event, source, access)
        todo[doc_id] = document
    gone = [doc_id for doc_id, document in todo.items() if document is None]
    deleted = sink.delete(gone) if gone else 0
    report = sink.index([document for document in todo.values() if document is not None])
    acknowledge(events)
    return replace(report, deleted=report.deleted + deleted)


def _todo(event: Event, source: str, access: Sequence[str]) -> tuple[str, Document | None]:
    """The document's id, and the document if it is to be stored, None if it is to be removed.

    A page that must not be indexed is removed under its own URL: the page that its canonical link names is another.
    """
    if isinstance(event, Gone) or not event.is_indexable:
        return doc_id_of(event.url), None
    document = document_from_page(event, source, access)
    return document.head.doc_id, document
