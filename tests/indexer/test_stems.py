"""Words and their stems, as text and as numbers."""

import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.asking.stems import counts_of, is_current, numbered, plain_words, stem, stem_number
from indexer.languages import STEMMED


@pytest.mark.parametrize("language", [*STEMMED, "zh", "vi"])
@given(st.text(string.ascii_letters, min_size=1, max_size=12))
def test_a_stem_begins_with_the_letter_of_its_word(language: str, word: str) -> None:
    assert stem(word, language)[0] == word[0].lower()


@pytest.mark.parametrize(
    ("text", "language"),
    [("The dogs, the dog; café", "en"), ("Türen öffnen", "de"), ("東京都 Tokyo", "ja"), ("", None)],
)
def test_the_numbers_of_a_text_are_those_of_its_stems(text: str, language: str | None) -> None:
    found = numbered(text, language)
    numbers = np.frombuffer(found, "<u4")
    words = plain_words(text)
    assert is_current(found)
    assert counts_of(numbers[:1]).tolist() == [len(words)]
    assert {*numbers[1:].tolist()} == {stem_number(stem(word, language)) for word in words}
    assert len({*numbers[1:].tolist()}) == len(numbers) - 1
