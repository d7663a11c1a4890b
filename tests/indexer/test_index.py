"""The flow from documents into a store, on the embedded store and the hashing encoder."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from crawler.page import Section, place_sections
from indexer.config import IndexConfig
from indexer.document import Document, EncodedDocument, Head, Vectors, doc_id_of
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.errors import EncoderError, ManifestMismatch, StoreRefused
from indexer.index import Indexer, manifest_of
from indexer.sink import IndexReport
from indexer.store import StoreCount


def document(key: str, *sections: str, version: str = "1", title: str = "Title") -> Document:
    url = f"https://example.com/{key}"
    head = Head(doc_id_of(url), url, title, f"{key}-{version}", site="example.com", path=f"/{key}")
    return Document(head, place_sections(Section(text, (f"H{i}",)) for i, text in enumerate(sections)))


class CountingEncoder(HashingEncoder):
    """A hashing encoder that notes what it was asked for and refuses texts with a certain word."""

    def __init__(self) -> None:
        super().__init__(32)
        self.calls: list[list[str]] = []
        self.refused = "unspeakable"

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.calls.append(list(texts))
        if any(self.refused in text for text in texts):
            raise EncoderError("The text cannot be encoded")
        return super().encode_passages(texts)


class PickyStore(EmbeddedStore):
    """An embedded store that refuses documents with a certain word, as a cluster's mapping may."""

    def replace(self, batch: Sequence[EncodedDocument]) -> None:
        if any("refusable" in p.text for d in batch for p in d.passages):
            raise StoreRefused("The mapping does not allow it")
        super().replace(batch)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = PickyStore(tmp_path / "index", writable=True)
    yield opened
    opened.close()


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def indexer(store: EmbeddedStore, encoder: CountingEncoder) -> Indexer:
    return Indexer(store, encoder)


def test_documents_become_findable_with_one_encoder_call_per_batch(
    store: EmbeddedStore, encoder: CountingEncoder
) -> None:
    indexer = Indexer(store, encoder, IndexConfig(batch_documents=2))
    progress: list[IndexReport] = []
    report = indexer.index((document(str(i), f"fox number {i}", "dog") for i in range(5)), progress.append)
    assert (report.indexed, report.passages, report.failed) == (5, 10, {})
    assert len(encoder.calls) == 3
    assert [r.indexed for r in progress] == [2, 4, 5]
    assert store.count() == StoreCount(5, 10)
    assert store.candidates("number 3", None, 1).lexical[0].passage.text == "fox number 3"


def test_unchanged_documents_are_neither_split_nor_encoded(indexer: Indexer, encoder: CountingEncoder) -> None:
    indexer.index([document("a", "fox"), document("b", "dog")])
    encoder.calls.clear()
    report = indexer.index([document("a", "fox"), document("b", "dog")])
    assert (report.indexed, report.unchanged, report.encoded) == (0, 2, 0)
    assert encoder.calls == []


def test_only_changed_passages_of_a_changed_document_are_encoded(
    store: EmbeddedStore, indexer: Indexer, encoder: CountingEncoder
) -> None:
    indexer.index([document("a", "fox", "dog", "cat")])
    encoder.calls.clear()
    report = indexer.index([document("a", "fox", "wolf", version="2")])
    assert encoder.calls == [["Title\nH1\nwolf"]]
    assert (report.indexed, report.passages, report.encoded) == (1, 2, 1)
    assert [p.text for p in store.passages(document("a").head.doc_id)] == ["fox", "wolf"]
    for text in ("fox", "wolf"):
        vector = encoder.encode_queries([f"Title\nH{text == 'wolf':d}\n{text}"])[0]
        best = store.candidates("", vector, 1).dense[0]
        assert best.passage.text == text
        assert best.score == pytest.approx(1.0, abs=1e-3)


def test_equal_texts_in_a_batch_are_encoded_once(indexer: Indexer, encoder: CountingEncoder) -> None:
    indexer.index([document("a", "same"), document("b", "same")])
    assert encoder.calls == [["Title\nH0\nsame"]]


def test_a_document_without_text_is_stored_without_passages(
    store: EmbeddedStore, indexer: Indexer, encoder: CountingEncoder
) -> None:
    report = indexer.index([document("a")])
    assert (report.indexed, report.passages, report.failed) == (1, 0, {})
    assert encoder.calls == []
    assert store.count() == StoreCount(1, 0)
    assert indexer.index([document("a")]).unchanged == 1


def test_a_document_that_cannot_be_encoded_is_set_aside_and_the_rest_is_stored(
    store: EmbeddedStore, indexer: Indexer
) -> None:
    report = indexer.index([document("a", "fox"), document("bad", "unspeakable"), document("b", "dog")])
    assert report.failed == {"https://example.com/bad": "The text cannot be encoded"}
    assert report.indexed == 2
    assert store.count() == StoreCount(2, 2)


def test_a_document_that_the_store_refuses_is_set_aside_and_the_rest_is_stored(
    store: EmbeddedStore, indexer: Indexer
) -> None:
    report = indexer.index([document("a", "fox"), document("bad", "refusable"), document("b", "dog")])
    assert report.failed == {"https://example.com/bad": "The mapping does not allow it"}
    assert (report.indexed, report.passages) == (2, 2)
    assert store.count() == StoreCount(2, 2)


def test_a_malformed_document_is_set_aside(store: EmbeddedStore, indexer: Indexer) -> None:
    good, bad = document("a", "fox"), document("bad", "x")
    broken = Document(bad.head, (Section(None),))  # type: ignore[arg-type]  # what a broken importer might hand over
    report = indexer.index([good, broken])
    assert list(report.failed) == [bad.head.url]
    assert store.count() == StoreCount(1, 1)


def test_an_encoder_that_fails_for_every_document_is_an_error(store: EmbeddedStore, indexer: Indexer) -> None:
    with pytest.raises(EncoderError):
        indexer.index([document("a", "unspeakable"), document("b", "unspeakable too")])
    assert store.count() == StoreCount(0, 0)


def test_of_two_versions_in_a_batch_the_later_is_stored(store: EmbeddedStore, indexer: Indexer) -> None:
    indexer.index([document("a", "early"), document("a", "late", version="2")])
    assert [p.text for p in store.passages(document("a").head.doc_id)] == ["late"]


def test_lone_surrogates_do_not_hinder_a_document(store: EmbeddedStore, indexer: Indexer) -> None:
    assert indexer.index([document("a", "fox \ud800 dog", title="t\udfff")]).indexed == 1
    (passage,) = store.passages(document("a").head.doc_id)
    assert passage.text == "fox \ufffd dog"


def test_an_index_made_with_another_encoder_or_passage_size_is_refused(
    store: EmbeddedStore, encoder: CountingEncoder
) -> None:
    Indexer(store, encoder).index([document("a", "fox")])
    with pytest.raises(ManifestMismatch, match="encoder"):
        Indexer(store, HashingEncoder(16)).index([document("b", "dog")])
    with pytest.raises(ManifestMismatch, match="splitter"):
        Indexer(store, encoder, IndexConfig(passage_tokens=50)).check()
    assert store.manifest() == manifest_of(encoder)


def test_deleting_returns_how_many_were_there(indexer: Indexer) -> None:
    indexer.index([document("a", "fox")])
    assert indexer.delete([document("a").head.doc_id, document("b").head.doc_id]) == 1
    assert indexer.delete([]) == 0


def test_reports_add_up() -> None:
    one = IndexReport(1, 2, 3, 4, 5, 6, {"a": "x"})
    assert one + IndexReport(1, 1, 1, 1, 1, 1, {"b": "y"}) == IndexReport(2, 3, 4, 5, 6, 7, {"a": "x", "b": "y"})
