"""Which questions describe a thing instead of naming it, and what they ask once it has a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.described import described


@pytest.mark.parametrize(
    ("question", "first", "about"),
    [
        ("How long is the lamp that dims guaranteed?", "Which lamp dims?", "How long is X guaranteed?"),
        ("Who drew the map that won the Alder prize?", "Which map won the Alder prize?", "Who drew X?"),
        ("In which city is the firm which makes the K7?", "Which firm makes the K7?", "In which city is X?"),
        ("What does the tool that Ann wrote cost?", "Which tool Ann wrote?", "What does X cost?"),
        ("What is the price of the lamp made by Adler?", "Which lamp is made by Adler?", "What is the price of X?"),
        ("When was the person who designed the K9 born?", "Who designed the K9?", "When was X born?"),
        (
            "Where was the founder of the firm that makes the K7 born?",
            "Which firm makes the K7?",
            "Where was the founder of X born?",
        ),
        (
            "Which port does the service whose owner is Ann listen on?",
            "Which service's owner is Ann?",
            "Which port does X listen on?",
        ),
        ("How do I reach the town where the K7 is made?", "In which town the K7 is made?", "How do I reach X?"),
    ],
)
def test_a_description_is_asked_first(question: str, first: str, about: str) -> None:
    parts = described(question)
    assert parts is not None
    assert (parts.first, parts.about("X")) == (first, about)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "How do I open a file?",
        "How do I open a file that is locked?",
        "What is the way that files are opened?",
        "What is the capital of France?",
        "the that",
        "What does the thing that",
    ],
)
def test_other_questions_describe_nothing(question: str) -> None:
    assert described(question) is None


def test_a_name_is_short_and_new() -> None:
    parts = described("How long is the lamp that dims guaranteed?")
    assert parts is not None
    assert parts.is_name("The Orsino 3")
    for text in ("", "the lamp", "The lamp that dims", "Orsino\nThurn", "Orsino " * 20):
        assert not parts.is_name(text)


@given(st.text(alphabet=st.sampled_from(list("the that who whose lamp made by is of , ? é\n")), max_size=200))
def test_any_question_keeps_what_stands_around_the_description(question: str) -> None:
    parts = described(question)
    if parts is not None:
        assert 0 <= parts.start < parts.end <= len(question)
        assert parts.about("X") == " ".join((question[: parts.start] + "X" + question[parts.end :]).split())
        assert parts.first.endswith("?")
