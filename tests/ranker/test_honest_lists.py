"""Totals, facets, pages and sorts speak of the same documents, whatever is indexed and asked, on both stores."""

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.page import Section, place_sections
from indexer.document import Document, Head, doc_id_of
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

CHANGES: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: f"{text}\nLast updated: 2 May 2019.",
    lambda text: f"{text} here",
    lambda text: f"{text} here as always",
    lambda text: text.replace("ferry", "ferries"),
    lambda text: f"* {text}!",
    lambda text: text.replace("pier", "quay", 1),
    lambda text: f"{text} 7",
)
"""What a page says again, or nearly: so little that it is the same, or a little more, so that it may be another."""

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=40).map(" ".join)
copied = st.lists(st.tuples(st.integers(0, 13), st.sampled_from(CHANGES), st.booleans()), max_size=8)
corpora = st.lists(st.lists(texts, min_size=1, max_size=3), min_size=1, max_size=14)


def document(number: int, sections: list[str], *, copy: int | None = None, is_printed: bool = False) -> Document:
    """A ``copy`` stands at another address."""
    name = f"{number}" if copy is None else f"{number}-copy-{copy}"
    url = f"https://{'ab'[number % 2]}.example/{('', 'one/', 'two/')[number % 3]}{name}"
    head = Head(
        doc_id=doc_id_of(url),
        url=url,
        title=f"Page {number} (print version)" if is_printed else f"Page {number}",
        content_hash=" ".join(sections),
        site=url.split("/")[2],
        path="/" + url.split("/", 3)[3],
        language="en" if number % 4 else "de",
        modified_at=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=(number + (copy or 0)) % 5)
        if number % 7
        else None,
    )
    return Document(head, place_sections([Section(text, (head.title, f"Part {i}")) for i, text in enumerate(sections)]))


def with_copies(corpus: list[list[str]], copies: Sequence[tuple[int, Callable[[str], str], bool]]) -> list[Document]:
    """A page for each of the corpus, and the same or nearly the same ones at other addresses."""
    pages = [document(i, sections) for i, sections in enumerate(corpus)]
    for copy, (which, change, is_printed) in enumerate(copies):
        number = which % len(corpus)
        sections = [change(text) for text in corpus[number]]
        pages.append(document(number, sections, copy=copy, is_printed=is_printed))
    return pages


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
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    corpus=corpora,
    copies=copied,
    text=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
)
def test_totals_facets_pages_and_sorts_agree(
    store: Store, mode: Mode, depth: int, corpus: list[list[str]], copies: list[Any], text: str
) -> None:
    indexer = Indexer(store, ENCODER)
    indexer.check()
    indexer.delete([head.doc_id for head in store.scan()])
    documents = with_copies(corpus, copies)
    assert indexer.index(documents).indexed == len(documents)
    ranker = Ranker(store, ENCODER, OverlapScorer(), RankConfig(depth_passages=depth))
    by_relevance, newest, oldest = (every_page(ranker, text, mode, s) for s in ("relevance", "newest", "oldest"))
    # Copies are told by what was found of them: only where that is all does no order find another passage of them.
    if depth == 100:
        said = [tuple(p.text_to_encode for p in store.passages(doc_id)) for doc_id in by_relevance]
        assert len(set(said)) == len(said)
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
