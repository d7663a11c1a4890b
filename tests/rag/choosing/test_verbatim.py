"""Options and signs of a question are found as they stand."""

import pytest

from rag.choosing.verbatim import named_verbatim, verbatim_names
from ranker.words import term_set


@pytest.mark.parametrize(
    ("question", "label", "is_named"),
    [
        ("What does -z do?", "-z string", True),
        ("What does -z do?", "-f, -z", True),
        ("What does -z do?", "-Z", False),
        ("What does -z do?", "-zip", False),
        ("What does --force do?", "--force=<name>", True),
        ("What does --force do?", "--force-all", False),
        ("What does $* hold?", "$*", True),
        ("What is the difference between && and ||?", "||", True),
        ("What does `->>` do?", "a ->> b", True),
        ("What does [ do?", "ls [-l] [name]", False),
        ("What does [ do?", "test, [", True),
        ("What does $? hold?", "$?", True),
    ],
)
def test_a_label_is_of_the_very_name(question: str, label: str, is_named: bool) -> None:
    found = named_verbatim(verbatim_names(question), [label], "Some text.", term_set(question), frozenset())
    assert (found > 0) is is_named


@pytest.mark.parametrize(
    "question", ["What is it?", "Ships - what are they?!", "Salt & pepper / oil", "Is 3 < 4?", "wait ...", "e-mail -5"]
)
def test_punctuation_names_nothing(question: str) -> None:
    assert verbatim_names(question) == []


def test_the_rest_of_the_question_tells_entries_of_one_name_apart() -> None:
    question = "What does the option -v of tar do?"
    names, about = verbatim_names(question), term_set(question)
    right = named_verbatim(names, ["-v"], "Lists each file.", about, term_set("tar lists each file"))
    other = named_verbatim(names, ["-v"], "Tells the version.", about, term_set("cp tells the version"))
    assert 0 < other < right == 1.0
