"""Other ways to write a number: pure functions."""

import re
from collections.abc import Iterator

_DECIMAL = re.compile(r"(\d+)([.,])(\d{1,2})([a-z%°]*)", re.IGNORECASE)
_WHOLE = re.compile(r"[1-9]\d{3,8}")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[.,'’ ]\d{3})+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_HEXADECIMAL = re.compile(r"(0x)?((?=[0-9a-f]*\d)[0-9a-f]{6,16})", re.IGNORECASE)
_VERSION = re.compile(r"v(\d+(?:\.\d+)+)", re.IGNORECASE)
_LONG = re.compile(r"\d{5,}")
_MARKS = (",", ".", " ")


def decimals(word: str) -> Iterator[str]:
    """A number with the other decimal mark, apart from its unit: ``12.5kg`` is 12,5 kg."""
    if match := _DECIMAL.fullmatch(word):
        whole, mark, part, unit = match.groups()
        yield f"{whole}{',' if mark == '.' else '.'}{part} {unit}".strip()


def thousands(word: str) -> Iterator[str]:
    """A number with its thousands marked in other ways, or not at all: ``1,000`` is 1000. Years are left alone."""
    if _WHOLE.fullmatch(word) and not _YEAR.fullmatch(word):
        grouped = f"{int(word):,}"
        yield from (grouped.replace(",", mark) for mark in _MARKS)
    elif _GROUPED.fullmatch(word):
        yield re.sub(r"\D", "", word)
        yield from (re.sub(r"\D", mark, word) for mark in _MARKS if mark not in word)


def hexadecimals(word: str) -> Iterator[str]:
    """A code with its ``0x`` or without: ``80004005`` is 0x80004005."""
    if match := _HEXADECIMAL.fullmatch(word):
        yield match[2] if match[1] else f"0x{word}"


def versions(word: str) -> Iterator[str]:
    """A version less its letter: ``v4.2`` is 4.2."""
    if match := _VERSION.fullmatch(word):
        yield match[1]


def numbers_within(word: str) -> Iterator[str]:
    """A long number as a token of its own, which may stand after letters: ``5005565`` is in KB5005565."""
    if _LONG.fullmatch(word):
        yield word
