"""Relations are told as a person would tell them, towards a thing and away from it."""

import pytest

from indexer.sources.graph.words import as_verb, inverse


@pytest.mark.parametrize(
    ("word", "told", "turned"),
    [
        ("length", "", "is length of"),
        ("date of birth", "", "is date of birth of"),
        ("flows into", "flows into", "what flows into it"),
        ("part of", "is part of", "what is part of it"),
        ("located in", "is located in", "what is located in it"),
        ("is made by", "is made by", "what is made by it"),
        ("has part", "has part", "what has part it"),
        ("accessed from", "is accessed from", "what is accessed from it"),
    ],
)
def test_a_relation_is_told_both_ways(word: str, told: str, turned: str) -> None:
    assert (as_verb(word), inverse(word)) == (told, turned)
