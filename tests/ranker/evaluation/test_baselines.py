"""The baselines agree with what is computed by hand from their definitions, and stand in the table of an evaluation."""

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from ranker.evaluation.baselines import BaselineName, Tfidf, Word2Vec, make_baseline, tokens
from ranker.evaluation.evaluate import EvalConfig, evaluate
from tests.ranker.evaluation.test_evaluate import folder, store

__all__ = ["folder", "store"]

DOCUMENTS = {
    "cat": "The cat purrs on a warm sofa while the other cat sleeps.",
    "dog": "The dog barks at the postman, and the postman runs.",
    "cow": "The cow eats grass on a warm day.",
    "empty": "",
}


def by_hand(query: str) -> dict[str, float]:
    """TF-IDF and cosine, written out: tf times ln((1 + n) / (1 + df)) + 1, both sides of unit length."""
    counts = {name: Counter(tokens(text)) for name, text in DOCUMENTS.items()}

    def weights(of: Counter[str]) -> dict[str, float]:
        found = {}
        for word, times in of.items():
            holding = sum(word in other for other in counts.values())
            if holding:
                found[word] = times * (math.log((1 + len(counts)) / (1 + holding)) + 1)
        length = math.sqrt(sum(weight**2 for weight in found.values()))
        return {word: weight / length for word, weight in found.items()}

    asked = weights(Counter(tokens(query)))
    return {
        name: sum(asked.get(word, 0.0) * weight for word, weight in weights(of).items()) for name, of in counts.items()
    }


@pytest.mark.parametrize("query", ["warm cat", "the postman barks", "unheard of", "grass grass dog"])
def test_tfidf_is_what_its_formula_says(query: str) -> None:
    expected = by_hand(query)
    found = Tfidf(DOCUMENTS)
    np.testing.assert_allclose(found.scores(query), list(expected.values()), atol=1e-6)
    ranked = sorted((name for name in expected if expected[name] > 0), key=lambda name: -expected[name])
    assert found.search(query, 10) == ranked


def test_word_vectors_are_averaged_and_compared_by_cosine() -> None:
    found = Word2Vec(DOCUMENTS)

    def mean(text: str) -> list[float]:
        rows = [found.vectors[word] for word in tokens(text) if word in found.vectors]
        return [sum(float(row[i]) for row in rows) / len(rows) for i in range(len(rows[0]))]

    def cosine(a: list[float], b: list[float]) -> float:
        return sum(x * y for x, y in zip(a, b, strict=True)) / math.dist(a, [0] * len(a)) / math.dist(b, [0] * len(b))

    query = "warm cat"
    expected = [cosine(mean(query), mean(text)) if text else 0.0 for text in DOCUMENTS.values()]
    np.testing.assert_allclose(found.scores(query), expected, atol=1e-5)
    assert found.search("unheard", 10) == []
    np.testing.assert_array_equal(found.scores(query), Word2Vec(DOCUMENTS).scores(query))


def test_they_stand_beside_the_modes(folder: Path, store: EmbeddedStore) -> None:
    config = EvalConfig(modes=("lexical",), baselines=tuple(BaselineName))
    report = evaluate(folder, store, HashingEncoder(), config=config)
    assert list(report["modes"]) == ["lexical", "tfidf", "word2vec"]
    assert report["modes"]["tfidf"]["ndcg@10"] == 1.0


@pytest.mark.parametrize("name", list(BaselineName))
def test_no_documents_give_nothing(name: BaselineName) -> None:
    assert make_baseline(name, {"a": "one word", "b": "two words"}).search("", 5) == []
