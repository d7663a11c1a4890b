"""Weak labels and the copy of an index that has lost them."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from crawler.page import Section, place_sections
from indexer.document import Document, Head, Passage, doc_id_of
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from ranker.evaluation.weak import copied_heads, copy_without_queries, weak_labels, without

BODY = "It is made of oak and stands in the hall of the old house near the river, where visitors can see it. " * 2


def page(key: str, *access: str) -> Document:
    title = f"Cabinet number {key}"
    head = Head(doc_id_of(key), f"http://site.test/{key}", title, key, access=access)
    return Document(head, place_sections([Section(f"{key} {BODY}"), Section(f"Polish. {BODY}", (f"Care of {key}",))]))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    with closing(EmbeddedStore(tmp_path / "index", writable=True)) as opened:
        Indexer(opened, HashingEncoder()).index([*map(page, "abcdef"), page("secret", "staff")])
        yield opened


def test_a_page_asks_one_thing_and_the_sample_is_the_same_each_time(store: EmbeddedStore) -> None:
    labels = weak_labels(store, 4)
    assert len(labels.queries) == 4
    assert weak_labels(store, 4) == labels
    for doc_id, query in labels.queries.items():
        (head,) = (head for head in store.scan() if head.doc_id == doc_id)
        assert query in (head.title, f"Care of {head.title[-1]}")
    assert weak_labels(store, 100).queries.keys() == {doc_id_of(key) for key in "abcdef"}


def test_a_copy_has_pages_without_their_queries_and_the_right_vectors(store: EmbeddedStore, tmp_path: Path) -> None:
    queries = {doc_id_of("a"): "Cabinet number a", doc_id_of("b"): "Care of b"}
    encoder = HashingEncoder()
    with closing(EmbeddedStore(tmp_path / "copy", writable=True)) as copy:
        Indexer(copy, encoder).check()
        heads = copied_heads(store, queries, 4)
        copy_without_queries(store, copy, encoder, heads=heads, queries=queries)
        assert copy.count().documents == 4
        titled, headed = copy.passages(doc_id_of("a")), copy.passages(doc_id_of("b"))
        assert {passage.head.title for passage in titled} == {""}
        assert {passage.head.title for passage in headed} == {"Cabinet number b"}
        assert [passage.heading_path for passage in headed] == [(), ()]
        (other,) = (head.doc_id for head in heads[2:3])
        assert copy.passages(other) == store.passages(other)
        for passage in (*titled, *headed):
            vector = copy.known_vectors([passage.head.doc_id])[passage.text_to_encode]
            np.testing.assert_allclose(vector, encoder.encode_passages([passage.text_to_encode])[0], atol=1e-3)


def test_pages_with_queries_are_all_copied_and_no_secret_one(store: EmbeddedStore) -> None:
    labels = weak_labels(store, 5)
    assert {head.doc_id for head in copied_heads(store, labels.queries, 1)} == labels.queries.keys()
    assert len(copied_heads(store, labels.queries, 100)) == 6


def test_the_name_of_the_site_is_no_part_of_a_query(tmp_path: Path) -> None:
    def titled(name: str) -> Document:
        head = Head(doc_id_of(name), name, f"The {name} room — Old House Museum", name)
        return Document(head, place_sections([Section(f"{name} {BODY}")]))

    with closing(EmbeddedStore(tmp_path / "index", writable=True)) as store:
        Indexer(store, HashingEncoder()).index(map(titled, ("red", "blue", "green")))
        queries = weak_labels(store, 10).queries
        assert set(queries.values()) == {"The red room", "The blue room", "The green room"}
        (passage,) = store.passages(doc_id_of("red"))
        assert without(passage, "The red room").head.title == "Old House Museum"


def test_a_query_is_taken_out_of_title_headings_and_text_whatever_its_case() -> None:
    head = Head("1", "u", "Setting  up", "h")
    found = without(Passage(head, 0, "Before setting\nUP the loom, read.", ("Guide", "setting up")), "Setting up")
    assert (found.head.title, found.heading_path) == ("", ("Guide",))
    assert found.text.split() == ["Before", "the", "loom,", "read."]
