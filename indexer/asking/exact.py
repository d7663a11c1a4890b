"""Words and signs as they stand, for what must be found exactly: pure functions that both stores and snippets share.

Stores index ``exact_tokens`` joined by spaces, so that no two text engines can part a text differently.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from indexer.languages import normal_form

MAX_TOKEN_CHARS = 64
"""Longer runs are no words (encoded data, hashes); of them the beginning is kept."""

MIN_WORD_CHARS = 2
MAX_WORD_CHARS = 40

_ONE_BY_ONE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Scripts written without spaces between words."""

# A number with points is one token, so that 2.10 is not found within 1.2.10.
_TOKEN = re.compile(
    rf"\d+(?:\.\d+)+|[{_ONE_BY_ONE}]|(?:(?![{_ONE_BY_ONE}])[^\W\d_])(?:[^\W\d_{_ONE_BY_ONE}]|[\u0300-\u036f])*|\d+|[^\w\s]|_"
)
_ASCII_TOKEN = re.compile(r"\d+(?:\.\d+)+|[a-z]+|\d+|[^\w\s]|_")
"""The same in ASCII of lower case, found in a fraction of the time."""

_UNFOLDED = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ſ": "s"}
)
_MARKS = re.compile("[\u0300-\u036f]+")
_CAMEL = re.compile(r"\b[^\W_]*(?:[a-z\d][A-Z]|[A-Z]{2}[a-z])[^\W_]*\b")
_CAMEL_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or one sign at ``[start:end]`` of its text; ``text`` is lower case without accents."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    """Lower case, without accents on Latin letters: ``Größe`` -> grosse."""
    lowered = word.lower()
    if lowered.isascii():
        return lowered
    bare = _MARKS.sub("", unicodedata.normalize("NFD", lowered.translate(_UNFOLDED)))
    return unicodedata.normalize("NFC", bare)


def exact_tokens(text: str) -> list[str]:
    """Words, numbers and single signs in order: ``a->>2.10`` -> a, -, >, >, 2.10."""
    if text.isascii():
        return [token[:MAX_TOKEN_CHARS] for token in _ASCII_TOKEN.findall(text.lower())]
    found = (folded(token)[:MAX_TOKEN_CHARS] for token in _TOKEN.findall(normal_form(text)))
    # Of an accent without its letter nothing is left.
    return [token for token in found if token]


def exact_spans(text: str) -> list[Token]:
    """``exact_tokens`` with their places, of a text as it is shown."""
    found = (Token(folded(normal_form(m.group()))[:MAX_TOKEN_CHARS], *m.span()) for m in _TOKEN.finditer(text))
    return [token for token in found if token.text]


def exact_text(text: str) -> str:
    """What a store indexes, to be parted at spaces alone."""
    return " ".join(exact_tokens(text))


def is_word(token: str) -> bool:
    """Whether a token belongs to the vocabulary: letters alone, neither very short nor very long."""
    return token.isalpha() and MIN_WORD_CHARS <= len(token) <= MAX_WORD_CHARS


def vocabulary_words(tokens: Iterable[str]) -> Iterator[str]:
    """The distinct words among exact tokens, in order."""
    return (token for token in dict.fromkeys(tokens) if is_word(token))


def camel_parts(word: str) -> list[str]:
    """``DeadlockLoserException`` -> Deadlock, Loser, Exception; empty where a word has no humps."""
    return _CAMEL_PART.findall(word) if _CAMEL.fullmatch(word) else []


def parts_text(text: str) -> str:
    """The parts of every word with humps of a text, once each: what finds an identifier by its parts."""
    return " ".join(" ".join(camel_parts(word)) for word in dict.fromkeys(_CAMEL.findall(text)))
