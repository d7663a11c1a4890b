"""Mining in a real index."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from crawler.page import Section, place_sections
from indexer.document import Document, Head, doc_id_of
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from ranker.training.mine import MineConfig, Topic, mine, sample

TEXTS = {
    "right": "Tides rise when the moon pulls the sea towards it.",
    "holder": "The moon pulls the sea, as every sailor of the tides knows.",
    "near": "The moon and the tides of the sea are old friends.",
    "far": "The tides of fortune turn.",
    "other": "Bread needs flour, water and salt.",
}
ANSWER = "moon pulls the sea"
ALL = MineConfig(bands=tuple((i, i + 1) for i in range(10)), doubt=1e9)
TOPIC = Topic("what makes the tides of the sea rise", frozenset([doc_id_of("right")]), "test", ANSWER)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    with closing(EmbeddedStore(tmp_path_factory.mktemp("index"), writable=True)) as store:
        documents = [
            Document(Head(doc_id_of(key), key, "Sea", key), place_sections([Section(text)]))
            for key, text in TEXTS.items()
        ]
        Indexer(store, HashingEncoder()).index(documents)
        yield store


def wrong_of(store: EmbeddedStore, topic: Topic, config: MineConfig = ALL) -> set[str]:
    (group,) = mine(store, HashingEncoder(), [topic], config)
    return {key for key, text in TEXTS.items() if any(text in passage for passage in group.passages[1:])}


def test_a_group_holds_the_right_passage_with_its_answer_and_what_search_found_near_it(store: EmbeddedStore) -> None:
    (group,) = mine(store, HashingEncoder(), [TOPIC], ALL)
    assert group.passages[0] == f"Sea\n{TEXTS['right']}"
    assert group.span and group.passages[0][slice(*group.span)] == ANSWER
    assert len(group.teacher) == len(group.passages)
    assert (group.query, group.source, group.answers) == (TOPIC.query, "test", True)


def test_passages_that_hold_the_answer_are_not_taken_for_wrong(store: EmbeddedStore) -> None:
    assert wrong_of(store, TOPIC) >= {"near", "far"}
    assert "holder" not in wrong_of(store, TOPIC)
    assert "holder" in wrong_of(store, replace(TOPIC, answer=""))


def test_passages_ranked_far_above_the_right_one_are_not_taken_for_wrong(store: EmbeddedStore) -> None:
    topic = Topic("the moon and the tides of the sea are old friends", frozenset([doc_id_of("far")]), "test")
    assert "near" in wrong_of(store, topic)
    assert "near" not in wrong_of(store, topic, replace(ALL, doubt=0.0))


def test_passages_of_a_right_document_are_never_wrong(store: EmbeddedStore) -> None:
    topic = Topic(TOPIC.query, TOPIC.doc_ids | {doc_id_of("near")}, "test")
    assert "near" not in wrong_of(store, topic)


def test_topics_whose_passage_is_not_found_or_stands_alone_give_no_group(store: EmbeddedStore) -> None:
    topics = [
        Topic("tides", frozenset(["nowhere"]), "test"),
        replace(TOPIC, answer="words that no passage has"),
        replace(TOPIC, doc_ids=frozenset(map(doc_id_of, TEXTS))),
    ]
    assert list(mine(store, HashingEncoder(), topics, ALL)) == []


def test_a_text_of_its_own_takes_the_right_passages_place(store: EmbeddedStore) -> None:
    topic = replace(TOPIC, answer="", own_text="without the sentence")
    (group,) = mine(store, HashingEncoder(), [topic], ALL)
    assert group.passages[0] == "without the sentence"


def test_the_seed_decides_which_passage_of_a_band_is_drawn(store: EmbeddedStore) -> None:
    config = MineConfig(bands=((0, 4),), doubt=1e9)
    topics = [Topic(f"tides of the sea {n}", TOPIC.doc_ids, "test") for n in range(20)]
    once, again, other = (list(mine(store, HashingEncoder(), topics, replace(config, seed=seed))) for seed in (1, 1, 2))
    assert once == again != other
    assert all(len(group.passages) == 2 for group in once)


def test_a_sample_is_the_same_whatever_the_order() -> None:
    topics = [Topic(f"query {n}", frozenset(["d"]), "test") for n in range(100)]
    assert sample(topics, 10) == sample(topics[::-1], 10) != topics[:10]
    assert len(sample(topics, 1000)) == 100
