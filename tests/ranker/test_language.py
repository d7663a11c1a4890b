"""Passages in a language that the encoder or the scorer does not know: words only, and the search says so."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from crawler.page import Section, place_sections
from indexer.document import Document, Head, doc_id_of
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from indexer.store import Store
from ranker.degradation import Degradation, Part
from ranker.query import Query
from ranker.rank import Ranker
from ranker.scorers.overlap import OverlapScorer

GERMAN = ["Der Hafen schläft", "Im Hafen liegt ein Boot", "Ein Hafen für alle", "Hafen und Leuchtturm"]
ENGLISH = ["The harbour sleeps", "A boat lies in the harbour", "A harbour for all", "Der Hafen, a German word"]


class EnglishEncoder(HashingEncoder):
    languages = frozenset({"en"})  # type: ignore[assignment]  # the hashing one knows all


class EnglishScorer(OverlapScorer):
    languages = frozenset({"en"})  # type: ignore[assignment]  # the counting one knows all


def document(text: str, language: str | None) -> Document:
    head = Head(doc_id=doc_id_of(text), url=f"https://a.test/{text}", title=text, content_hash=text, language=language)
    return Document(head, place_sections([Section(text, (), "")]))


def fill(folder: Path, languages: Sequence[tuple[list[str], str | None]]) -> Store:
    store = EmbeddedStore(folder / "index", writable=True)
    report = Indexer(store, HashingEncoder()).index(document(t, code) for texts, code in languages for t in texts)
    assert report.indexed == sum(len(texts) for texts, _ in languages)
    return store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(fill(tmp_path, [(GERMAN, "de-AT"), (ENGLISH, "en")])) as found:
        yield found


def test_both_are_left_out_and_named(store: Store) -> None:
    results = Ranker(store, EnglishEncoder(), EnglishScorer()).search(Query("Hafen"))
    assert results.degraded == (
        Degradation(Part.LANGUAGE, "hashing-256 does not know de, words only"),
        Degradation(Part.LANGUAGE, "overlap does not know de, not reranked"),
    )
    assert len(results.hits) == 5
    assert all(hit.evidence.dense_rank is None and hit.evidence.rerank_score is None for hit in results.hits)


def test_one_that_knows_the_language_goes_on(store: Store) -> None:
    reranked = Ranker(store, EnglishEncoder(), OverlapScorer()).search(Query("Hafen"))
    assert reranked.degraded == (Degradation(Part.LANGUAGE, "hashing-256 does not know de, words only"),)
    assert all(hit.evidence.rerank_score is not None for hit in reranked.hits)
    dense = Ranker(store, HashingEncoder(), EnglishScorer()).search(Query("Hafen"))
    assert dense.degraded == (Degradation(Part.LANGUAGE, "overlap does not know de, not reranked"),)
    assert any(hit.evidence.dense_rank is not None for hit in dense.hits)


def test_known_and_unlabelled_languages_change_nothing(store: Store, tmp_path: Path) -> None:
    assert Ranker(store, EnglishEncoder(), EnglishScorer()).search(Query("harbour")).degraded == ()
    with closing(fill(tmp_path / "other", [(GERMAN, None)])) as unlabelled:
        assert Ranker(unlabelled, EnglishEncoder(), EnglishScorer()).search(Query("Hafen")).degraded == ()


def test_by_meaning_alone_is_what_was_asked_for(store: Store) -> None:
    results = Ranker(store, EnglishEncoder(), EnglishScorer()).search(Query("Hafen", mode="dense"))
    assert results.degraded == () and results.hits[0].evidence.dense_rank == 1
