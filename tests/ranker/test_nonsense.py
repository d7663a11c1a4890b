"""A query that means nothing to the index finds nothing, while one that shares no word but the meaning does."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from crawler.page import Section, place_sections
from indexer.document import Document, Head, doc_id_of
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.bundled import BundledEncoder
from indexer.index import Indexer
from indexer.store import Store
from ranker.config import RankConfig
from ranker.fusion.background import UNRELATED
from ranker.query import Mode, Query
from ranker.rank import NOTHING_RELATED, Ranker
from ranker.scorers.overlap import OverlapScorer

ENCODER = BundledEncoder()
NONSENSE = ("qwzx blorf", "blargh", "fnord grblk snorp", "xyzzy plugh", "zzyzx vrompt")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    documents = [
        Document(
            Head(doc_id_of(str(i)), f"https://example.com/{i}", "", str(i), language="en"),
            place_sections([Section(text)]),
        )
        for i, text in enumerate(UNRELATED)
    ]
    with closing(EmbeddedStore(tmp_path_factory.mktemp("nonsense") / "index", writable=True)) as opened:
        assert Indexer(opened, ENCODER).index(documents).indexed == len(UNRELATED)
        yield opened


@pytest.mark.parametrize("mode", ["hybrid", "rerank"])
@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_finds_nothing_and_is_told_why(store: Store, text: str, mode: Mode) -> None:
    found = Ranker(store, ENCODER, OverlapScorer()).search(Query(text, mode=mode))
    assert (found.hits, found.total) == ((), 0)
    assert found.degraded == (NOTHING_RELATED,) and not NOTHING_RELATED.part.is_failure


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("kid literacy", "Children learn to read"), ("astronomer's discovery", "The moons of Jupiter")],
)
def test_meaning_alone_is_enough(store: Store, text: str, wanted: str) -> None:
    assert not Ranker(store, ENCODER).search(Query(text, mode="lexical")).hits
    found = Ranker(store, ENCODER).search(Query(text))
    assert found.hits[0].passage.text.startswith(wanted)
    assert not found.degraded


def test_one_known_word_is_enough(store: Store) -> None:
    found = Ranker(store, ENCODER).search(Query("qwzx blorf violin"))
    assert "violin" in found.hits[0].passage.text
    assert not found.degraded


def test_one_who_asks_for_the_nearest_gets_it(store: Store) -> None:
    assert Ranker(store, ENCODER).search(Query("qwzx blorf", mode="dense")).hits
    assert Ranker(store, ENCODER, config=RankConfig(min_deviations=0)).search(Query("qwzx blorf")).hits
