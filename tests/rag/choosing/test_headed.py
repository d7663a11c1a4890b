"""Headings that say together what is asked."""

import pytest

from rag.choosing.headed import initials_in, says_the_deed
from ranker.words import term_set


@pytest.mark.parametrize(
    ("question", "headings", "says"),
    [
        ("How do I install a kettle?", ("Kettle manual", "Installing"), True),
        ("How do I install a kettle?", ("Kettle manual", "2. Install"), True),
        ("How do I install a kettle?", ("Kettle manual", "Installing filters"), False),
        ("How do I install a kettle?", ("Pot manual", "Installing"), False),
        ("How do I install a kettle?", ("Kettle manual", "Kettle install"), False),
        ("How do I install a kettle?", (), False),
    ],
)
def test_a_heading_says_the_deed_below_one_that_says_the_thing(
    question: str, headings: tuple[str, ...], says: bool
) -> None:
    above = frozenset(term for heading in headings for term in term_set(heading, "en"))
    assert says_the_deed(term_set(question, "en"), headings, above, "en") == says


def test_short_forms_are_found_by_their_initials() -> None:
    headings = ("OpenKettle (Very Plain Network)", "Use")
    assert initials_in("How do I set up a VPN?", headings) == term_set("VPN")
    assert initials_in("How do I set up a LAN?", headings) == frozenset()
