"""British and American spellings find each other; words that only look alike do not."""

from contextlib import closing
from pathlib import Path

import pytest

from crawler.page import Section, place_sections
from indexer.document import Document, Head, doc_id_of
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from ranker.query import Query
from ranker.rank import Ranker
from ranker.understanding.variants import variants


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("colour", "color"),
        ("neighbourhoods", "neighborhoods"),
        ("customised", "customized"),
        ("organisation", "organization"),
        ("analyse", "analyze"),
        ("centre", "center"),
        ("catalogues", "catalogs"),
        ("travelling", "traveling"),
        ("labelled", "labeled"),
        ("licence", "license"),
    ],
)
def test_each_spelling_has_the_other(one: str, other: str) -> None:
    assert list(variants(one)) == [other]
    assert list(variants(other)) == [one]


@pytest.mark.parametrize("word", ["four", "for", "filled", "filed", "size", "prize", "wise", "doctor", "hour", "seize"])
def test_words_that_only_look_so_have_none(word: str) -> None:
    assert list(variants(word)) == []


def test_a_search_finds_both_spellings(tmp_path: Path) -> None:
    texts = {"british": "Customised paint in every colour.", "american": "Customized paint of one color."}
    with closing(EmbeddedStore(tmp_path / "index", writable=True)) as store:
        Indexer(store, HashingEncoder()).index(
            Document(Head(doc_id_of(key), f"https://a.example/{key}", key, text), place_sections([Section(text)]))
            for key, text in texts.items()
        )
        for query, first in (("colour", "british"), ("color", "american"), ("customised", "british")):
            results = Ranker(store, HashingEncoder()).search(Query(query, mode="lexical"))
            assert [hit.passage.head.title for hit in results.hits] == [first, *(texts.keys() - {first})]
            assert results.correction is None
