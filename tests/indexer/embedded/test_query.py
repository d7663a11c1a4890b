"""Queries over the words of the embedded store."""

import random
from collections.abc import Iterator

import pytest

from indexer.asking.asked import Asked, Form, asked
from indexer.embedded.store import EmbeddedStore
from tests.contracts.store_documents import MANIFEST, encoded

FUNCTION = ["the", "of", "and", "to", "in", "is", "it", "for", "on", "with", "as", "at", "by"]
CONTENT = [f"word{chr(97 + i)}{chr(97 + j)}x" for i in range(6) for j in range(10)]
PASSAGES = 600


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """Passages of a few telling words, the first of which are common, among many function words."""
    chance = random.Random(3)
    made = EmbeddedStore(tmp_path_factory.mktemp("index") / "index", writable=True)
    made.check(MANIFEST)

    def text() -> str:
        telling = [CONTENT[int(len(CONTENT) * chance.random() ** 2)] for _ in range(chance.randint(3, 30))]
        words = telling + chance.choices(FUNCTION, k=chance.randint(5, 60))
        chance.shuffle(words)
        return " ".join(words)

    made.replace([encoded(f"{i}", text(), title=chance.choice(CONTENT)) for i in range(PASSAGES)])
    yield made
    made.close()


QUERIES = (
    asked("what is the wordaax of wordabx and wordacx"),
    asked("wordaax in the wordadx"),
    asked("the wordaax with wordabx by wordacx for wordadx as wordaex"),
    asked("is it of the"),
    asked("of wordfjx"),
    asked("the nowhere"),
    Asked("the wordaax", forms=(Form("wordabx", 0.3), Form("nowhere else", 0.7))),
    Asked("the wordaax of wordabx", forms=(Form("wordacx wordadx", 0.7),), wholes=(Form("wordaax of", 1.0),)),
)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.words)
@pytest.mark.parametrize("k", [5, 40])
def test_the_first_passages_are_those_of_a_list_of_all(store: EmbeddedStore, query: Asked, k: int) -> None:
    """However few are wanted, and by whatever way they are found."""
    few, every = store.candidates(query, None, k).lexical, store.candidates(query, None, PASSAGES).lexical
    assert [c.passage.passage_id for c in few] == [c.passage.passage_id for c in every[:k]]
    assert [c.score for c in few] == pytest.approx([c.score for c in every[:k]], abs=2e-4)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.words)
def test_a_function_word_alone_finds_nothing_where_something_telling_is_asked(
    store: EmbeddedStore, query: Asked
) -> None:
    telling = {word for word in CONTENT if word in query.words or any(word in form.text for form in query.forms)}
    if telling:
        found = store.candidates(query, None, PASSAGES).lexical
        assert all(telling & {*c.passage.text_to_encode.split()} for c in found)
