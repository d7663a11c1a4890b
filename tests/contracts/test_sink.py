"""Both ways of documents into an index keep the same promises: straight, and over a real broker to a worker."""

import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol

import pytest

from crawler.block import Block, BlockKind
from crawler.errors import RecollectError
from crawler.page import Section, place_sections
from indexer.document import Document, Head, Passage, doc_id_of
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from indexer.queue.config import TaskConfig
from indexer.queue.quarantine import Quarantine
from indexer.queue.tasks import QueuedIndexer, make_app
from indexer.sink import IndexReport, Sink
from indexer.store import Filters
from tests.support.broker import BROKERS
from tests.support.until import until
from tests.support.working import working

BLOCKS = (
    Block(BlockKind.HEADING, 0, 0, level=2),
    Block(BlockKind.LIST_ITEM, 0, 5, group=1, number=3),
    Block(BlockKind.TABLE_ROW, 6, 13, group=2, columns=("A", "B"), row_header="r", caption="Cap"),
    Block(BlockKind.CODE, 14, 18, language="sh"),
    Block(BlockKind.DEFINITION, 19, 23, group=3, term="word"),
)

STAFF = Filters(groups=("staff",))
Stored = list[tuple[Head, list[Passage]]]


class Way(Protocol):
    """A way into an index, and what others find at its end."""

    knows_deleted: bool
    """Whether ``delete`` can say how many documents were there."""

    @property
    def sink(self) -> Sink:
        """What the promises are asked of."""

    @property
    def useless(self) -> Sink:
        """A sink of the same kind whose work nobody can do."""

    def leave(self) -> None:
        """Do the work that was left to others, once those who handed it over are gone."""

    def set_aside(self) -> dict[str, str]:
        """URL -> reason of what workers have set aside, where there are any."""

    def close(self) -> None:
        """Let go of all that is open."""


class Straight:
    knows_deleted = True

    def __init__(self, index: Path) -> None:
        self._store = EmbeddedStore(index, writable=True)
        self.sink = Indexer(self._store, HashingEncoder(32))
        self.sink.check()
        self.useless = Indexer(self._store, HashingEncoder(16))

    def leave(self) -> None:
        """Nothing is left to others."""

    def set_aside(self) -> dict[str, str]:
        return {}

    def close(self) -> None:
        self._store.close()


class OverBroker:
    knows_deleted = False

    def __init__(self, index: Path, url: str) -> None:
        name = uuid.uuid4().hex
        self._index, self._url = index, url
        self._config = TaskConfig(f"index-{name}", f"dead-{name}", batch_documents=2)
        self.sink = self._sink()
        self.useless = QueuedIndexer(make_app("redis://127.0.0.1:9/0"))

    def leave(self) -> None:
        self.sink.close()
        self.sink = self._sink()
        with closing(EmbeddedStore(self._index, writable=True)) as store:
            indexer = Indexer(store, HashingEncoder(32))
            while self.sink.waiting():
                with working(self._url, self._config, indexer):
                    until(lambda: not self.sink.waiting())

    def set_aside(self) -> dict[str, str]:
        app = make_app(self._url, config=self._config)
        with closing(app):
            return {record["head"]["url"]: reason for record, reason in Quarantine(app, self._config).take_all()}

    def close(self) -> None:
        self.sink.close()
        self.useless.close()

    def _sink(self) -> QueuedIndexer:
        return QueuedIndexer(make_app(self._url, config=self._config), self._config)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture(params=["straight", *BROKERS])
def way(request: pytest.FixtureRequest, index: Path) -> Iterator[Way]:
    if request.param == "straight":
        made: Way = Straight(index)
    else:
        made = OverBroker(index, request.getfixturevalue(f"{request.param}_url"))
    yield made
    made.close()


def document(key: str, *texts: str, version: str = "1") -> Document:
    url = f"https://example.com/{key}"
    head = Head(doc_id_of(url), url, key, f"{key}-{version}", site="example.com", path=f"/{key}")
    return Document(head, place_sections(Section(text, (f"Part {i}",)) for i, text in enumerate(texts)))


def doc_id(key: str) -> str:
    return document(key).head.doc_id


def stored(index: Path) -> Stored:
    """What another process would read now."""
    with closing(EmbeddedStore(index)) as store:
        heads = sorted(store.scan(), key=lambda head: head.title) if store.manifest() else []
        return [(head, list(store.passages(head.doc_id, STAFF))) for head in heads]


def texts(index: Path) -> dict[str, list[str]]:
    return {head.title: [passage.text for passage in passages] for head, passages in stored(index)}


def test_what_a_call_took_is_kept_when_the_one_who_called_is_gone(way: Way, index: Path) -> None:
    way.sink.index(document(key, f"Text of {key}") for key in "abcde")
    way.leave()
    assert texts(index) == {key: [f"Text of {key}"] for key in "abcde"}


def test_a_later_version_takes_the_place_of_the_one_before(way: Way, index: Path) -> None:
    way.sink.index([document("a", "One", "Two"), document("b", "Other")])
    way.leave()
    way.sink.index([document("a", "Three", version="2")])
    way.leave()
    assert texts(index) == {"a": ["Three"], "b": ["Other"]}


def test_the_same_work_done_twice_leaves_the_same_index(way: Way, index: Path) -> None:
    documents = [document(key, f"Text of {key}", "More") for key in "abc"]
    found = []
    for _ in range(2):
        way.sink.index(documents)
        way.leave()
        way.sink.delete([doc_id("b")])
        way.leave()
        found.append(stored(index))
    assert found[0] == found[1]
    assert texts(index) == {"a": ["Text of a", "More"], "c": ["Text of c", "More"]}


def test_deleting_says_how_many_were_there_as_far_as_that_is_known(way: Way, index: Path) -> None:
    way.sink.index([document("a", "One"), document("b", "Two")])
    way.leave()
    assert way.sink.delete([doc_id("a"), doc_id("unknown")]) == (1 if way.knows_deleted else 0)
    way.leave()
    assert list(texts(index)) == ["b"]


def test_nothing_to_do_is_no_work(way: Way, index: Path) -> None:
    assert way.sink.index([]) == IndexReport()
    assert way.sink.delete([]) == 0
    way.leave()
    assert stored(index) == []


def test_a_report_accounts_for_every_document(way: Way) -> None:
    way.sink.index([document("a", "One")])
    report = way.sink.index(document(key, "One") for key in "abcde")
    assert report.indexed + report.unchanged + report.queued == 5
    assert not report.failed


def test_one_bad_document_is_set_aside_and_the_others_are_stored(way: Way, index: Path) -> None:
    bad = Document(document("bad").head, (Section(None),))  # type: ignore[arg-type]  # as a broken importer makes it
    report = way.sink.index([document("a", "One"), bad, document("b", "Two")])
    way.leave()
    assert list({**report.failed, **way.set_aside()}) == [bad.head.url]
    assert texts(index) == {"a": ["One"], "b": ["Two"]}


def test_an_error_that_concerns_all_of_them_is_raised(way: Way, index: Path) -> None:
    with pytest.raises(RecollectError):
        way.useless.index([document("a", "One"), document("b", "Two")])
    way.leave()
    assert stored(index) == []


def test_all_that_a_document_says_arrives(way: Way, index: Path) -> None:
    head = Head(
        doc_id("a"), "https://example.com/a", "a", "1", language="de", metadata={"author": "Ä"}, access=("staff",)
    )
    section = Section("Third\nx | y z\nmake\nsays", ("Top", "Inner"), "inner", page_number=2, blocks=BLOCKS)
    way.sink.index([Document(head, place_sections([section]))])
    way.leave()
    ((stored_head, (passage,)),) = stored(index)
    assert stored_head == head == passage.head
    assert (passage.text, passage.heading_path, passage.anchor) == (section.text, ("Top", "Inner"), "inner")
    assert (passage.page_number, passage.blocks) == (2, BLOCKS)
