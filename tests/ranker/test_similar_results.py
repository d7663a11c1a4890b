"""Pages that say the same are one result with the others under it, counted once, on both stores."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from crawler.page import Section, place_sections
from indexer.document import Document, Head, doc_id_of
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from indexer.store import Filters, Sort, Store
from ranker.config import RankConfig
from ranker.hit import Results
from ranker.query import Query
from ranker.rank import Ranker
from ranker.steering import PinConfig, SteerConfig

ENCODER = HashingEncoder()
SITE = "harbour.example"
RULES = "Dogs may ride the ferry on a lead. Bicycles stand on the lower deck, and prams are kept beside the stairs."
PAGES = (
    # path, title, text, groups
    ("/rules", "Rules", RULES, ()),
    ("/print/rules", "Rules (print version)", RULES, ()),
    ("/archive/rules", "Rules", f"{RULES}\nLast updated: 2 May 2019.", ()),
    ("/staff/rules", "Rules", RULES, ("staff",)),
    ("/rules-2", "Rules", RULES.replace("Dogs", "Cats"), ()),
    ("/fares", "Fares", "A dog rides the ferry for 3 crowns.", ()),
    ("/old/fares", "Fares", "A dog rides the ferry for 2 crowns.", ()),
)


def pages() -> Iterator[Document]:
    for age, (path, title, text, groups) in enumerate(PAGES):
        url = f"https://{SITE}{path}"
        modified = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=age)
        head = Head(doc_id_of(url), url, title, path, SITE, path, language="en", modified_at=modified, access=groups)
        yield Document(head, place_sections([Section(text, (title,))]))


def filled(store: Store) -> Store:
    assert Indexer(store, ENCODER).index(pages()).indexed == len(PAGES)
    return store


@pytest.fixture(scope="module")
def embedded(embedded: Store) -> Store:
    return filled(embedded)


@pytest.fixture(scope="module")
def elasticsearch(elasticsearch: Store) -> Store:
    return filled(elasticsearch)


def under(results: Results, path: str) -> set[str]:
    """The paths listed under the one of these addresses that is a result."""
    listed = {hit.passage.head.path: {one.head.path for one in hit.similar} for hit in results.hits}
    return next({first, *others} for first, others in listed.items() if path in {first, *others})


@pytest.mark.parametrize("mode", ["lexical", "hybrid"])
@pytest.mark.parametrize("depth", [3, 100])
@pytest.mark.parametrize("sort", ["relevance", "newest"])
def test_copies_are_one_result_and_other_facts_are_others(store: Store, mode: str, depth: int, sort: Sort) -> None:
    ranker = Ranker(store, ENCODER, config=RankConfig(depth_passages=depth))
    query = Query("ferry", sort=sort, facets=("site", "path"), mode="lexical" if mode == "lexical" else "hybrid")
    results = ranker.search(query)
    assert results.total == len(results.hits) == results.facets["site"][0][1]
    if depth == 100:
        assert results.total == 4
        assert under(results, "/rules") == {"/rules", "/print/rules", "/archive/rules"}
    assert {hit.passage.head.path for hit in results.hits} >= {"/rules-2", "/fares", "/old/fares"}


def test_every_page_is_a_result_where_that_is_wanted(store: Store) -> None:
    ranker = Ranker(store, ENCODER)
    assert ranker.search(Query("ferry", mode="lexical", collapses=False)).total == 6
    never = Ranker(store, ENCODER, config=RankConfig(collapse_similar=False))
    assert never.search(Query("ferry", mode="lexical")).total == 6


def test_nobody_sees_a_page_under_another_that_may_not_be_seen(store: Store) -> None:
    ranker = Ranker(store, ENCODER)
    staff = ranker.search(Query("ferry", mode="lexical", filters=Filters(groups=("staff",))))
    assert "/staff/rules" in under(staff, "/rules")
    assert "/staff/rules" not in under(ranker.search(Query("ferry", mode="lexical")), "/rules")


def test_pinned_pages_stay_and_hidden_ones_go(store: Store) -> None:
    pin = PinConfig(("ferry",), first=(f"https://{SITE}/archive/rules",), hidden=(f"https://{SITE}/print/rules",))
    steered = Ranker(store, ENCODER, config=RankConfig(steer=SteerConfig(pins=(pin,))))
    results = steered.search(Query("ferry", mode="lexical", facets=("site",)))
    assert results.hits[0].passage.head.path == "/archive/rules"
    assert under(results, "/rules") == {"/rules", "/archive/rules"}
    assert results.total == len(results.hits) == results.facets["site"][0][1] == 4


def test_pages_of_results_go_on_where_copies_were_left_out(store: Store) -> None:
    ranker = Ranker(store, ENCODER, config=RankConfig(depth_passages=2))
    seen = [hit.passage.head.path for n in (1, 2, 3, 4) for hit in ranker.search(Query("ferry", n, 2)).hits]
    assert len(seen) == len(set(seen)) == ranker.search(Query("ferry", size=2)).total


def test_without_words_every_document_is_listed(store: Store) -> None:
    assert Ranker(store, ENCODER).search(Query("")).total == 6
