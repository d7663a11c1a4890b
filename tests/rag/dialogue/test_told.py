"""Which sentences tell a fact or take it back, and which are questions that only look so."""

import pytest

from rag.dialogue.told import Forget, Remember, asked_name, told


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Remember that my plan is Pro.", Remember("my plan", "Pro")),
        ("please note: our address is 5 High St.", Remember("our address", "5 High St")),
        ("Forget my plan", Forget("my plan")),
        ("forget that my plan is Pro", Forget("my plan")),
        ("Forget everything I said.", Forget("")),
        ("How do I remember that the plan is Pro?", None),
        ("Remember that my plan is what?", None),
        ("What is my plan?", None),
        ("I forget things", None),
    ],
)
def test_telling_is_told_from_asking(text: str, found: Remember | Forget | None) -> None:
    assert told(text) == found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("What is my plan?", "plan"),
        ("what's the deadline", "deadline"),
        ("Do you remember what my address is?", "address"),
        ("How do I change my plan?", ""),
    ],
)
def test_what_is_asked_for_is_spelt_as_it_is_kept(text: str, name: str) -> None:
    assert asked_name(text) == name
