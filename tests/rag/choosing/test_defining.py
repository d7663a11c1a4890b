"""Sentences that say what a thing is, and those that only mention it."""

import pytest

from rag.choosing.defining import defines
from ranker.words import term_set


@pytest.mark.parametrize(
    ("about", "text"),
    [
        ("descaling", "Descaling provides a way to remove chalk without opening the kettle. It takes an hour."),
        ("pressure mode", "Pressure mode (also called steam mode) is a closed vessel's way to boil."),
        ("pressure mode", "The pressure mode lets you boil water later."),
        ("whistle", "A whistle, in the lid of each kettle, is the part that says when water boils."),
        ("ferry", "Ferries are used to carry cars."),
        ("Entkalkung", "Die Entkalkung ist das Entfernen von Kalk."),
        ("bouilloire", "Une bouilloire est un récipient."),
    ],
)
def test_a_sentence_that_says_what_a_thing_is(about: str, text: str) -> None:
    language = {"Entkalkung": "de", "bouilloire": "fr"}.get(about, "en")
    assert defines(text, term_set(about, language), language)


@pytest.mark.parametrize(
    ("about", "text"),
    [
        ("descaling", "Descaling is not required. It takes an hour."),
        ("descaling", "Normally, descaling a kettle in this way will mean that it lasts."),
        ("descaling", "For descaling this is the first button."),
        ("pressure mode", "A kettle with a pressure mode is a closed vessel."),
        ("pressure mode", "See pressure mode."),
        ("pressure mode", ""),
    ],
)
def test_a_sentence_that_only_mentions_it(about: str, text: str) -> None:
    assert not defines(text, term_set(about, "en"), "en")
