"""What a question is about."""

import pytest

from rag.choosing.subject import names, names_subject, spelled_apart, subject
from ranker.words import terms


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("What is the default busy timeout?", "busy timeout"),
        ("What does ERR_TOO_BIG mean?", "ERR_TOO_BIG"),
        ("Which kinds of filters are there?", "filters"),
        ("What is the maximum number of seats?", "seats"),
        ("What is the default value?", "default value"),
    ],
)
def test_words_that_ask_are_not_what_a_question_is_about(question: str, about: str) -> None:
    assert subject(terms(question)) == frozenset(terms(about))


@pytest.mark.parametrize(
    ("label", "share"),
    [("4.2. Busy timeout", 1.0), ("(5) BUSY_TIMEOUT", 1.0), ("Timeout", 0.5), ("Locks", 0.0), ("", 0.0)],
)
def test_a_heading_that_names_the_subject_does_so_whatever_its_number(label: str, share: float) -> None:
    assert names_subject(label, frozenset(terms("busy timeout")), {}, "en") == pytest.approx(share)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How much is the Lagoon plan?", ["Lagoon"]),
        ("What does --dry-run do in version 2.10?", ["--dry-run", "2.10"]),
        ("Is retry_after read by Orca?", ["retry_after", "Orca"]),
        ("How do I bake bread?", []),
        ("Where Is The Nearest Shop?", []),
    ],
)
def test_names_in_a_question(question: str, wanted: list[str]) -> None:
    assert names(question) == [frozenset(terms(name)) for name in wanted]


@pytest.mark.parametrize(
    ("question", "text", "found"),
    [
        ("How do I log in?", "Use the login page.", "log"),
        ("Where is the setup?", "To set up the pump, press Start.", "setup"),
        ("Is there a back-up?", "A backup is made.", "back"),
    ],
)
def test_joined_and_parted_spellings_are_one(question: str, text: str, found: str) -> None:
    held = {term for pattern, known in spelled_apart(question) if pattern.search(text) for term in known}
    assert frozenset(terms(found)) <= held


def test_words_that_do_not_stand_together_are_not_joined() -> None:
    assert not any(pattern.search("log the error in a file") for pattern, _ in spelled_apart("How do I log in?"))
