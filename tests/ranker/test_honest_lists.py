"""Totals, facets, pages and sorts speak of the same documents, whatever is indexed and asked, on both stores."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.page import Section, place_sections
from indexer.document import Document, Head, doc_id_of
from indexer.elasticsearch.config import ElasticsearchConfig
from indexer.elasticsearch.store import ElasticsearchStore
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from indexer.store import Filters, Sort, Store
from ranker.config import RankConfig
from ranker.query import Mode, Query
from ranker.rank import Ranker
from ranker.scorers.overlap import OverlapScorer

WORDS = ("ferry", "harbour", "ticket", "island", "lighthouse", "timetable", "pier", "captain")
FACETS = ("site", "path", "language")
ENCODER = HashingEncoder()

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)
corpora = st.lists(st.lists(texts, min_size=1, max_size=3), min_size=1, max_size=14)


def document(number: int, sections: list[str], *, is_copy: bool = False) -> Document:
    """A copy says the same at another address."""
    url = f"https://{'ab'[number % 2]}.example/{('', 'one/', 'two/')[number % 3]}{number}{'-copy' if is_copy else ''}"
    head = Head(
        doc_id=doc_id_of(url),
        url=url,
        title=f"Page {number}",
        content_hash=" ".join(sections),
        site=url.split("/")[2],
        path="/" + url.split("/", 3)[3],
        language="en" if number % 4 else "de",
        modified_at=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=number % 5) if number % 7 else None,
    )
    return Document(head, place_sections([Section(text, (head.title, f"Part {i}")) for i, text in enumerate(sections)]))


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with closing(EmbeddedStore(tmp_path_factory.mktemp("honest") / "index", writable=True)) as store:
        yield store


@pytest.fixture(scope="module")
def elasticsearch(elasticsearch_url: str) -> Iterator[Store]:
    name = f"honest-{uuid4().hex[:8]}"
    with closing(ElasticsearchStore(ElasticsearchConfig(hosts=(elasticsearch_url,), index=name))) as store:
        try:
            yield store
        finally:
            httpx.delete(f"{elasticsearch_url}/{name}-*")


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def store(request: pytest.FixtureRequest) -> Store:
    found: Store = request.getfixturevalue(request.param)
    return found


def every_page(ranker: Ranker, text: str, mode: Mode, sort: Sort, filters: Filters = Filters()) -> list[str]:
    """The ids on all pages; each page says how many there are, and facets count no other number."""
    ids: list[str] = []
    while True:
        page = len(ids) // 3 + 1
        results = ranker.search(Query(text, page, 3, filters, sort, FACETS, mode))
        assert sum(count for _, count in results.facets["site"]) == results.total
        assert sum(count for _, count in results.facets["language"]) == results.total
        ids += [hit.passage.head.doc_id for hit in results.hits]
        if len(results.hits) < 3:
            assert len(set(ids)) == len(ids) == results.total
            return ids


@pytest.mark.parametrize("depth", [4, 100])
@pytest.mark.parametrize("mode", ["lexical", "hybrid", "rerank"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    corpus=corpora,
    copies=st.integers(0, 5),
    text=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
)
def test_totals_facets_pages_and_sorts_agree(
    store: Store, mode: Mode, depth: int, corpus: list[list[str]], copies: int, text: str
) -> None:
    indexer = Indexer(store, ENCODER)
    indexer.check()
    indexer.delete([head.doc_id for head in store.scan()])
    documents = [document(i, sections) for i, sections in enumerate(corpus)]
    documents += [document(i, sections, is_copy=True) for i, sections in enumerate(corpus[:copies])]
    assert indexer.index(documents).indexed == len(documents)
    ranker = Ranker(store, ENCODER, OverlapScorer(), RankConfig(depth_passages=depth))
    by_relevance, newest, oldest = (every_page(ranker, text, mode, s) for s in ("relevance", "newest", "oldest"))
    assert len(by_relevance) == len(newest) == len(oldest)
    if depth == 100:
        titles = [store.passages(doc_id)[0].head.title for doc_id in by_relevance]
        assert len(set(titles)) == len(titles)
    if depth == 100:
        assert set(by_relevance) == set(newest) == set(oldest)
    counted = dict(ranker.search(Query(text, facets=FACETS, mode="lexical", collapses=False)).facets["path"])
    assert "/" not in counted
    for value, count in counted.items():
        narrowed = Query(text, filters=Filters(path=(value,)), mode="lexical", collapses=False)
        assert ranker.search(narrowed).total == count


def test_a_small_site_does_not_answer_every_query_with_all_its_pages(tmp_path: Path) -> None:
    pages = [f"{word} {other} are here" for word, other in zip(WORDS, WORDS[1:] + WORDS[:1], strict=True)]
    with closing(EmbeddedStore(tmp_path / "small", writable=True)) as store:
        Indexer(store, ENCODER).index([document(i, [text]) for i, text in enumerate(pages)])
        found = Ranker(store, ENCODER).search(Query("ferry ticket"))
        assert {hit.passage.head.title for hit in found.hits} == {"Page 0", "Page 1", "Page 2", "Page 7"}
        assert found.total == len(found.hits)
