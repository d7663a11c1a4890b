"""What a text says by how it is built."""

import pytest

from rag.choosing.telling import counts, is_mere_note, is_named, tells_how
from rag.evidence import term_weights
from ranker.words import term_set, terms


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("To clean a copper kettle use vinegar.", True),
        ("It rusts. In order to clean the copper kettle, pour vinegar into it.", True),
        ("Each time you clean a copper kettle, note the day.", False),
        ("To fill a kettle, open it. A copper kettle is easy to clean.", False),
        ("You need to open the lid of the pot and of the cup first and then the copper kettle is clean.", False),
    ],
)
def test_a_sentence_that_begins_with_what_is_to_be_done_tells_how(text: str, tells: bool) -> None:
    wanted = terms("How do I clean a copper kettle?", "en")
    assert tells_how(text, term_weights(wanted, [term_set(text, "en")]), "en") == tells


@pytest.mark.parametrize(
    ("text", "is_note"),
    [
        ("Available since: version 0.3", True),
        ("Status: stable", True),
        ("Note: It is hot. Do not touch it.", False),
        ("Kettles are hot.", False),
    ],
)
def test_a_name_with_a_value_is_a_note(text: str, is_note: bool) -> None:
    assert is_mere_note(text) == is_note


@pytest.mark.parametrize(
    ("heading", "thing", "named"),
    [
        ("Pressure Valve (kitchen)", "What is a pressure valve?", True),
        ("2.1. What is a pressure valve?", "pressure valves", True),
        ("Pressure", "What is a pressure valve?", False),
        ("Pressure valves and lids", "What is a pressure valve?", False),
    ],
)
def test_a_heading_names_a_thing_but_for_its_brackets(heading: str, thing: str, named: bool) -> None:
    assert is_named(heading, thing, "en") == named


@pytest.mark.parametrize(
    ("question", "text", "counted"),
    [
        ("What is the maximum number of lids of a pot?", "Most pots receive two lids.", True),
        ("How many steam valves does it have?", "It has 3 small valves of brass.", True),
        ("How many valves does it have?", "A valve takes 20% less room than 2 lids.", False),
        ("How many valves does it have?", "Version 1.2 has valves.", False),
        ("How long does it take?", "It takes 3 minutes.", False),
    ],
)
def test_a_number_of_what_is_to_be_counted_counts_it(question: str, text: str, counted: bool) -> None:
    assert counts(question, text, "en") == counted
