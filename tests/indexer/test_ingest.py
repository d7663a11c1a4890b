"""The flow of crawl events into an index: what is stored, what is removed, and when it is acknowledged."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.outcome import Reason
from crawler.page import Gone, Page, Section, place_sections
from indexer.config import IndexConfig
from indexer.document import Document, doc_id_of
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.errors import StoreUnavailable
from indexer.index import Indexer
from indexer.ingest import BATCH_SHARE, FIRST_BATCH, Event, ingest
from indexer.sink import IndexReport


def page(name: str, text: str = "fox", **changes: Any) -> Page:
    url = f"https://example.com/{name}"
    made = Page(url, 200, datetime(2025, 1, 1, tzinfo=UTC), name, place_sections([Section(text)]), "hash")
    return replace(made, **changes)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path / "index", writable=True)
    yield opened
    opened.close()


@pytest.fixture
def indexer(store: EmbeddedStore) -> Indexer:
    return Indexer(store, HashingEncoder(32))


def stored(store: EmbeddedStore) -> list[str]:
    return sorted(head.title for head in store.scan())


def test_pages_are_stored_and_acknowledged_batch_by_batch(store: EmbeddedStore, indexer: Indexer) -> None:
    acknowledged: list[int] = []
    progress: list[int] = []

    def acknowledge(events: Sequence[Event]) -> None:
        acknowledged.append(len(events))
        assert store.count().documents == sum(acknowledged)

    pages = (page(str(i)) for i in range(5))
    report = ingest(
        pages,
        indexer,
        acknowledge,
        config=IndexConfig(batch_documents=2),
        on_progress=lambda r: progress.append(r.indexed),
    )
    assert report.indexed == 5
    assert acknowledged == [2, 2, 1]
    assert progress == [2, 4, 5]


def test_of_a_crawl_that_dies_early_little_is_not_stored(indexer: Indexer) -> None:
    acknowledged: list[Event] = []

    def dies_after(count: int) -> Iterator[Event]:
        yield from (page(f"{count}-{i}") for i in range(count))
        raise StoreUnavailable("killed")

    for count in (5, 49, 200):
        acknowledged.clear()
        with pytest.raises(StoreUnavailable):
            ingest(dies_after(count), indexer, acknowledged.extend)
        assert count - len(acknowledged) < max(FIRST_BATCH, count // BATCH_SHARE)


def test_a_long_crawl_stores_full_batches(indexer: Indexer) -> None:
    batches: list[int] = []
    ingest((page(str(i)) for i in range(400)), indexer, lambda events: batches.append(len(events)))
    assert max(batches) == IndexConfig().batch_documents
    assert batches.index(max(batches)) < 30


def test_gone_and_unindexable_pages_are_removed(store: EmbeddedStore, indexer: Indexer) -> None:
    ingest([page("a"), page("b"), page("c")], indexer, lambda events: None)
    missing = [Gone(url, Reason.of_status(404)) for url in ("https://example.com/a", "https://x.org/")]
    events: list[Event] = [missing[0], page("b", is_indexable=False), missing[1]]
    acknowledged: list[Event] = []
    report = ingest(events, indexer, acknowledged.extend)
    assert report.deleted == 2
    assert stored(store) == ["c"]
    assert acknowledged == events


def test_the_last_event_of_a_page_in_a_batch_counts(store: EmbeddedStore, indexer: Indexer) -> None:
    gone = Gone("https://example.com/a", Reason.of_status(410))
    ingest([page("a"), gone, gone, page("b"), page("b", "newer")], indexer, lambda events: None)
    assert stored(store) == ["b"]
    assert [p.text for p in store.passages(doc_id_of("https://example.com/b"))] == ["newer"]
    ingest([Gone("https://example.com/b", Reason.of_status(410)), page("b", "back")], indexer, lambda events: None)
    assert stored(store) == ["b"]


def test_source_and_access_are_those_of_the_crawl(store: EmbeddedStore, indexer: Indexer) -> None:
    ingest([page("a")], indexer, lambda events: None, source="handbook", access=("staff",))
    (head,) = store.scan()
    assert (head.source, head.access) == ("handbook", ("staff",))


def test_what_was_not_stored_is_not_acknowledged(indexer: Indexer) -> None:
    class FailingSink:
        calls = 0

        def index(self, documents: Iterable[Document]) -> IndexReport:
            self.calls += 1
            if self.calls > 1:
                raise StoreUnavailable("The store is away")
            return indexer.index(documents)

        def delete(self, doc_ids: Sequence[str]) -> int:
            return indexer.delete(doc_ids)

    acknowledged: list[Event] = []
    pages = [page(str(i)) for i in range(4)]
    with pytest.raises(StoreUnavailable):
        ingest(pages, FailingSink(), acknowledged.extend, config=IndexConfig(batch_documents=2))
    assert acknowledged == pages[:2]


def test_a_slow_crawl_does_not_hold_its_pages_back(indexer: Indexer) -> None:
    acknowledged: list[int] = []
    config = IndexConfig(batch_documents=100, batch_wait_s=0.0)
    ingest([page("a"), page("b")], indexer, lambda events: acknowledged.append(len(events)), config=config)
    assert acknowledged == [1, 1]


def test_no_events_are_nothing_to_do(indexer: Indexer) -> None:
    assert ingest([], indexer, lambda events: None) == IndexReport()
