"""Weak labels of an index."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from crawler.page import Section, place_sections
from indexer.document import Document, Head, doc_id_of
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from ranker.training.mine import Topic
from ranker.training.sources.site import site_topics

LONG = "Open the box and take all the parts out of it. Check that none of them is missing. " * 3


def page(key: str, title: str, *sections: tuple[str, tuple[str, ...]], access: tuple[str, ...] = ()) -> Document:
    head = Head(doc_id_of(key), key, title, key, access=access)
    return Document(head, place_sections([Section(text, path) for text, path in sections]))


@pytest.fixture(scope="module")
def topics(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Topic]]:
    documents = [
        page(
            "a",
            "Setting up the loom",
            (LONG, ()),
            ("Thread the needle first. " + LONG, ("Setting up the loom", "How do I thread it?")),
            ("Short.", ("Setting up the loom", "More about threads")),
            (LONG, ("Setting up the loom", "Further reading here")),
            (LONG, ("Setting up the loom", "int thread(loom *which)")),
            ("Cleaning the loom\n" + LONG, ("Setting up the loom", "Cleaning the loom")),
        ),
        *(page(key, f"Page number {key}", (f"{key}. {LONG}", ("Further reading here",))) for key in "bc"),
        page("secret", "Salaries of the staff", (LONG, ()), access=("staff",)),
    ]
    with closing(EmbeddedStore(tmp_path_factory.mktemp("index"), writable=True)) as store:
        Indexer(store, HashingEncoder()).index(documents)
        yield {topic.query: topic for topic in site_topics(store, "site")}


def test_a_title_asks_for_the_first_text_below_it_without_the_title(topics: dict[str, Topic]) -> None:
    topic = topics["Setting up the loom"]
    assert topic.doc_ids == {doc_id_of("a")}
    assert topic.own_text.startswith("Open the box")
    assert not topic.answers


def test_a_heading_asks_for_its_section_and_a_question_is_answered_by_it(topics: dict[str, Topic]) -> None:
    topic = topics["How do I thread it?"]
    assert topic.own_text.startswith("Setting up the loom\nThread the needle")
    assert "How do I thread it?" not in topic.own_text
    assert topic.answers


def test_a_first_sentence_asks_for_the_rest(topics: dict[str, Topic]) -> None:
    topic = topics["Open the box and take all the parts out of it."]
    assert topic.own_text.startswith("Setting up the loom\nCheck that none")


def test_a_heading_that_the_text_repeats_is_taken_out_of_it(topics: dict[str, Topic]) -> None:
    assert topics["Cleaning the loom"].own_text.startswith("Setting up the loom\nOpen the box")


def test_signatures_of_code_ask_nothing(topics: dict[str, Topic]) -> None:
    assert "int thread(loom *which)" not in topics


def test_what_many_pages_say_or_too_little_stands_below_asks_nothing(topics: dict[str, Topic]) -> None:
    assert "Further reading here" not in topics
    assert "More about threads" not in topics


def test_pages_with_an_access_list_are_not_learned(topics: dict[str, Topic]) -> None:
    assert not any(doc_id_of("secret") in topic.doc_ids for topic in topics.values())
