"""Which questions are two, what each of them asks, and when a text compares two things itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.apart import apart


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("How do I rename a key and how do I delete it?", "How do I rename a key?", "How do I delete a key?"),
        ("What is a berth? Where can I moor?", "What is a berth?", "Where can I moor?"),
        ("What is a berth, and who runs it?", "What is a berth?", "Who runs a berth?"),
        ("What is the difference between a hub and a switch?", "What is hub?", "What is switch?"),
        ("difference between wide and narrow gauges", "What is wide gauges?", "What is narrow gauges?"),
        ("kettle --fast versus --slow", "What does kettle --fast do?", "What does kettle --slow do?"),
        ("How does open() differ from peek()?", "What does open() do?", "What does peek() do?"),
        ("&& vs. ||", "What does && do?", "What does || do?"),
        ("Compare drift with tide", "What is drift?", "What is tide?"),
    ],
)
def test_two_questions_in_one(question: str, one: str, other: str) -> None:
    found = apart(question)
    assert found is not None and found.questions == (one, other)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "How do I open and close a port?",
        "How do I install it on Linux and Windows?",
        "What is the capital of France?",
        "What is a hub and a switch?",
        "Tell me what it does and how it works",
        "How do I open it and how do I close it and " * 12 + "how?",
        "difference between the hour when a ship is called and the hour at which the same ship comes in",
    ],
)
def test_other_questions_are_one(question: str) -> None:
    assert apart(question) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A hub sends to all, whereas a switch sends to one.", True),
        ("A hub sends to all.", False),
        ("Hubs and switches are sold by weight.", False),
        ("The one differs from the other.", False),
    ],
)
def test_a_text_may_compare_them_itself(text: str, told: bool) -> None:
    found = apart("What is the difference between a hub and a switch?")
    assert found is not None and found.are_told_apart_by(text) is told


def test_of_two_questions_none_is_compared() -> None:
    found = apart("What is a hub and where is it sold?")
    assert found is not None and not found.are_told_apart_by("A hub differs from a switch.")


@given(st.text(alphabet=st.sampled_from(list("what is how do I a vs and ? - é\n")), max_size=200))
def test_any_text_is_one_question_or_two_that_ask(question: str) -> None:
    found = apart(question)
    assert found is None or all(part.endswith("?") and part.strip("? ") for part in found.questions)
