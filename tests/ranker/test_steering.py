"""Synonyms, stop words, pins and boosts change what is found, and how it is ordered, as the settings say."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.page import Section, place_sections
from indexer.document import Document, Head, doc_id_of
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from indexer.store import Filters, Store
from ranker.config import RankConfig
from ranker.query import Query
from ranker.rank import Ranker
from ranker.steering import BoostConfig, PinConfig, SteerConfig, SynonymConfig

ENCODER = HashingEncoder()
NOW = datetime.now(UTC)
PAGES = {
    "wlan": "Connect the laptop to the wlan of the library.",
    "wireless": "The wireless network is open to guests.",
    "javascript": "Scripts are written in javascript here.",
    "old/release": "Release notes of the printer driver.",
    "new/release": "Release notes of the printer driver.",
    "secret": "Release notes for the staff.",
}


def document(key: str, text: str) -> Document:
    url = f"https://a.example/{key}"
    age = timedelta(days=1000 if key.startswith("old") else 1)
    access = ("staff",) if key == "secret" else ()
    head = Head(doc_id_of(url), url, key.title(), text, "a.example", f"/{key}", modified_at=NOW - age, access=access)
    return Document(head, place_sections([Section(text, (head.title,))]))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with closing(EmbeddedStore(tmp_path_factory.mktemp("steering") / "index", writable=True)) as store:
        indexer = Indexer(store, ENCODER)
        indexer.check()
        assert indexer.index([document(key, text) for key, text in PAGES.items()]).indexed == len(PAGES)
        yield store


def found(store: Store, steer: SteerConfig, text: str, *, is_steered: bool = True) -> list[str]:
    ranker = Ranker(store, ENCODER, config=RankConfig(steer=steer))
    results = ranker.search(Query(text, mode="lexical", facets=("site",), is_steered=is_steered))
    assert sum(count for _, count in results.facets["site"]) == results.total == len(results.hits)
    scores = [hit.score for hit in results.hits]
    assert scores == sorted(scores, reverse=True)
    return [hit.passage.head.path[1:] for hit in results.hits]


def test_synonyms_find_each_other_and_meanings_only_one_way(store: Store) -> None:
    steer = SteerConfig(synonyms=(SynonymConfig(("wlan", "Wireless network")), SynonymConfig(("js",), ("javascript",))))
    assert found(store, steer, "wlan") == ["wlan", "wireless"]
    assert found(store, steer, "wireless network") == ["wireless", "wlan"]
    assert found(store, steer, "js") == ["javascript"]
    assert found(store, SteerConfig(synonyms=(SynonymConfig(("javascript",), ("wlan",)),)), "wlan") == ["wlan"]
    assert found(store, steer, "wlan", is_steered=False) == ["wlan"]


def test_rules_of_a_site_or_a_language_hold_in_its_searches_alone(store: Store) -> None:
    here, there = ("a.example",), ("b.example",)
    synonyms = SynonymConfig(("javascript",), ("wlan",), site="A.example")
    german = SynonymConfig(("javascript",), ("wlan",), language="de")
    pin = PinConfig(("javascript",), ("https://a.example/wireless",), language="en", site="a.example")

    def keys(rule: SteerConfig, filters: Filters) -> list[str]:
        results = Ranker(store, ENCODER, config=RankConfig(steer=rule)).search(
            Query("javascript", mode="lexical", filters=filters)
        )
        return [hit.passage.head.path[1:] for hit in results.hits]

    assert keys(SteerConfig(synonyms=(synonyms,)), Filters(site=here)) == ["javascript", "wlan"]
    assert keys(SteerConfig(synonyms=(synonyms,)), Filters()) == ["javascript"]
    assert keys(SteerConfig(synonyms=(synonyms,)), Filters(site=here + there)) == ["javascript"]
    assert keys(SteerConfig(synonyms=(german,)), Filters()) == ["javascript"]
    steer = SteerConfig(pins=(pin,))
    assert steer.within(here, ("en",)) == steer
    assert steer.within(here, ()) == steer.within(there, ("en",)) == steer.within((), ()) == SteerConfig()
    assert keys(steer, Filters(site=here)) == ["javascript"]


def test_a_site_that_is_typed_counts_like_a_filter(store: Store) -> None:
    steer = SteerConfig(pins=(PinConfig(("javascript",), ("https://a.example/wireless",), site="a.example"),))
    assert found(store, steer, "javascript site:a.example") == ["wireless", "javascript"]


def test_stop_words_are_not_looked_for_unless_there_is_nothing_else(store: Store) -> None:
    steer = SteerConfig(stop_words=("Library",))
    assert found(store, steer, "library javascript") == ["javascript"]
    assert found(store, steer, "library") == ["wlan"]


def test_pinned_pages_come_first_and_hidden_ones_never(store: Store) -> None:
    pin = PinConfig(("Release  notes!",), ("https://a.example/wlan",), ("https://a.example/old/release",))
    steer = SteerConfig(pins=(pin,))
    assert found(store, steer, "release notes") == ["wlan", "new/release"]
    assert set(found(store, steer, "release notes printer")) == {"old/release", "new/release"}


def test_a_pinned_page_is_shown_to_those_alone_who_may_see_it(store: Store) -> None:
    steer = SteerConfig(pins=(PinConfig(("wlan",), ("https://a.example/secret",)),))
    ranker = Ranker(store, ENCODER, config=RankConfig(steer=steer))
    assert found(store, steer, "wlan") == ["wlan"]
    hits = ranker.search(Query("wlan", mode="lexical", filters=Filters(groups=("staff",)))).hits
    assert [hit.passage.head.path for hit in hits] == ["/secret", "/wlan"]


@pytest.mark.parametrize(
    ("boost", "first"),
    [
        (BoostConfig(3, path="/old"), "old/release"),
        (BoostConfig(0.3, path="/old"), "new/release"),
        (BoostConfig(3, half_life_days=100), "new/release"),
        (BoostConfig(0.3, half_life_days=100), "old/release"),
    ],
)
def test_boosts_move_pages_by_path_and_by_date(store: Store, boost: BoostConfig, first: str) -> None:
    assert found(store, SteerConfig(boosts=(boost,)), "release notes printer")[0] == first


@pytest.mark.parametrize(
    "make",
    [
        lambda: SynonymConfig(("one",)),
        lambda: SynonymConfig(("one", "two"), language="german"),
        lambda: PinConfig(("q",)),
        lambda: PinConfig(("q",), ("u",), ("u",)),
        lambda: BoostConfig(0),
        lambda: BoostConfig(2, half_life_days=0),
        lambda: BoostConfig(2, metadata="team"),
        lambda: BoostConfig(2, language="x"),
    ],
)
def test_rules_that_say_nothing_or_contradict_themselves_are_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=r"."):
        make()


def test_the_settings_are_read_from_a_file(tmp_path: Path) -> None:
    from server.settings.config import load

    file = tmp_path / "recollect.yml"
    file.write_text(
        "rank:\n  steer:\n    synonyms:\n      - words: [wifi, wlan]\n    stop_words: [acme]\n    pins:\n"
        "      - queries: [opening hours]\n        first: [https://a.example/visit]\n"
        "    boosts:\n      - times: 2\n        path: /docs\n"
    )
    steer = load(file, environ={}).rank.steer
    assert steer.synonyms == (SynonymConfig(("wifi", "wlan")),)
    assert steer.pins[0].is_for("Opening hours?") and steer.boosts == (BoostConfig(2.0, path="/docs"),)
