"""Follow-ups become questions that stand by themselves, and new subjects stay as they are."""

import pytest

from rag.dialogue.follow_up import Understood, understand
from rag.dialogue.topic import Topic, doing, topic_of
from rag.dialogue.turn import Turn


def understood(before: str, question: str) -> Understood:
    return understand(question, [Turn(before, before)])


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("How do I install the agent on macOS?", "and on Debian?", "How do I install the agent on Debian?"),
        ("How do I connect from Ruby with TLS?", "And from Go?", "How do I connect from Go with TLS?"),
        ("How do I print a page?", "and without margins?", "How do I print a page without margins?"),
        ("What does the small box cost?", "What about the large box?", "What does the large box cost?"),
        ("What is the limit of max_depth?", "and max_links?", "What is the limit of max_links?"),
        ("Which port does Grafana use?", "how about Prometheus?", "Which port does Prometheus use?"),
        ("How long is the warranty for kettles?", "and toasters?", "How long is the warranty for toasters?"),
        ("How do I archive a project?", "How do I undo that?", "How do I undo archiving a project?"),
        (
            "How do I archive a project?",
            "Can I do that from the terminal?",
            "Can I archive a project from the terminal?",
        ),
        ("How do I archive a project?", "how do I find it again?", "How do I find a project again?"),
        ("How do I archive a project?", "why?", "Why archive a project?"),
        ("How do I archive a project?", "Does it cost anything?", "Does archiving a project cost anything?"),
        ("What is a lease?", "how long does it last?", "How long does a lease last?"),
        ("What is a lease?", "What are its fields?", "What are the fields of a lease?"),
        ("What is a lease?", "Any examples?", "Any examples of a lease?"),
        ("Does the shop accept gift cards?", "Where can I buy them?", "Where can I buy gift cards?"),
        (
            "How do I reset the clock?",
            "and if the battery is empty?",
            "How do I reset the clock if the battery is empty?",
        ),
        ("Wie kündige ich mit einer Karte?", "und ohne Karte?", "Wie kündige ich mit einer Karte ohne Karte?"),
    ],
)
def test_a_follow_up_is_completed(before: str, question: str, expected: str) -> None:
    assert understood(before, question) == Understood(expected, is_follow_up=True)


@pytest.mark.parametrize(
    "question",
    [
        "What is the rate limit of the API?",
        "How do I open a file and then close it?",
        "When a page is gone, how long does it stay in the index?",
        "Which flag is that option that keeps the log?",
        "Is it possible to change the language?",
        "Who wrote the manual?",
        "Thanks",
        "error E4012",
    ],
)
def test_a_new_subject_stays_as_it_is(question: str) -> None:
    assert understood("How do I archive a project?", question) == Understood(question)


def test_without_a_turn_before_nothing_is_added() -> None:
    assert understand("and on Windows?", []) == Understood("and on Windows?")


def test_a_chain_goes_on_from_what_was_understood() -> None:
    first = understood("How do I install it on Linux?", "and on Windows?")
    turns = [
        Turn("How do I install it on Linux?", "How do I install it on Linux?"),
        Turn("and on Windows?", first.text),
    ]
    assert understand("and with Docker?", turns).text == "How do I install it on Windows with Docker?"


@pytest.mark.parametrize("question", ["", "   ", "?", "and", "and?", "what about", "it?", "\\1", "and \\g<0>?", "что?"])
def test_odd_input_gives_a_question_and_no_error(question: str) -> None:
    text = understood("What does \\d mean?", question).text
    assert isinstance(text, str)
    assert bool(text) == bool(question.strip())


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("How can I delete a branch in git?", Topic("delete a branch in git", "a branch in git")),
        ("What is the default value of max_retries?", Topic("", "the default value of max_retries")),
        ("What does HTTP 429 mean?", Topic("", "HTTP 429")),
        ("vacuum", Topic("", "vacuum")),
    ],
)
def test_the_topic_of_a_question(question: str, topic: Topic) -> None:
    assert topic_of(question) == topic


@pytest.mark.parametrize(
    ("action", "form"),
    [("make tea", "making tea"), ("run it", "running it"), ("tie a knot", "tying a knot"), ("reset", "resetting")],
)
def test_an_action_as_a_noun(action: str, form: str) -> None:
    assert doing(action) == form
