"""Other letters that write the same word: pure functions."""

from collections.abc import Iterator

_HIRAGANA, _KATAKANA = range(0x3041, 0x3097), range(0x30A1, 0x30F7)
_TO_KATAKANA = dict(zip(_HIRAGANA, _KATAKANA, strict=True))
_TO_HIRAGANA = {katakana: hiragana for hiragana, katakana in _TO_KATAKANA.items()}
_TRANSCRIPTION = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


def in_other_kana(word: str) -> Iterator[str]:
    """A Japanese word of one syllabary in the other: ``スシ`` is すし."""
    for table in (_TO_KATAKANA, _TO_HIRAGANA):
        other = word.translate(table)
        if other != word and all(ord(letter) in table or letter == "ー" for letter in word):
            yield other


def transcribed(word: str) -> Iterator[str]:
    """A word with its umlauts as two letters, as a page may have it: ``München`` is Muenchen."""
    other = word.lower().translate(_TRANSCRIPTION)
    if other != word.lower():
        yield other
