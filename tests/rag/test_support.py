"""How well a quote supports a sentence."""

import pytest

from rag.support import coverage, support


def test_the_same_words_support_fully() -> None:
    assert support("Dictionaries keep order.", "Dictionaries keep order.", 1.0) == 1.0


def test_inflected_words_count() -> None:
    assert coverage("A dictionary keeps insertions", "Dictionaries keep insertion order") == 1.0


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("It was added in 3.8.", "It was added in 3.7."),
        ("It costs 1,200 euros.", "It costs 1,300 euros."),
        ("The order is not kept.", "The order is kept."),
        ("The order is kept.", "The order isn't kept."),
        ("L'ordre n'est pas gardé.", "L'ordre est gardé."),
    ],
)
def test_other_numbers_and_negation_weaken(sentence: str, quote: str) -> None:
    assert support(sentence, quote, 0.95) < 0.75 * support(quote, quote, 0.95)


def test_the_same_number_written_otherwise_is_the_same() -> None:
    assert support("It costs 1200 euros.", "It costs 1,200 euros.", 1.0) > 0.7


def test_a_sentence_without_words_has_no_support() -> None:
    assert support("...", "Order is kept.", 0.0) == 0.0
