"""Every promise of ``indexer.store.Store`` as a test; each implementation subclasses ``StoreSuite``."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest

from crawler.block import Block, BlockKind
from indexer.asking.asked import Asked, Form
from indexer.document import EncodedDocument, doc_id_of
from indexer.errors import ManifestMismatch
from indexer.store import Candidate, Filters, Sort, Store, StoreCount
from tests.contracts.store_documents import DIM, MANIFEST, encoded, vector_of

OpenStore = Callable[[], Store]

ODD_TEXTS = (
    '"',
    '""',
    '"""',
    '"open quote',
    'a "quoted phrase" and "an open one',
    "fox -dog",
    "+fox -dog",
    "title:fox",
    "fox AND NOT (dog OR",
    "NOT",
    "fox~2^3",
    "fo* ?ox",
    "/fo.x/",
    "[1 TO 2}",
    "\\",
    '\\\\\\"',
    "{!func} ${x}",
    "<script>alert(1)</script>",
    "'; DROP TABLE heads; --",
    "%_%",
    "\x00\x01",
    "\n\t\r",
    "\u200b\ufeff",
    "\ud800 lone",
    "🦊🦊",
    "👩‍👩‍👧‍👦",
    "e\u0301cole",
    "ﬁne １２３",
    "猫",
    "…!?;:,.",
    "a" * 5000,
    "word " * 2000,
    " ".join(f"word{i}" for i in range(3000)),
)


def texts_of(candidates: Sequence[Candidate]) -> list[str]:
    return [candidate.passage.text for candidate in candidates]


def keys_of(candidates: Sequence[Candidate]) -> list[str]:
    return [candidate.passage.head.path.removeprefix("/") for candidate in candidates]


class StoreSuite:
    """``writer`` is an empty index opened for writing; each call of ``open_reader`` is another handle on the same one.

    A subclass overrides both fixtures, and says with ``is_dense_exact`` whether its vector search misses nothing.
    """

    is_dense_exact = True

    @pytest.fixture
    def writer(self) -> Iterator[Store]:
        raise NotImplementedError

    @pytest.fixture
    def open_reader(self, writer: Store) -> Iterator[OpenStore]:
        raise NotImplementedError

    @pytest.fixture
    def store(self, writer: Store) -> Store:
        writer.check(MANIFEST)
        return writer

    # Manifest

    def test_an_absent_index_has_no_manifest_and_check_creates_it(self, writer: Store) -> None:
        assert writer.manifest() is None
        writer.check(MANIFEST)
        assert writer.manifest() == MANIFEST
        writer.check(MANIFEST)

    def test_a_different_manifest_is_refused_naming_what_differs_and_the_cure(self, store: Store) -> None:
        with pytest.raises(ManifestMismatch, match=r"encoder: stored 'test', configured 'other'") as caught:
            store.check(replace(MANIFEST, encoder="other"))
        assert caught.value.cure
        assert store.manifest() == MANIFEST

    # What is stored comes back

    def test_a_passage_comes_back_as_it_was_stored(self, store: Store) -> None:
        document = encoded(
            "a",
            "first text",
            "second text",
            title="A title",
            headings=[("Top",), ("Top", "Inner")],
            language="en",
            description="What it says",
            modified_at=datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC),
            fetched_at=datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
            metadata={"team": "search", "größe": "groß"},
            access=("staff", "board"),
        )
        document = replace(
            document, passages=(document.passages[0], replace(document.passages[1], page_number=3, anchor=None))
        )
        store.replace([document])
        filters = Filters(groups=("staff",))
        assert store.passages(document.head.doc_id, filters) == list(document.passages)
        assert [c.passage for c in store.candidates("second", None, 1, filters).lexical] == [document.passages[1]]
        assert [c.passage for c in store.candidates("", document.vectors[0], 1, filters).dense] == [
            document.passages[0]
        ]
        assert list(store.scan()) == [document.head]

    def test_the_blocks_of_a_passage_come_back_as_they_were_stored(self, store: Store) -> None:
        rows: dict[str, Any] = {"group": 2, "columns": ("Größe", "Price"), "caption": "Prices"}
        blocks = (
            Block(BlockKind.HEADING, 12, 12, level=2),
            Block(BlockKind.LIST_ITEM, 12, 15, group=1, depth=1, number=7),
            Block(BlockKind.TABLE_ROW, 16, 18, **rows, is_header=True),
            Block(BlockKind.TABLE_ROW, 18, 20, **rows, row_header="S"),
            Block(BlockKind.CODE, 20, 22, language="python"),
            Block(BlockKind.DEFINITION, 22, 23, group=3, term="fox"),
        )
        document = encoded("a", "first text", "second text")
        document = replace(document, passages=(document.passages[0], replace(document.passages[1], blocks=blocks)))
        store.replace([document])
        assert store.passages(document.head.doc_id) == list(document.passages)
        assert [c.passage.blocks for c in store.candidates("second", None, 1).lexical] == [blocks]
        assert [c.passage.blocks for c in store.candidates("", document.vectors[1], 1).dense] == [blocks]

    def test_replacing_with_a_shorter_document_leaves_no_old_passage(self, store: Store) -> None:
        store.replace([encoded("a", "old one", "old two", "old three"), encoded("b", "old other")])
        store.replace([encoded("a", "new one", version="2")])
        doc_id = doc_id_of("a")
        assert [p.text for p in store.passages(doc_id)] == ["new one"]
        assert texts_of(store.candidates("old", None, 10).lexical) == ["old other"]
        assert sorted(texts_of(store.candidates("", vector_of("x"), 10).dense)) == ["new one", "old other"]
        assert store.get([f"{doc_id}-00001", f"{doc_id}-00002"]) == []
        assert store.content_hashes([doc_id]) == {doc_id: "a-2"}
        assert store.count() == StoreCount(2, 2)

    def test_replacing_twice_with_the_same_batch_changes_nothing(self, store: Store) -> None:
        batch = [encoded("a", "one fox", "two foxes", title="Foxes"), encoded("b", "three foxes")]
        store.replace(batch)
        before = store.candidates("fox", vector_of("fox"), 10)
        store.replace(batch)
        after = store.candidates("fox", vector_of("fox"), 10)
        assert keys_of(after.lexical) == keys_of(before.lexical)
        assert texts_of(after.dense) == texts_of(before.dense)
        assert after.matched_documents == before.matched_documents == 2
        assert store.count() == StoreCount(2, 3)
        assert store.suggest("fox") == ["Foxes"]

    def test_of_two_documents_with_one_id_in_a_batch_the_later_counts(self, store: Store) -> None:
        store.replace([encoded("a", "early"), encoded("a", "late", version="2")])
        assert [p.text for p in store.passages(doc_id_of("a"))] == ["late"]
        assert store.count() == StoreCount(1, 1)

    def test_deleting_removes_all_and_counts_what_was_there(self, store: Store) -> None:
        store.replace([encoded("a", "one", "two", title="Fox"), encoded("b", "one")])
        assert store.delete([doc_id_of("a"), doc_id_of("unknown"), doc_id_of("a")]) == 1
        assert store.delete([doc_id_of("a")]) == 0
        assert store.delete([]) == 0
        assert keys_of(store.candidates("one two", vector_of("x"), 10).lexical) == ["b"]
        assert keys_of(store.candidates("", vector_of("x"), 10).dense) == ["b"]
        assert store.passages(doc_id_of("a")) == []
        assert store.suggest("fox") == []
        assert store.facets("", ["site"]) == {"site": [("example.com", 1)]}
        assert store.content_hashes([doc_id_of("a"), doc_id_of("b")]) == {doc_id_of("b"): "b-1"}
        assert store.count() == StoreCount(1, 1)

    def test_a_document_may_be_empty(self, store: Store) -> None:
        store.replace([encoded("a"), encoded("b", "")])
        assert store.content_hashes([doc_id_of("a"), doc_id_of("b")]) == {
            doc_id_of("a"): "a-1",
            doc_id_of("b"): "b-1",
        }
        assert store.passages(doc_id_of("a")) == []
        assert [p.text for p in store.passages(doc_id_of("b"))] == [""]
        assert store.count() == StoreCount(2, 1)
        assert sorted(head.path for head in store.scan()) == ["/a", "/b"]
        store.replace([encoded("b", version="2")])
        assert store.count() == StoreCount(2, 0)
        assert store.delete([doc_id_of("a"), doc_id_of("b")]) == 2

    def test_a_form_of_a_language_is_found_in_texts_of_that_language(self, store: Store) -> None:
        store.replace(
            [encoded("en", "a handy tool", language="en"), encoded("de", "das Handy liegt", language="de-AT")]
        )
        for asks in (
            Asked("mobilfunk", forms=(Form("handy", 0.8, language="de"),)),
            Asked(forms=(Form("handy", 0.8, language="de"),)),
        ):
            found = store.candidates(asks, None, 10)
            assert (keys_of(found.lexical), found.matched_documents) == (["de"], 1)
        both = Asked("mobilfunk", forms=(Form("handy", 0.8),))
        assert sorted(keys_of(store.candidates(both, None, 10).lexical)) == ["de", "en"]

    def test_an_empty_batch_is_nothing_to_do(self, store: Store) -> None:
        store.replace([])
        assert store.count() == StoreCount(0, 0)

    def test_an_empty_index_answers_with_nothing(self, store: Store) -> None:
        found = store.candidates("fox", vector_of("fox"), 10)
        assert (found.lexical, found.dense, found.matched_documents) == ((), (), 0)
        assert store.candidates("", None, 10, sort="newest").lexical == ()
        assert store.facets("fox", ["site", "metadata.team"]) == {"site": [], "metadata.team": []}
        assert store.suggest("f") == []
        assert list(store.scan()) == []
        assert store.get([f"{doc_id_of('a')}-00000"]) == []
        assert store.known_vectors([doc_id_of("a")]) == {}

    def test_unicode_survives_and_lone_surrogates_become_replacement_characters(self, store: Store) -> None:
        text = "naïve 東京 🦊 e\u0301 \u200bزبان\x00end"
        store.replace([encoded("a", text, title="Ünï 🦊"), encoded("b", "before \ud83e after", title="t\udc00")])
        assert [p.text for p in store.passages(doc_id_of("a"))] == [text]
        (passage,) = store.passages(doc_id_of("b"))
        assert (passage.text, passage.head.title) == ("before \ufffd after", "t\ufffd")
        assert keys_of(store.candidates("after", None, 5).lexical) == ["b"]

    def test_a_long_word_and_a_long_text_are_stored(self, store: Store) -> None:
        text = "x" * 40_000 + " needle " + "word " * 20_000
        store.replace([encoded("a", text)])
        assert [p.text for p in store.passages(doc_id_of("a"))] == [text]
        assert keys_of(store.candidates("needle", None, 5).lexical) == ["a"]

    # Visibility

    def test_what_was_done_is_visible_to_the_next_read_of_another_handle(
        self, store: Store, open_reader: OpenStore
    ) -> None:
        reader = open_reader()
        for version in ("1", "2", "3"):
            store.replace([encoded("a", f"fox number {version}", title=f"Fox {version}", version=version)])
            assert texts_of(reader.candidates("fox", None, 5).lexical) == [f"fox number {version}"]
            assert texts_of(reader.candidates("", vector_of("x"), 5).dense) == [f"fox number {version}"]
            assert reader.suggest("fox") == [f"Fox {version}"]
            assert reader.content_hashes([doc_id_of("a")]) == {doc_id_of("a"): f"a-{version}"}
        store.delete([doc_id_of("a")])
        assert reader.candidates("fox", vector_of("x"), 5).lexical == ()
        assert reader.candidates("fox", vector_of("x"), 5).dense == ()
        assert reader.count() == StoreCount(0, 0)

    # Vectors kept for reuse

    def test_known_vectors_are_keyed_by_the_text_that_was_encoded(self, store: Store) -> None:
        document = encoded("a", "one", "two", title="Title", headings=[("H",), ("H",)])
        store.replace([document, encoded("b", "three")])
        known = store.known_vectors([doc_id_of("a"), doc_id_of("unknown")])
        assert known.keys() == {"Title\nH\none", "Title\nH\ntwo"}
        for i, passage in enumerate(document.passages):
            vector = known[passage.text_to_encode]
            assert vector.shape == (DIM,)
            assert vector.dtype == np.float32
            assert float(np.linalg.norm(vector)) == pytest.approx(1.0, abs=1e-3)
            assert float(vector @ document.vectors[i]) == pytest.approx(1.0, abs=1e-3)

    # Words

    def test_more_and_rarer_words_rank_higher(self, store: Store) -> None:
        store.replace(
            [
                encoded("both", "the fox met the walrus on the beach that day"),
                encoded("rare", "a walrus slept on the beach all day and night"),
                encoded("common", "a fox slept on the beach all day and night"),
                encoded("common2", "a fox ran along the beach all day and night"),
                encoded("none", "nothing of the kind is said here at all today"),
            ]
        )
        found = store.candidates("fox walrus", None, 10)
        assert keys_of(found.lexical)[:2] == ["both", "rare"]
        assert found.matched_documents == 4
        scores = [c.score for c in found.lexical]
        assert scores == sorted(scores, reverse=True)
        assert scores[0] > 0
        assert found.dense == ()

    def test_inflected_words_match_in_the_language_of_the_document(self, store: Store) -> None:
        store.replace(
            [
                encoded("en", "the foxes were running", language="en"),
                encoded("unknown", "many foxes", language=None),
                encoded("de", "Die Blumen im Garten", language="de"),
                encoded("fr", "les maisons anciennes", language="fr-CA"),
                encoded("vi", "Xin chào", language="vi"),
            ]
        )
        assert set(keys_of(store.candidates("fox", None, 10).lexical)) == {"en", "unknown"}
        assert keys_of(store.candidates("run", None, 10).lexical) == ["en"]
        assert keys_of(store.candidates("Blume", None, 10).lexical) == ["de"]
        assert keys_of(store.candidates("maison", None, 10).lexical) == ["fr"]
        assert keys_of(store.candidates("XIN", None, 10).lexical) == ["vi"]

    @pytest.mark.parametrize(
        ("language", "spellings"),
        [
            ("en", "café cafe cafés Cafe\u0301 CAFÉ ＣＡＦＥ"),
            ("en", "résumé resume resumes re\u0301sume\u0301"),
            ("en", "cliché cliche CLICHÉS"),
            ("en", "İstanbul Istanbul istanbul"),
            ("fr", "élèves eleves éle\u0300ve"),
            ("de", "Häuser Hauser Ha\u0308user"),
            ("es", "corazón corazon"),
            ("vi", "Việt Viet Vie\u0323\u0302t"),
            ("en", "x² x2"),
        ],
    )
    def test_accents_may_be_left_out_or_written_in_another_way(
        self, store: Store, language: str, spellings: str
    ) -> None:
        words = spellings.split()
        texts = [f"one {word} among others" for word in words]
        store.replace([encoded(f"text{i}", text, language=language) for i, text in enumerate(texts)])
        store.replace([encoded(f"title{i}", "-", title=word, language=language) for i, word in enumerate(words)])
        for word in words:
            found = store.candidates(word, None, 30).lexical
            assert sorted(texts_of(found)) == sorted([*texts, *["-"] * len(words)])
            assert {candidate.passage.head.title for candidate in found} == {"", *words}

    def test_chinese_japanese_and_korean_are_found_without_spaces(self, store: Store) -> None:
        store.replace(
            [
                encoded("zh", "梵文是印度的古典語言", language="zh"),
                encoded("ja", "東京都は日本の首都です。Python入門", language="ja"),
                encoded("ko", "서울은 대한민국의 수도이다", language="ko"),
            ]
        )
        assert keys_of(store.candidates("印度語言", None, 10).lexical) == ["zh"]
        assert keys_of(store.candidates("東京", None, 10).lexical) == ["ja"]
        assert keys_of(store.candidates("python", None, 10).lexical) == ["ja"]
        assert keys_of(store.candidates("대한민국", None, 10).lexical) == ["ko"]
        assert keys_of(store.candidates('"日本の首都"', None, 10).lexical) == ["ja"]
        assert keys_of(store.candidates('"都首の本日"', None, 10).lexical) == []

    def test_title_and_headings_are_searched_with_the_text(self, store: Store) -> None:
        store.replace(
            [
                encoded("title", "nothing else here", title="Walrus guide"),
                encoded("heading", "nothing else here", headings=[("Care", "Walrus food")]),
                encoded("other", "nothing else here"),
            ]
        )
        assert set(keys_of(store.candidates("walrus", None, 10).lexical)) == {"title", "heading"}

    def test_a_quoted_phrase_must_occur_as_it_stands(self, store: Store) -> None:
        store.replace(
            [
                encoded("right", "they saw a quick brown fox there"),
                encoded("wrong", "a brown quick thing, and a fox there"),
                encoded("title", "nothing here", title="Quick brown things"),
                encoded("apart", "it was quick", "brown it was"),
            ]
        )
        assert set(keys_of(store.candidates('"quick brown"', None, 10).lexical)) == {"right", "title"}
        assert keys_of(store.candidates('"quick brown" fox', None, 10).lexical)[0] == "right"
        assert store.candidates('"quick brown" fox', None, 10).matched_documents == 2
        assert store.candidates('fox "brown quick thing"', None, 10).matched_documents == 1
        assert store.candidates('"quick brown" "no such words"', None, 10).matched_documents == 0

    def test_nothing_typed_is_an_operator(self, store: Store) -> None:
        store.replace([encoded("fox", "a fox"), encoded("dog", "a dog"), encoded("title", "words", title="nothing")])
        assert set(keys_of(store.candidates("fox -dog", None, 10).lexical)) == {"fox", "dog"}
        assert set(keys_of(store.candidates("title:fox", None, 10).lexical)) == {"fox"}
        assert set(keys_of(store.candidates("fox AND dog", None, 10).lexical)) == {"fox", "dog"}

    def test_any_text_may_be_stored_and_asked(self, store: Store) -> None:
        store.replace([encoded(str(i), f"{text[:300]} zebra{i}") for i, text in enumerate(ODD_TEXTS)])
        for i, text in enumerate(ODD_TEXTS):
            assert keys_of(store.candidates(f"zebra{i}", None, 5).lexical) == [str(i)]
            found = store.candidates(text, vector_of(text), 5)
            assert len(found.dense) == 5
            assert found.matched_documents >= len({c.passage.head.doc_id for c in found.lexical})
            assert store.suggest(text) == []
            assert sum(n for _, n in store.facets(text, ["site"])["site"]) == found.matched_documents
            assert store.get([text]) == store.passages(text) == []

    def test_empty_text_matches_every_document_in_order_of_passage_id(self, store: Store) -> None:
        batch = [encoded(str(i), f"text {i}", f"more {i}") for i in range(5)]
        store.replace(batch)
        ids = sorted(p.passage_id for d in batch for p in d.passages)
        for text in ("", "  ", '""'):
            found = store.candidates(text, None, 7)
            assert [c.passage.passage_id for c in found.lexical] == ids[:7]
            assert {c.score for c in found.lexical} == {0.0}
            assert found.matched_documents == 5

    # Vectors

    def test_dense_candidates_are_the_nearest_by_cosine(self, store: Store) -> None:
        batch = [encoded(str(i), f"text {i}", f"more {i}") for i in range(40)]
        store.replace(batch)
        query = vector_of("query")
        expected = sorted(
            ((float(query @ vector), p.text) for d in batch for p, vector in zip(d.passages, d.vectors, strict=True)),
            reverse=True,
        )
        found = store.candidates("", query, 5).dense
        assert texts_of(found) == [text for _, text in expected[:5]]
        assert [c.score for c in found] == pytest.approx([score for score, _ in expected[:5]], abs=0.02)

    # Order

    def test_ties_are_broken_by_passage_id_and_smaller_lists_are_prefixes(self, store: Store) -> None:
        same = vector_of("same")
        batch = [encoded(str(i), "the same fox", "the same fox", vectors=[same, same]) for i in range(30)]
        for start in (0, 10, 20):
            store.replace(batch[start : start + 10])
        ids = sorted(p.passage_id for d in batch for p in d.passages)
        for k in (1, 7, 33, 60, 100):
            found = store.candidates("fox", same, k)
            assert [c.passage.passage_id for c in found.lexical] == ids[:k]
            dense_ids = [c.passage.passage_id for c in found.dense]
            assert dense_ids == (ids[:k] if self.is_dense_exact else sorted(dense_ids))
            assert found.matched_documents == 30

    def test_the_list_for_a_smaller_k_is_a_prefix(self, store: Store) -> None:
        words = ["fox", "dog", "cat", "walrus", "beach", "sand", "sea"]
        store.replace([encoded(str(i), " ".join(words[: 1 + i % 7] * (1 + i % 3))) for i in range(50)])
        longest = store.candidates("fox walrus sea", vector_of("fox"), 50)
        assert store.candidates("fox walrus sea", vector_of("fox"), 50) == longest
        for k in (1, 2, 10, 25):
            shorter = store.candidates("fox walrus sea", vector_of("fox"), k)
            assert shorter.lexical == longest.lexical[:k]
            assert texts_of(shorter.dense) == texts_of(longest.dense)[:k]

    def test_no_candidates_are_returned_for_k_zero(self, store: Store) -> None:
        store.replace([encoded("a", "fox")])
        found = store.candidates("fox", vector_of("fox"), 0)
        assert (found.lexical, found.dense) == ((), ())

    @pytest.mark.parametrize("text", ["", "fox"])
    def test_other_sorts_order_by_date_with_undated_documents_last(self, store: Store, text: str) -> None:
        day = datetime(2024, 1, 1, tzinfo=UTC)
        dates = {
            "new": day + timedelta(days=2),
            "old": day - timedelta(days=20_000),
            "mid": day,
            "mid2": day,
            "no": None,
        }
        store.replace([encoded(key, "one fox", "two foxes", modified_at=date) for key, date in dates.items()])
        store.replace([encoded("other", "a dog", modified_at=day)] if text else [])
        middle = sorted(("mid", "mid2"), key=doc_id_of)
        orders: list[tuple[Sort, list[str]]] = [
            ("newest", ["new", *middle, "old", "no"]),
            ("oldest", ["old", *middle, "new", "no"]),
        ]
        for sort, keys in orders:
            expected = [key for key in keys for _ in range(2)]
            for k in (10, 9, 5, 3, 1):
                found = store.candidates(text, vector_of("x"), k, sort=sort)
                assert keys_of(found.lexical) == expected[:k]
                assert found.dense == ()
            ids = [c.passage.passage_id for c in store.candidates(text, None, 10, sort=sort).lexical]
            assert ids == sorted(ids, key=lambda i: (keys.index(key_of(i, dates)), i))

    # Filters

    FILTERED = (
        ("site", Filters(site=("docs.example.com",)), {"guide"}),
        ("site in any case", Filters(site=("DOCS.example.com",)), {"guide"}),
        ("two sites", Filters(site=("docs.example.com", "example.com:8080")), {"guide", "port"}),
        ("path", Filters(path=("/docs",)), {"docs", "docs/a", "guide"}),
        ("path with slash", Filters(path=("/docs/",)), {"docs", "docs/a", "guide"}),
        ("deep path", Filters(path=("/docs/a",)), {"docs/a"}),
        ("root", Filters(path=("/",)), {"docs", "docs/a", "docsother", "guide", "port", "plain"}),
        ("language", Filters(language=("fr",)), {"port"}),
        ("source", Filters(source=("files", "beir")), {"docsother"}),
        ("metadata", Filters(metadata={"team": ("search", "crawl")}), {"docs", "docs/a"}),
        ("two keys", Filters(metadata={"team": ("search", "crawl"), "state": ("done",)}), {"docs/a"}),
        ("path and metadata", Filters(path=("/docs/a",), metadata={"team": ("search",)}), set[str]()),
        ("unknown value", Filters(site=("nowhere",)), set[str]()),
        ("from", Filters(modified_from=datetime(2024, 3, 1, tzinfo=UTC)), {"docs/a", "guide"}),
        ("before", Filters(modified_before=datetime(2024, 3, 1, tzinfo=UTC)), {"docs"}),
        (
            "both dates in another zone",
            Filters(
                modified_from=datetime(2024, 3, 1, 1, tzinfo=timezone(timedelta(hours=1))),
                modified_before=datetime(2024, 3, 1, 0, 0, 1, tzinfo=UTC),
            ),
            {"docs/a"},
        ),
    )

    @pytest.fixture
    def filtered(self, store: Store) -> Store:
        march = datetime(2024, 3, 1, tzinfo=UTC)
        store.replace(
            [
                encoded(
                    "docs", "fox", title="Fox", metadata={"team": "search"}, modified_at=march - timedelta(seconds=1)
                ),
                encoded("docs/a", "fox", title="Fox", metadata={"team": "crawl", "state": "done"}, modified_at=march),
                encoded("docsother", "fox", title="Fox", source="files"),
                encoded(
                    "guide",
                    "fox",
                    title="Fox",
                    site="docs.example.com",
                    path="/docs/guide",
                    modified_at=march.replace(day=2),
                ),
                encoded("port", "fox", title="Fox", site="example.com:8080", language="fr"),
                encoded("plain", "fox", title="Fox", language=None, metadata={"team": "sear"}),
            ]
        )
        return store

    def test_filters_hold_inside_every_reading_method(self, filtered: Store) -> None:
        for name, filters, expected in self.FILTERED:
            self.assert_filtered(filtered, filters, {doc_id_of(key) for key in expected}, name)

    @staticmethod
    def assert_filtered(filtered: Store, filters: Filters, wanted: set[str], name: str) -> None:
        everything = [head.doc_id for head in filtered.scan()]
        found = filtered.candidates("fox", vector_of("x"), 10, filters)
        assert {c.passage.head.doc_id for c in found.lexical} == wanted, name
        assert {c.passage.head.doc_id for c in found.dense} == wanted, name
        assert found.matched_documents == len(wanted), name
        browsed = filtered.candidates("", None, 10, filters, sort="newest")
        assert {c.passage.head.doc_id for c in browsed.lexical} == wanted, name
        assert browsed.matched_documents == len(wanted), name
        assert {p.head.doc_id for p in filtered.get([f"{i}-00000" for i in everything], filters)} == wanted, name
        assert {i for i in everything if filtered.passages(i, filters)} == wanted, name
        assert filtered.suggest("fo", filters=filters) == (["Fox"] if wanted else []), name
        for text in ("fox", ""):
            assert sum(n for _, n in filtered.facets(text, ["source"], filters)["source"]) == len(wanted), name

    def test_a_title_or_heading_alone_does_not_pass_a_filter(self, filtered: Store) -> None:
        assert filtered.candidates("nothing", None, 10, Filters(path=("/docs",))).matched_documents == 0

    # Access

    ASKERS: tuple[tuple[tuple[str, ...] | None, set[str]], ...] = (
        (None, {"public"}),
        ((), {"public"}),
        (("staff",), {"public", "staff", "both"}),
        (("board",), {"public", "board", "both"}),
        (("staff", "board"), {"public", "staff", "board", "both"}),
        (("Staff", "staf", "staff "), {"public"}),
    )

    def test_restricted_documents_leak_through_no_reading_method(self, store: Store) -> None:
        lists: dict[str, tuple[str, ...]] = {
            "public": (),
            "staff": ("staff",),
            "board": ("board",),
            "both": ("staff", "board"),
        }
        store.replace(
            [
                encoded(key, f"secret {key}", title=f"Plan {key}", metadata={"m": key}, language="en", access=access)
                for key, access in lists.items()
            ]
        )
        for groups, expected in self.ASKERS:
            self.assert_shown(store, lists, Filters(groups=groups), expected)
        assert len(list(store.scan())) == 4

    @staticmethod
    def assert_shown(store: Store, lists: Mapping[str, tuple[str, ...]], filters: Filters, expected: set[str]) -> None:
        found = store.candidates("secret", vector_of("x"), 10, filters)
        assert set(keys_of(found.lexical)) == expected
        assert set(keys_of(found.dense)) == expected
        assert found.matched_documents == len(expected)
        assert set(keys_of(store.candidates("", None, 10, filters, sort="oldest").lexical)) == expected
        ids = {key: f"{doc_id_of(key)}-00000" for key in lists}
        assert {p.head.path.strip("/") for p in store.get(list(ids.values()), filters)} == expected
        assert {key for key in lists if store.passages(doc_id_of(key), filters)} == expected
        assert set(store.suggest("plan", filters=filters)) == {f"Plan {key}" for key in expected}
        for text in ("secret", ""):
            facets = store.facets(text, ["metadata.m", "site"], filters)
            assert {value for value, _ in facets["metadata.m"]} == expected
            assert facets["site"] == [("example.com", len(expected))]

    # Getting

    def test_get_keeps_the_order_asked_for_and_leaves_out_unknown_ids(self, store: Store) -> None:
        batch = [encoded("a", "one", "two"), encoded("b", "three")]
        store.replace(batch)
        a, b = doc_id_of("a"), doc_id_of("b")
        asked = [f"{b}-00000", f"{a}-00001", f"{a}-00009", "nonsense", f"{a}-1", "", f"{a}-00000"]
        assert [p.text for p in store.get(asked)] == ["three", "two", "one"]
        assert store.get([]) == []

    # Suggestions

    def test_suggestions_are_titles_and_headings_by_the_beginning_of_a_word(self, store: Store) -> None:
        store.replace(
            [
                encoded(
                    "a", "x", "y", title="Open a File", headings=[("Guide", "Reading files"), ("Guide", "Filters")]
                ),
                encoded("b", "x", title="Open a File"),
                encoded("c", "x", title="Äpfel  und\nFilme"),
                encoded("d", "x", title="Profile"),
            ]
        )
        assert store.suggest("fil") == ["Open a File", "Äpfel und Filme", "Filters", "Reading files"]
        assert store.suggest("FIL", k=3) == ["Open a File", "Äpfel und Filme", "Filters"]
        assert store.suggest("open a f") == ["Open a File"]
        assert store.suggest("äpf") == store.suggest("apf") == ["Äpfel und Filme"]
        assert store.suggest("") == []
        assert store.suggest("guide") == []
        assert store.suggest("%") == []
        assert store.suggest("file_") == []

    def test_suggestions_know_parts_of_identifiers_and_no_numbers_of_sections(self, store: Store) -> None:
        headings = [("R", "4.2. DeadlockLoserException"), ("R", "PRAGMA foreign_keys"), ("R", "7 ways to lose")]
        store.replace([encoded("a", "x", "y", "z", title="2. Reference", headings=headings)])
        assert store.suggest("ref") == ["Reference"]
        assert store.suggest("lose") == ["7 ways to lose", "DeadlockLoserException"]
        assert store.suggest("keys") == store.suggest("foreign_k") == ["PRAGMA foreign_keys"]
        assert store.suggest("4") == []

    def test_a_suggestion_is_a_title_as_long_as_some_page_to_be_shown_has_it(self, store: Store) -> None:
        store.replace([encoded("a", "x", title="Guide", headings=[("Guide", "Fox")]), encoded("b", "x", title="Foxes")])
        assert store.suggest("fox") == ["Foxes", "Fox"]
        store.replace([encoded("c", "x", title="Fox")])
        assert store.suggest("fox") == ["Fox", "Foxes"]
        assert store.suggest("fox", k=1) == ["Fox"]

    # Facets

    def test_facets_count_documents_not_passages(self, store: Store) -> None:
        store.replace(
            [
                encoded("docs/a", "fox", "fox", "dog", metadata={"team": "b=c"}),
                encoded("docs/b/c", "fox", metadata={"team": "a"}),
                encoded("blog/x", "fox", "fox", language="de", metadata={"team": "a", "teams": "z"}),
                encoded("top.html", "fox", language=None, source="files"),
                encoded("docs/d", "dog"),
            ]
        )
        fields = ["path", "language", "source", "site", "metadata.team", "metadata.none"]
        assert store.facets("fox", fields) == {
            "path": [("/docs", 2), ("/", 1), ("/blog", 1)],
            "language": [("en", 2), ("de", 1)],
            "source": [("web", 3), ("files", 1)],
            "site": [("example.com", 4)],
            "metadata.team": [("a", 2), ("b=c", 1)],
            "metadata.none": [],
        }
        assert store.facets("", ["path"], size=1) == {"path": [("/docs", 3)]}
        assert store.facets("fox", ["language"], Filters(language=("de",))) == {"language": [("de", 1)]}
        assert store.facets('"fox dog"', ["language"]) == {"language": []}
        assert store.facets("fox", []) == {}

    def test_counts_are_exact_for_a_thousand_documents(self, store: Store) -> None:
        batch = [encoded(str(i), "fox", "fox", metadata={"half": str(i % 2)}) for i in range(1000)]
        store.replace(batch)
        assert store.candidates("fox", None, 1).matched_documents == 1000
        assert store.facets("fox", ["metadata.half"]) == {"metadata.half": [("0", 500), ("1", 500)]}
        assert store.count() == StoreCount(1000, 2000)

    def test_the_version_is_another_one_after_every_change(self, store: Store) -> None:
        seen = [store.version()]
        store.replace([encoded("a", "fox")])
        seen.append(store.version())
        assert store.version() == seen[-1]
        store.candidates("fox", None, 10)
        assert store.version() == seen[-1]
        store.replace([encoded("a", "dog")])
        seen.append(store.version())
        store.delete([doc_id_of("a")])
        seen.append(store.version())
        assert len(set(seen)) == len(seen)

    # Scanning and threads

    def test_scan_yields_every_head_by_doc_id(self, store: Store) -> None:
        batch = [encoded(str(i), "text", access=("staff",) if i % 2 else ()) for i in range(25)]
        store.replace(batch)
        assert list(store.scan()) == sorted((d.head for d in batch), key=lambda head: head.doc_id)

    def test_threads_read_and_write_at_once_and_see_whole_documents(self, store: Store) -> None:
        versions = [self.consistent(str(n)) for n in range(12)]
        store.replace([versions[0]])
        stop, errors = threading.Event(), list[BaseException]()

        def read() -> None:
            try:
                while not stop.is_set():
                    found = store.candidates("fox", vector_of("x"), 10)
                    assert found.matched_documents == 1
                    for candidates in (found.lexical, found.dense):
                        assert len({c.passage.head.content_hash for c in candidates}) == 1
                        assert len(candidates) == 3
                    assert len({p.text.split()[-1] for p in store.passages(doc_id_of("a"))}) == 1
            except BaseException as error:  # noqa: BLE001 - raised again in the main thread
                errors.append(error)

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for version in versions[1:]:
            store.replace([version])
        stop.set()
        for thread in threads:
            thread.join()
        if errors:
            raise errors[0]

    @staticmethod
    def consistent(version: str) -> EncodedDocument:
        return encoded("a", *(f"fox {i} of {version}" for i in range(3)), version=version)

    def test_closing_twice_is_safe(self, store: Store, open_reader: OpenStore) -> None:
        reader = open_reader()
        reader.close()
        reader.close()


def key_of(passage_id: str, keys: Sequence[str] | dict[str, datetime | None]) -> str:
    return next(key for key in keys if passage_id.startswith(doc_id_of(key)))
