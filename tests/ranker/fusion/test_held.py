"""Which words of a query passages hold."""

import pytest

from indexer.document import Head, Passage
from ranker.fusion import held
from ranker.fusion.held import words_held
from ranker.words import stem, words

TEXTS = (
    ("en", "The café opens its doors; opened doors, “open” windows – and no_door-way."),
    ("en", "Ωmega opens nothing but x² gates."),
    ("de", "Die Türen öffnen um neun, die Häuser um zehn."),
    ("ja", "東京都は日本の首都です。門が開く。"),
    (None, "Naïve windows e\u0301tude"),
    ("en", ""),
)


def passage(language: str | None, text: str, key: str = "a") -> Passage:
    return Passage(Head(key, "https://a.example", "Doors", key, language=language), 0, text)


@pytest.mark.parametrize("typed", [["doors", "open"], ["Türen", "neun"], ["首都", "東京"], ["naïve", "étude", "x²"]])
def test_the_words_held_are_those_whose_stems_stand_in_the_text(typed: list[str]) -> None:
    passages = [passage(language, text) for language, text in TEXTS]
    stems = {language: [stem(word, language) for word in typed] for language, _ in TEXTS}
    for _ in range(2):  # read anew, then remembered
        found, lengths = words_held(stems, passages)
        for i, one in enumerate(passages):
            standing = {word.stem for word in words(one.text_to_encode, one.head.language)}
            wanted = stems[one.head.language]
            assert found[i].tolist() == [float(w in standing or (len(w) == 2 and w in one.text)) for w in wanted]
            assert lengths[i] == len(words(one.text_to_encode, one.head.language))


def test_a_text_that_changed_is_read_again() -> None:
    assert words_held({"en": ["gate"]}, [passage("en", "a gate")])[0].tolist() == [[1.0]]
    assert words_held({"en": ["gate"]}, [passage("en", "a wall")])[0].tolist() == [[0.0]]


def test_much_is_forgotten_and_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "REMEMBERED_PASSAGES", 2)
    monkeypatch.setattr(held, "REMEMBERED_WORDS", 5)
    passages = [passage("en", f"gate {'abcdefgh'[i]}{'hgfedcba'[i]}word") for i in range(8)]
    for _ in range(3):
        assert words_held({"en": ["gate", "ahword"]}, passages)[0].sum(axis=0).tolist() == [8.0, 1.0]


def test_nothing_holds_nothing() -> None:
    found, lengths = words_held({}, [])
    assert (found.shape, lengths) == ((0, 0), [])
