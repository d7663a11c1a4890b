"""Searching a small collection on both stores."""

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.page import Section, place_sections
from indexer.config import IndexConfig
from indexer.document import Document, Head, Vectors, doc_id_of
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.encoders.http import HttpEncoder, HttpEncoderConfig
from indexer.errors import EncoderError
from indexer.index import Indexer
from indexer.store import Filters, Store
from ranker.config import RankConfig, RerankConfig
from ranker.degradation import Degradation, Part
from ranker.errors import BadQuery, ScorerError
from ranker.hit import Hit, Results
from ranker.query import Mode, Query
from ranker.rank import Ranker
from ranker.scorer import Scores
from ranker.scorers.http import HttpScorer, HttpScorerConfig
from ranker.scorers.overlap import OverlapScorer
from tests.contracts.store_suite import ODD_TEXTS

ENCODER = HashingEncoder()
ANIMALS = ("cat", "dog", "cow", "fox", "owl", "pig", "hen", "bee")
PLACES = ("garden", "forest", "river", "village", "mountain")
NOWHERE = "http://127.0.0.1:9/v1"
SHALLOW = RankConfig(depth_passages=10)
FIVE = RerankConfig(passages=5)
DOCUMENTS = 130


def document(i: int) -> Document:
    """Every third has three sections; all hold the word ``animal``, most dates differ, one in ten has none."""
    animal, place = ANIMALS[i % len(ANIMALS)], PLACES[i % len(PLACES)]
    texts = [f"Animal number {i} is a {animal}. " + f"It lives near the {place}. " * (i % 4)]
    if i % 3 == 0:
        texts += [f"The {animal} sleeps in the {place} at night.", f"Every {animal} eats and drinks, number {i} too."]
    headings = ("Overview", "Sleep", "Food")
    sections = [Section(t, (f"The {animal}", headings[j]), headings[j].lower()) for j, t in enumerate(texts)]
    head = Head(
        doc_id=doc_id_of(f"animal-{i}"),
        url=f"https://animals.test/{place}/{i}",
        title=f"{animal.title()} {i}",
        content_hash=str(i),
        site="animals.test",
        path=f"/{place}/{i}",
        language="en",
        modified_at=None if i % 10 == 9 else datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=i),
        metadata={"animal": animal},
        access=("keepers",) if i % 13 == 12 else (),
    )
    return Document(head, place_sections(sections))


def fill(store: Store) -> Store:
    report = Indexer(store, ENCODER, IndexConfig()).index(document(i) for i in range(DOCUMENTS))
    assert report.indexed == DOCUMENTS
    return store


@pytest.fixture(scope="module")
def embedded(embedded: Store) -> Store:
    return fill(embedded)


@pytest.fixture(scope="module")
def elasticsearch(elasticsearch: Store) -> Store:
    return fill(elasticsearch)


@pytest.fixture
def ranker(store: Store) -> Ranker:
    return Ranker(store, ENCODER, None, SHALLOW)


def paths(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.head.path for hit in hits]


def all_pages(ranker: Ranker, query: Query) -> list[Results]:
    pages = [ranker.search(query)]
    while len(pages) * query.size < pages[0].total:
        pages.append(ranker.search(replace(query, page=len(pages) + 1)))
    return pages


def test_best_document_comes_first_with_its_evidence(ranker: Ranker) -> None:
    results = ranker.search(Query("cat number 0"))
    first = results.hits[0]
    assert first.passage.head.title == "Cat 0"
    assert first.evidence.lexical_rank is not None and first.evidence.dense_rank is not None
    assert first.evidence.lexical_score and first.evidence.dense_score and first.evidence.rerank_score is None
    assert first.evidence.fused_score == first.score
    assert "<mark>" in first.snippet
    assert set(results.stages) == {"understand", "encode", "candidates", "fuse", "group", "snippet"}
    assert results.took_ms >= sum(results.stages.values()) > 0
    assert results.degraded == ()


@pytest.mark.parametrize("mode", ["lexical", "dense", "hybrid", "rerank"])
def test_pages_neither_repeat_nor_lose_a_document(store: Store, mode: Mode) -> None:
    ranker = Ranker(store, ENCODER, OverlapScorer(), SHALLOW)
    pages = all_pages(ranker, Query("an animal near the forest", size=7, mode=mode))
    shown = [path for page in pages for path in paths(page.hits)]
    assert len({page.total for page in pages}) == 1
    assert len(shown) == len(set(shown)) == pages[0].total == DOCUMENTS - DOCUMENTS // 13
    scores = [hit.score for page in pages for hit in page.hits]
    assert all(0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("sort", ["newest", "oldest"])
@pytest.mark.parametrize("text", ["", "animal"])
def test_pages_by_date_hold_every_document_in_order(ranker: Ranker, sort: str, text: str) -> None:
    pages = all_pages(ranker, Query(text, size=7, sort=sort))  # type: ignore[arg-type]  # a parametrised literal
    dates = [hit.passage.head.modified_at for page in pages for hit in page.hits]
    dated = [date for date in dates if date]
    assert len(dates) == pages[0].total == 120
    assert dated == sorted(dated, reverse=sort == "newest")
    assert dates[len(dated) :] == [None] * (len(dates) - len(dated))


def test_without_words_the_newest_come_first(ranker: Ranker) -> None:
    results = ranker.search(Query("  ", filters=Filters(path=("/forest",))))
    dates = [hit.passage.head.modified_at for hit in results.hits]
    assert all(path.startswith("/forest/") for path in paths(results.hits))
    assert dates == sorted(dates, reverse=True)  # type: ignore[type-var]  # the first ten have dates
    assert all(hit.snippet and "<mark>" not in hit.snippet for hit in results.hits)


@pytest.mark.parametrize("page_size", [10, 50])
def test_page_size_does_not_change_the_order(ranker: Ranker, page_size: int) -> None:
    small = [p for page in all_pages(ranker, Query("sleeping owl", size=3)) for p in paths(page.hits)]
    large = [p for page in all_pages(ranker, Query("sleeping owl", size=page_size)) for p in paths(page.hits)]
    assert small == large


def test_page_beyond_the_last_is_empty_and_knows_the_total(ranker: Ranker) -> None:
    assert ranker.search(Query("cat", page=900)).hits == ()
    assert ranker.search(Query("cat", page=900)).total == ranker.search(Query("cat")).total


def test_lexical_mode_asks_no_encoder(store: Store) -> None:
    ranker = Ranker(store, HttpEncoder(HttpEncoderConfig(NOWHERE, "none", dim=256, attempts=1)), None, SHALLOW)
    results = ranker.search(Query("bee", mode="lexical"))
    assert results.degraded == () and "encode" not in results.stages
    assert {hit.passage.head.metadata["animal"] for hit in results.hits} == {"bee"}
    assert all(hit.evidence.dense_rank is None and hit.evidence.lexical_rank for hit in results.hits)


def test_dense_mode_shows_the_cosine(ranker: Ranker) -> None:
    results = ranker.search(Query("bee", mode="dense"))
    assert all(hit.score == max(hit.evidence.dense_score or 0, 0) for hit in results.hits)
    assert all(hit.evidence.lexical_rank is None for hit in results.hits)


@pytest.mark.parametrize("mode", ["dense", "hybrid", "rerank"])
def test_unreachable_encoder_leaves_words_and_is_named(store: Store, mode: Mode) -> None:
    encoder = HttpEncoder(HttpEncoderConfig(NOWHERE, "none", dim=256, attempts=1))
    results = Ranker(store, encoder, OverlapScorer(), SHALLOW).search(Query("bee", mode=mode))
    assert [one.part for one in results.degraded] == [Part.ENCODER]
    assert results.degraded[0].what.endswith("words only")
    assert results.hits[0].passage.head.metadata["animal"] == "bee"
    assert (results.hits[0].evidence.rerank_score is not None) == (mode == "rerank")


def test_unreachable_scorer_keeps_the_fused_order_and_is_named(store: Store, ranker: Ranker) -> None:
    scorer = HttpScorer(HttpScorerConfig(NOWHERE, "none", attempts=1))
    results = Ranker(store, ENCODER, scorer, SHALLOW).search(Query("fox in the village"))
    assert [one.part for one in results.degraded] == [Part.SCORER]
    assert paths(results.hits) == paths(ranker.search(Query("fox in the village")).hits)


def test_reranking_without_a_scorer_is_named(ranker: Ranker) -> None:
    degraded = ranker.search(Query("fox", mode="rerank")).degraded
    assert degraded == (Degradation(Part.SCORER, "none configured, fused order kept"),)


def test_scorer_orders_the_first_passages(store: Store) -> None:
    results = Ranker(store, ENCODER, OverlapScorer(), SHALLOW, FIVE).search(Query("hen sleeps village night", size=20))
    scored = [hit for hit in results.hits if hit.evidence.rerank_score is not None]
    assert 0 < len(scored) <= FIVE.passages
    assert results.hits[: len(scored)] == tuple(scored)
    assert [hit.score for hit in scored] == [hit.evidence.rerank_score for hit in scored]
    assert "rerank" in results.stages


def test_feedback_looks_again_near_the_best_of_the_passages_found_first(store: Store) -> None:
    query = Query("hen sleeps village night", size=20)
    plain = Ranker(store, ENCODER, OverlapScorer(), replace(SHALLOW, feedback_passages=0)).search(query)
    again = Ranker(store, ENCODER, OverlapScorer(), SHALLOW).search(query)
    assert "feedback" in again.stages and "feedback" not in plain.stages
    nearest = max(again.hits, key=lambda hit: hit.evidence.dense_score or 0)
    before = {hit.passage.passage_id: hit.evidence.dense_score for hit in plain.hits}
    assert (nearest.evidence.dense_score or 0) > (before[nearest.passage.passage_id] or 0)
    assert again.total == plain.total


@pytest.mark.parametrize("mode", ["lexical", "dense", "hybrid", "rerank"])
def test_passages_are_those_behind_the_hits(store: Store, mode: Mode) -> None:
    ranker = Ranker(store, ENCODER, OverlapScorer(), SHALLOW)
    query = Query("hen sleeps village night", mode=mode, size=5)
    found = ranker.passages(query)
    documents = list(dict.fromkeys(item.passage.head.doc_id for item in found))
    assert documents[:5] == [hit.passage.head.doc_id for hit in ranker.search(query).hits]


class Noting(OverlapScorer):
    """Notes what it is asked to read, and fails where told to."""

    def __init__(self, error: ScorerError | None = None) -> None:
        self.error, self.calls = error, list[Sequence[str]]()

    def score(self, query: str, passages: Sequence[str]) -> Scores:
        self.calls.append(passages)
        if self.error:
            raise self.error
        return super().score(query, passages)


def test_feedback_reads_a_few_passages_first_and_none_twice(store: Store) -> None:
    scorer = Noting()
    config = replace(SHALLOW, feedback_depth=4)
    results = Ranker(store, ENCODER, scorer, config, RerankConfig(budget_ms=None)).search(
        Query("hen sleeps village night", size=20)
    )
    first, rest = scorer.calls
    assert len(first) == 4
    assert not set(first) & set(rest)
    assert not results.degraded


def test_a_scorer_that_fails_at_feedback_is_asked_once_and_the_fused_order_kept(store: Store) -> None:
    scorer, query = Noting(ScorerError("the service is gone")), Query("hen sleeps village night", size=20)
    results = Ranker(store, ENCODER, scorer, SHALLOW).search(query)
    assert len(scorer.calls) == 1
    assert results.degraded == (Degradation(Part.SCORER, "the service is gone, fused order kept"),)
    assert paths(results.hits) == paths(Ranker(store, ENCODER, config=SHALLOW).search(query).hits)


@pytest.mark.parametrize(
    "query",
    [Query("hen", mode="hybrid"), Query('"sleeps in the river"', mode="rerank"), Query("where does the hen sleep")],
)
def test_feedback_is_for_reranked_subjects_alone(store: Store, query: Query) -> None:
    assert "feedback" not in Ranker(store, ENCODER, OverlapScorer(), SHALLOW).search(query).stages


def test_an_encoder_that_fails_at_feedback_is_named_and_the_search_goes_on(store: Store) -> None:
    class Forgetful(HashingEncoder):
        def encode_queries(self, texts: Sequence[str]) -> Vectors:
            return ENCODER.encode_queries(texts)

        def encode_passages(self, texts: Sequence[str]) -> Vectors:
            raise EncoderError("the service is gone")

    query = Query("hen sleeps village night", size=20)
    results = Ranker(store, Forgetful(), OverlapScorer(), SHALLOW).search(query)
    plain = Ranker(store, ENCODER, OverlapScorer(), replace(SHALLOW, feedback_passages=0)).search(query)
    assert results.degraded == (Degradation(Part.ENCODER, "the service is gone, no feedback"),)
    assert paths(results.hits) == paths(plain.hits)


def test_hybrid_mode_leaves_a_configured_scorer_out(store: Store) -> None:
    results = Ranker(store, ENCODER, OverlapScorer(), SHALLOW).search(Query("hen", mode="hybrid"))
    assert all(hit.evidence.rerank_score is None for hit in results.hits)


@pytest.mark.parametrize("configured", [None, "rerank"])
def test_what_is_still_being_typed_is_not_read_unless_asked_for(store: Store, configured: Mode | None) -> None:
    scorer = Noting()
    ranker = Ranker(store, ENCODER, scorer, replace(SHALLOW, mode=configured))
    typing = Query("hen sleeps villa", is_unfinished=True)
    assert ranker.search(typing).hits and not scorer.calls
    assert ranker.search(replace(typing, mode="rerank")).hits and scorer.calls
    scorer.calls.clear()
    assert ranker.search(Query("hen sleeps village")).hits and scorer.calls


@pytest.mark.parametrize("mode", ["lexical", "hybrid"])
def test_quoted_words_stand_in_every_hit(ranker: Ranker, mode: Mode) -> None:
    pages = all_pages(ranker, Query('"sleeps in the river"', mode=mode, size=4))
    texts = [hit.passage.text for page in pages for hit in page.hits]
    assert texts and all("sleeps in the river" in text for text in texts)
    assert len(texts) == pages[0].total


def test_a_document_is_one_hit_with_its_other_passages(ranker: Ranker) -> None:
    first = ranker.search(Query("cat 0 sleeps in the garden at night")).hits[0]
    assert first.passage.heading_path == ("The cat", "Sleep")
    assert {p.head.doc_id for p in first.more} <= {first.passage.head.doc_id}
    assert first.passage not in first.more


def test_hits_below_the_least_score_are_left_out(store: Store) -> None:
    loose = Ranker(store, ENCODER, None, SHALLOW).search(Query("cat", size=100))
    strict = Ranker(store, ENCODER, None, RankConfig(depth_passages=10, min_score=0.5)).search(Query("cat", size=100))
    assert strict.total == len(strict.hits) < loose.total
    assert paths(strict.hits) == [hit.passage.head.path for hit in loose.hits if hit.score >= 0.5]


def test_facets_count_what_was_found(ranker: Ranker) -> None:
    results = ranker.search(Query("owl", mode="lexical", facets=("path", "metadata.animal"), size=0))
    assert results.hits == ()
    assert results.facets["metadata.animal"] == [("owl", results.total)]
    assert sum(n for _, n in results.facets["path"]) == results.total
    assert "facets" in results.stages


@pytest.mark.parametrize("mode", ["lexical", "hybrid"])
@pytest.mark.parametrize("text", ["owl", "cat number 0", "number 7 otter", "7"])
def test_total_facets_and_pages_speak_of_the_same_documents(ranker: Ranker, mode: Mode, text: str) -> None:
    pages = all_pages(ranker, Query(text, mode=mode, size=7, facets=("source", "metadata.animal")))
    shown = [hit.passage.head for page in pages for hit in page.hits]
    assert {page.total for page in pages} == {len(shown)}
    assert sum(n for _, n in pages[0].facets["source"]) == len(shown)
    animals = Counter(head.metadata["animal"] for head in shown if "animal" in head.metadata)
    assert dict(pages[0].facets["metadata.animal"]) == animals


def test_hidden_documents_show_nowhere(ranker: Ranker) -> None:
    def seen(filters: Filters) -> tuple[set[str], int]:
        pages = all_pages(ranker, Query("animal", size=20, filters=filters, facets=("metadata.animal",)))
        counted = sum(n for _, n in pages[0].facets["metadata.animal"])
        assert counted == pages[0].total
        return {p for page in pages for p in paths(page.hits)}, pages[0].total

    public, public_total = seen(Filters())
    everything, total = seen(Filters(groups=("keepers",)))
    assert len(everything) == total == DOCUMENTS
    assert everything - public == {f"/{PLACES[i % 5]}/{i}" for i in range(12, DOCUMENTS, 13)}
    assert public_total == len(public)


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_any_characters_can_be_searched(ranker: Ranker, text: str) -> None:
    results = ranker.search(Query(text[:10_000]))
    assert results.total >= len(results.hits)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        (Query("a" * 10_001), "10,001 characters"),
        (Query("cat", page=0), "Page 0"),
        (Query("cat", size=101), "101"),
        (Query("cat", size=-1), "-1"),
        (Query("cat", page=1001), "Page 1001"),
        (Query("cat", sort="best"), "'best'"),  # type: ignore[arg-type]  # what the check is for
        (Query("cat", mode="magic"), "'magic'"),  # type: ignore[arg-type]
        (Query("cat", facets=("colour",)), "'colour'"),
        (Query("cat", facets=("metadata.",)), "'metadata.'"),
    ],
)
def test_bad_query_is_refused_by_name(embedded: Store, query: Query, named: str) -> None:
    with pytest.raises(BadQuery) as caught:
        Ranker(embedded, ENCODER).search(query)
    assert named in caught.value.what and caught.value.cure


@pytest.mark.elasticsearch
@pytest.mark.parametrize("mode", ["lexical", "dense", "hybrid", "rerank"])
@pytest.mark.parametrize("text", ["an animal near the forest", "sleeping owl", '"number 7" hen'])
def test_both_stores_give_the_same_answers(embedded: Store, elasticsearch: Store, mode: Mode, text: str) -> None:
    def found(store: Store) -> tuple[int, list[str]]:
        pages = all_pages(Ranker(store, ENCODER, OverlapScorer()), Query(text, size=20, mode=mode))
        return pages[0].total, [path for page in pages for path in paths(page.hits)]

    ours, theirs = found(embedded), found(elasticsearch)
    assert ours[0] == theirs[0]
    assert ours[1][:10] == theirs[1][:10]
    assert sorted(ours[1]) == sorted(theirs[1])


@pytest.mark.elasticsearch
@pytest.mark.parametrize("query", [Query("", size=50), Query("village", sort="oldest"), Query("owl", sort="newest")])
def test_both_stores_give_the_same_order_by_date(embedded: Store, elasticsearch: Store, query: Query) -> None:
    ours, theirs = (Ranker(store, ENCODER).search(query) for store in (embedded, elasticsearch))
    assert paths(ours.hits) == paths(theirs.hits)
    assert [hit.passage.ordinal for hit in ours.hits] == [hit.passage.ordinal for hit in theirs.hits]
    assert ours.total == theirs.total


def test_an_index_without_documents_answers_nothing(tmp_path: Path) -> None:
    with closing(EmbeddedStore(tmp_path / "empty", writable=True)) as store:
        Indexer(store, ENCODER).check()
        for text in ("cat", ""):
            results = Ranker(store, ENCODER).search(Query(text, facets=("site",)))
            assert (results.hits, results.total, results.facets) == ((), 0, {"site": []})


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"feedback_passages": -1}, "-1"),
        ({"feedback_weight": 1.5}, "1.5"),
        ({"feedback_weight": -0.1}, "-0.1"),
        ({"feedback_depth": 2}, "2"),
    ],
)
def test_impossible_feedback_is_named(settings: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        RankConfig(**settings)
