"""Entries are found by their question or key in any spelling, then by words, and by nothing less."""

import pytest

from rag.recall.asked import Asked
from rag.recall.entries.names import EntryNames


@pytest.fixture
def names() -> EntryNames:
    made = EntryNames()
    for key, question in {
        "1": "How do I cancel my subscription?",
        "2": "How do I renew my subscription?",
        "3": "Is there a student discount on the yearly plan?",
        "opening hours": "opening hours",
    }.items():
        made.add(key, (question, key), question)
    return made


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("how do i CANCEL my subscription", "1"),
        ("Please, how do I renew my subscription?!", "2"),
        ("What are the opening hours?", "opening hours"),
        ("Could you tell me what is the opening-hours", "opening hours"),
        ("How do I cancel", None),
        ("", None),
        ("the", None),
    ],
)
def test_the_very_question_is_known_in_any_spelling(names: EntryNames, question: str, key: str | None) -> None:
    assert names.key_of(Asked(question)) == key


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("Do you have discounts for a student on yearly plans?", "3"),
        ("How can I cancel a subscription?", "1"),
        ("Is there a yearly plan?", None),
        ("What about my subscription?", None),
        ("How do I bake bread?", None),
    ],
)
def test_what_says_nearly_the_same_is_near(names: EntryNames, question: str, key: str | None) -> None:
    found = names.nearest(Asked(question))
    assert (found[0] if found else None) == key
