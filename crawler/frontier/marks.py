"""What tells pages of one mould apart: names, numbers, contact details. Dates and counters tell nothing.

Three branches of a shop share a title and fourteen paragraphs, and each has a telephone of its own. The pages of a site
repeat each other often enough with another date or banner. Where both of two pages have marks that the other lacks,
neither stands for the other, however alike they are.
"""

import re
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

MAX_MARKS = 512
"""Kept of a page, the smallest hashes, 2 kB; of a longer page a fair sample."""

MARK_BYTES = 4

_MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|avr|juin|juil|août|déc|ene|abr|ago|dic"
)
_DATE = (
    rf"(?i)\b\d{{1,2}}(?:st|nd|rd|th|\.)? +(?:{_MONTHS})[a-zéû]*\.?,?(?: +\d{{2,4}})?"
    rf"|\b(?:{_MONTHS})[a-zéû]*\.? +\d{{1,2}}(?:st|nd|rd|th)?(?:, *\d{{4}})?\b|\b(?:{_MONTHS})[a-zéû]*\.?,? +\d{{4}}\b"
    r"|\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b|\b\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\b)?|\b(?:19|20)\d\d\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
)
_COUNTER = (
    r"(?i)visit(?:or|s\b|ed)|\bview(?:s|ed)\b|\bhits?\b|counter|generated|rendered|\b(?:last|latest) |updated|modified"
    r"|changed|edited|\bas of\b|copyright|©|posted|published|\bonline\b|seconds|\d ?ms\b|logged|session|revision|besuch"
    r"|aufrufe|aktualisiert|geändert|\bstand\b|veröffentlicht|mis à jour|modifié|publié|\bvues?\b|visitas|actualizado"
    r"|publicado"
)
"""Sentences that tell when a page was made and how often it was seen."""

_ADDRESS = re.compile(rb"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(rb"\d(?:[\d() /.,-]*\d)?")
_NAME = re.compile(rb"[a-z\xa0-\xbf],? ((?:[A-Z]|\xc3[\x80-\x9e])[a-z\x80-\xff]{2,})")
"""A word with a capital inside a sentence."""

_NO_DIGITS = bytes(set(range(256)) - set(b"0123456789"))
_MAX_SENTENCE = 300
_ENDS = (b"\n", b". ", b"! ", b"? ")


def marks(text: str) -> bytes:
    """The hashes of what marks a page, in ascending order, 4 bytes each."""
    found = sorted({zlib.crc32(mark) for mark in _marks(text.encode("utf-8", "replace"))})[:MAX_MARKS]
    return b"".join(mark.to_bytes(MARK_BYTES, "big") for mark in found)


def tell_apart(one: bytes, other: bytes) -> bool:
    """Has each of two pages marks that the other lacks?"""
    first, second = _hashes(one), _hashes(other)
    limit = min(_limit(first), _limit(second))
    mine, others = ({mark for mark in of if mark <= limit} for of in (first, second))
    return bool(mine - others) and bool(others - mine)


def _hashes(told: bytes) -> list[bytes]:
    return [told[i : i + MARK_BYTES] for i in range(0, len(told), MARK_BYTES)]


def _limit(hashes: list[bytes]) -> bytes:
    """Up to which hash all marks of the page are known."""
    return hashes[-1] if len(hashes) >= MAX_MARKS else b"\xff" * MARK_BYTES


def _marks(text: bytes) -> Iterator[bytes]:
    date, counter = _expressions()
    # What tells of time is blanked out, and whole sentences that count; few pages have many of them.
    left = bytearray(text)
    for found in counter.finditer(text):
        low, high = max(0, found.start() - _MAX_SENTENCE), min(len(text), found.end() + _MAX_SENTENCE)
        start = max(low, *(text.rfind(end, low, found.start()) + 1 for end in _ENDS))
        stop = min([at for end in _ENDS if (at := text.find(end, found.end(), high)) >= 0], default=high)
        left[start:stop] = b" " * (stop - start)
    for found in date.finditer(text):
        left[found.start() : found.end()] = b"." * (found.end() - found.start())
    if b"@" in left:
        for found in _ADDRESS.finditer(bytes(left)):
            yield found[0].lower()
            left[found.start() : found.end()] = b"." * (found.end() - found.start())
    for number in _NUMBER.findall(left):
        yield number.translate(None, _NO_DIGITS)
    yield from _NAME.findall(left)


@lru_cache(maxsize=1)
def _expressions() -> tuple[Any, Any]:
    """Both on bytes, by an engine that reads any number of alternatives in one pass."""
    import re2

    return re2.compile(_DATE.encode()), re2.compile(_COUNTER.encode())
