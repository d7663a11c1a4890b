"""Questions that their paragraph no longer answers."""

import random
from collections.abc import Callable

import pytest

from ranker.training.opposites import OPPOSITES
from ranker.training.sources.unanswerable import (
    changed,
    negation,
    opposite,
    other_name,
    other_number,
    other_thing,
)

PARAGRAPH = (
    "The first mill of Harlow was built in 1812 by the miller Jane Pryor. It burned in 1840, and Tom Ashby "
    "bought the ruin from the Duke of Kent for 300 pounds. The largest wheel turned twelve stones."
)
ELSEWHERE = "The bakery of Upton opened in 1861. Its oven was heated by steam, and Rosa Lane sold bread in Rye."


def times(change: Callable[..., str | None], question: str, answer: str) -> set[str | None]:
    return {change(question, PARAGRAPH, answer, ELSEWHERE, random.Random(seed)) for seed in range(60)}


def test_another_name_is_neither_in_the_question_nor_the_answer() -> None:
    found = times(other_name, "Who bought the mill of Harlow?", "Tom Ashby")
    names = {text.removeprefix("Who bought the mill of ").rstrip("?") for text in found if text}
    assert names == {"Jane Pryor", "Duke of Kent", "Upton", "Rosa Lane", "Rye"}


def test_a_question_without_a_name_keeps_its_first_word() -> None:
    assert times(other_name, "Who bought the mill?", "Tom Ashby") == {None}


def test_another_number_has_as_many_digits() -> None:
    assert times(other_number, "Who built the mill of 1812?", "Jane Pryor") == {
        "Who built the mill of 1840?",
        "Who built the mill of 1861?",
    }


def test_an_opposite_takes_the_place_of_its_word() -> None:
    assert times(opposite, "Who bought the largest wheel?", "Tom Ashby") == {
        "Who sold the largest wheel?",
        "Who bought the smallest wheel?",
    }
    assert times(opposite, "First, who came?", "Tom") == {"Last, who came?"}


@pytest.mark.parametrize(
    ("question", "forms"),
    [
        ("What does the wheel turn?", {"What doesn't the wheel turn?", "What does the wheel not turn?"}),
        ("Who was the miller?", {"Who wasn't the miller?", "Who was not the miller?"}),
        ("Who bought the ruin?", {"Who never bought the ruin?"}),
        ("Who did not pay?", {"Who did pay?"}),
    ],
)
def test_a_negation_is_put_in_or_taken_out(question: str, forms: set[str]) -> None:
    assert forms <= times(negation, question, "Tom Ashby")


def test_another_thing_is_one_that_the_paragraph_lacks() -> None:
    found = times(other_thing, "How many stones were turned by the wheel?", "twelve")
    assert "How many stones were heated by the wheel?" in found
    assert found <= {"How many stones were heated by the wheel?", "How many stones were opened by the wheel?", None}


def test_a_change_is_made_by_one_rule_and_the_seed_decides_which() -> None:
    question = "Who first bought the mill of Harlow in 1840?"
    found = times(changed, question, "Tom Ashby")
    assert len(found) > 8
    assert question not in found
    assert found == times(changed, question, "Tom Ashby")


def test_what_no_rule_fits_is_left_out() -> None:
    assert changed("Mill?", PARAGRAPH, "Tom Ashby", "", random.Random(0)) is None


def test_opposites_go_both_ways_and_no_word_is_its_own() -> None:
    assert len(OPPOSITES) > 300
    for word, others in OPPOSITES.items():
        assert word not in others
        assert all(word in OPPOSITES[other] for other in others)
