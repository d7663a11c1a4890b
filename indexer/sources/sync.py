"""The flow of a source into an index: what changed is indexed, what is gone is removed, a mark is kept at the end.

A sync that was killed is begun again from the old mark: what was stored meanwhile is unchanged and costs no encoding.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from indexer.document import Document
from indexer.sink import IndexReport, Sink
from indexer.sources.memory import SourceMemory
from indexer.sources.source import BadRecord, Source

logger = logging.getLogger(__name__)

ALWAYS_REMOVED = 10
"""Losing so many records is never suspicious: in a small table one deleted row is a large share."""
BATCH = 500
MAX_BATCH_CHARS = 10_000_000
"""Fewer make a batch where their texts are that long: 500 of a million characters each would be no small memory."""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """``index`` is what became of the documents. ``read`` were read, ``bad`` (key -> why) could not be documents.

    ``held_back`` documents are gone from the source and were kept, since they were too many at once.
    """

    index: IndexReport = IndexReport()
    read: int = 0
    held_back: int = 0
    bad: dict[str, str] = field(default_factory=dict)


def sync(
    source: Source,
    sink: Sink,
    memory: SourceMemory,
    *,
    max_purge_share: float,
    agrees_to_losses: bool = False,
    is_full: bool = False,
    on_progress: Callable[[SyncReport], None] | None = None,
) -> SyncReport:
    """Bring the index to what the source holds now. ``is_full`` reads all records whatever the mark says.

    Raises SourceError, StoreError, EncoderError; what was stored before stays.
    """
    report = SyncReport()
    with source.reading() as reading:
        since = None if is_full else memory.mark(source.name, source.settings)
        memory.begin()
        for batch in _batches(reading.records(since), memory, report.bad):
            report = replace(report, index=report.index + sink.index(batch.documents), read=report.read + batch.read)
            memory.keep(source.name, (document.head.doc_id for document in batch.documents))
            if on_progress is not None:
                on_progress(report)
        gone = memory.gone(source.name, reading.doc_ids())
        lost = len(gone)
        if not agrees_to_losses and lost > max(ALWAYS_REMOVED, max_purge_share * memory.count(source.name)):
            logger.warning(
                "%d records of %s are gone, more than max_purge_share allows: none is removed", lost, source.name
            )
            report = replace(report, held_back=lost)
        else:
            for doc_ids in gone.batches(BATCH):
                deleted = sink.delete(doc_ids)
                memory.drop(source.name, doc_ids)
                report = replace(report, index=report.index + IndexReport(deleted=deleted))
        memory.set_mark(source.name, source.settings, reading.mark)
    return report


@dataclass(frozen=True, slots=True)
class _Batch:
    documents: list[Document]
    read: int


def _batches(records: Iterator[Document | BadRecord], memory: SourceMemory, bad: dict[str, str]) -> Iterator[_Batch]:
    """Documents in batches; bad records are noted, and so is what has the key of another record.

    The first record of a key is taken. One that comes twice and says the same is no mistake: a store that is written
    while it is listed may give it so.
    """
    while found := list(_next(records)):
        documents: dict[str, Document] = {}
        for record in found:
            if isinstance(record, BadRecord):
                bad[record.key] = record.why
                continue
            before = memory.came(record.head.doc_id, record.head.content_hash)
            if before is None:
                documents[record.head.doc_id] = record
            elif before != record.head.content_hash:
                bad[record.head.url] = "has a key that another record has, too"
        yield _Batch(list(documents.values()), len(found))


def _next(records: Iterator[Document | BadRecord]) -> Iterator[Document | BadRecord]:
    chars = 0
    for record in islice(records, BATCH):
        yield record
        chars += sum(len(section.text) for section in record.sections) if isinstance(record, Document) else 0
        if chars > MAX_BATCH_CHARS:
            return
