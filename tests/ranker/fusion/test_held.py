"""Which words of a query passages hold."""

from dataclasses import replace

import pytest

from indexer.asking import stems
from indexer.asking.stems import numbered, stem
from indexer.document import Head, Passage
from indexer.store import Candidate
from ranker.fusion import held
from ranker.fusion.held import words_held
from ranker.words import words

TEXTS = (
    ("en", "The café opens its doors; opened doors, “open” windows – and no_door-way."),
    ("en", "Ωmega opens nothing but x² gates."),
    ("de", "Die Türen öffnen um neun, die Häuser um zehn."),
    ("ja", "東京都は日本の首都です。門が開く。"),
    (None, "Naïve windows e\u0301tude"),
    ("en", ""),
)


def candidate(language: str | None, text: str) -> Candidate:
    return Candidate(Passage(Head("a", "https://a.example", "Doors", "a", language=language), 0, text), 1.0)


def counted(found: Candidate) -> Candidate:
    """The same with the numbers that a store keeps."""
    return replace(found, words=numbered(found.passage.text_to_encode, found.passage.head.language))


@pytest.mark.parametrize("typed", [["doors", "open"], ["Türen", "neun"], ["首都", "東京"], ["naïve", "étude", "x²"]])
def test_the_words_held_are_those_whose_stems_stand_in_the_text(typed: list[str]) -> None:
    read = [candidate(language, text) for language, text in TEXTS]
    asked = {language: [stem(word, language) for word in typed] for language, _ in TEXTS}
    for candidates in (read, read, [counted(one) for one in read]):  # read anew, remembered, kept by the store
        found, lengths = words_held(asked, candidates)
        for i, one in enumerate(c.passage for c in candidates):
            standing = {word.stem for word in words(one.text_to_encode, one.head.language)}
            wanted = asked[one.head.language]
            assert found[i].tolist() == [float(w in standing or (len(w) == 2 and w in one.text)) for w in wanted]
            assert lengths[i] == len(words(one.text_to_encode, one.head.language))


def test_a_text_that_changed_is_read_again() -> None:
    assert words_held({"en": ["gate"]}, [candidate("en", "a gate")])[0].tolist() == [[1.0]]
    assert words_held({"en": ["gate"]}, [candidate("en", "a wall")])[0].tolist() == [[0.0]]


def test_much_is_forgotten_and_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "REMEMBERED_PASSAGES", 2)
    monkeypatch.setattr(stems, "REMEMBERED_WORDS", 5)
    candidates = [candidate("en", f"gate {'abcdefgh'[i]}{'hgfedcba'[i]}word") for i in range(8)]
    for _ in range(3):
        assert words_held({"en": ["gate", "ahword"]}, candidates)[0].sum(axis=0).tolist() == [8.0, 1.0]


def test_numbers_that_are_made_otherwise_today_are_not_used() -> None:
    gate, kept = candidate("en", "a gate"), numbered("a wall", "en")
    old = kept[:3] + bytes([stems.NUMBERS_VERSION + 1]) + kept[4:]
    assert words_held({"en": ["wall", "gate"]}, [replace(gate, words=old)])[0].tolist() == [[0.0, 1.0]]
    assert words_held({"en": ["wall", "gate"]}, [replace(gate, words=kept)])[0].tolist() == [[1.0, 0.0]]


def test_nothing_holds_nothing() -> None:
    found, lengths = words_held({}, [])
    assert (found.shape, lengths) == ((0, 0), [])
