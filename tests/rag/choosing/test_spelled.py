"""Slips that share the stem of the right word are read as that word."""

import pytest

from indexer.document import Head, Passage
from rag.choosing.spelled import as_spelled

TEXT = "Units gain experience in battle. Recurring payments are scheduled. The kettle is kept."


def passages(text: str = TEXT, language: str | None = "en") -> list[Passage]:
    return [Passage(Head("kettles", "https://a.example/", "Kettles", "", language=language), 0, text)]


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("How do units gain experiance?", "How do units gain experience?"),
        ("Can I set a recuring payment?", "Can I set a recurring payment?"),
        ("Which units are experienced?", "Which units are experienced?"),
        ("Is it a scheduler?", "Is it a scheduler?"),
        ("Where is the Experiance_Table?", "Where is the Experiance_Table?"),
    ],
)
def test_a_slip_with_the_stem_of_a_word_of_the_pages_is_that_word(question: str, meant: str) -> None:
    assert as_spelled(question, passages()) == meant


def test_what_the_pages_hold_or_what_they_are_not_in_english_stays() -> None:
    question = "How do units gain experiance?"
    assert as_spelled(question, passages(f"{TEXT} So they wrote experiance.")) == question
    assert as_spelled(question, passages(language="de")) == question
    assert as_spelled(question, []) == question
