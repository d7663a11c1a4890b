"""Words of a text and their stems, as the index's analysers make them, and the stems of a passage as numbers.

The numbers are made when a passage is stored, so that a search need not read two hundred passages word by word.
"""

import re
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from indexer.languages import CJK, FOLDED_FIRST, PLAIN, analyser_of, normal_form

CJK_CHARACTERS = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
)
ANY_WORD = re.compile(
    rf"[{CJK_CHARACTERS}]|(?![{CJK_CHARACTERS}])[^\W_](?:(?![{CJK_CHARACTERS}])[^\W_]|[\u0300-\u036f])*"
)
"""Accents that stand after their letters belong to the word."""

SPACED_WORD = re.compile("[^\\W_]+(?:[\u0300-\u036f]+[^\\W_]*)*")
"""The same in texts without CJK characters, found in a fraction of the time."""

_ASCII_WORDS = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
_PRINTED_MARKS = re.compile("[\u2010-\u2027\u2030-\u205e\u00a0\u00ab\u00b7\u00bb]")
"""All that most English texts have beyond ASCII; between words they count as spaces do."""

_IS_CJK = re.compile(rf"[{CJK_CHARACTERS}]")

_QUESTION_WORDS = (
    "a about after all also am an and any are as at be because been before being between both but by can could did do "
    "does doing during for from had has have he her here him his how i if in into is it its just may me might must my "
    "nor of on or our out over own s shall she should so some such t than that the their them then there these they "
    "this those through to until up upon us was we were what when where which while who whom whose why will with would "
    "you your"
)
"""English words that say nothing of what a question is about; text engines' lists lack most of those in questions."""

_LANGUAGES_WITH_STOPWORDS = (
    "danish dutch english finnish french german hungarian italian norwegian portuguese russian spanish swedish"
)
REMEMBERED_WORDS = 100_000

_STOPWORDS = frozenset(_QUESTION_WORDS.split())
_WITH_STOPWORDS = frozenset(_LANGUAGES_WITH_STOPWORDS.split())

StemNumbers = NDArray[np.uint32]

NUMBERS_VERSION = 1
"""Raised by one, to 127 at most, whenever words or stems become others; stored numbers of another one are passed over.
"""

_VERSION_SHIFT = 24
_MAX_COUNT = (1 << _VERSION_SHIFT) - 1
_IS_STEM = 1 << 31


def has_cjk(text: str) -> bool:
    """Whether there is a Chinese, Japanese or Korean character in the text."""
    return not text.isascii() and not _is_western(text) and _IS_CJK.search(text) is not None


def is_cjk(word: str) -> bool:
    """Whether a word is one or more characters of these languages."""
    return _IS_CJK.match(word) is not None


def _is_western(text: str) -> bool:
    """Whether a text keeps to Western European print, told much sooner than by an expression."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def stem(word: str, language: str | None = None) -> str:
    """The stem of one word, or a CJK pair as it is."""
    return word if is_cjk(word) else analysed_word(word, analyser_of(language))[0]


def is_stopword(word: str, language: str | None = None) -> bool:
    """Whether a word says nothing of what a query is about."""
    return analysed_word(word, analyser_of(language))[1]


def plain_words(text: str) -> list[str]:
    """The words of a text without their places, those of ASCII texts in lower case: quicker than an expression."""
    plain = text if text.isascii() else _PRINTED_MARKS.sub(" ", text)
    if plain.isascii():
        return plain.translate(_ASCII_WORDS).split()
    if has_cjk(plain):
        return ANY_WORD.findall(plain)
    return [word for piece in plain.split() for word in ((piece,) if piece.isalnum() else SPACED_WORD.findall(piece))]


def stem_number(of: str) -> int:
    """The number of a stem: 31 bits of its checksum, and a bit that tells it from a count."""
    return crc32(of.encode("utf-8", "replace")) | _IS_STEM


def numbered(text: str, language: str | None = None) -> bytes:
    """How many words a text has, then the numbers of its distinct stems, as little-endian uint32."""
    words = plain_words(text)
    numbers = {*map(_numbers(analyser_of(language)).__getitem__, {*words})}
    count = NUMBERS_VERSION << _VERSION_SHIFT | min(len(words), _MAX_COUNT)
    return np.fromiter((count, *numbers), "<u4", len(numbers) + 1).tobytes()


def is_current(numbers: bytes) -> bool:
    """Whether ``numbered`` makes such ones today."""
    return numbers[3:4] == bytes([NUMBERS_VERSION])


def counts_of(numbers: StemNumbers) -> NDArray[np.int64]:
    """The counts of words among first numbers."""
    return (numbers & _MAX_COUNT).astype(np.int64)


class Stems(dict[str, str]):
    """Word -> stem, made when first asked for; a dictionary, since a call for each word of a text takes long."""

    def __init__(self, analyser: str) -> None:
        super().__init__()
        self._analyser = analyser

    def __missing__(self, word: str) -> str:
        if len(self) >= REMEMBERED_WORDS:
            self.clear()
        self[word] = found = analysed_word(word, self._analyser)[0]
        return found


class _Numbers(dict[str, int]):
    """Word -> the number of its stem, made when first asked for."""

    def __init__(self, analyser: str) -> None:
        super().__init__()
        self._analyser = analyser

    def __missing__(self, word: str) -> int:
        if len(self) >= REMEMBERED_WORDS:
            self.clear()
        self[word] = number = stem_number(word if is_cjk(word) else analysed_word(word, self._analyser)[0])
        return number


@lru_cache
def stems_of(analyser: str) -> Stems:
    """The stems of an analyser's words met so far."""
    return Stems(analyser)


@lru_cache
def _numbers(analyser: str) -> _Numbers:
    return _Numbers(analyser)


@lru_cache(maxsize=REMEMBERED_WORDS)
def analysed_word(word: str, analyser: str) -> tuple[str, bool]:
    """(stem, whether it is a stop word) of one word."""
    lowered = normal_form(word).casefold()
    if lowered in _STOPWORDS:
        return lowered, True
    stemmer, stopper = _analysers(analyser)
    stemmed = stemmer.analyze(lowered)
    return (stemmed[0] if stemmed else lowered), stopper is not None and not stopper.analyze(lowered)


@lru_cache
def _analysers(analyser: str) -> tuple[Any, Any]:
    """tantivy's stemmer for one word, and its stop word filter or None."""
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    stemmer = TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.lowercase())
    if analyser in FOLDED_FIRST:
        stemmer = stemmer.filter(Filter.ascii_fold())
    if analyser not in (CJK, PLAIN):
        stemmer = stemmer.filter(Filter.stemmer(analyser))
    stopper = None
    if analyser in _WITH_STOPWORDS:
        stopper = TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.stopword(analyser)).build()
    return stemmer.filter(Filter.ascii_fold()).build(), stopper
