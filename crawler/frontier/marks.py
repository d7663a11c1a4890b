"""What tells pages of one mould apart: names, numbers, contact details. Dates and counters tell nothing.

Three branches of a shop share a title and fourteen paragraphs, and each has a telephone of its own. The pages of a site
repeat each other often enough with another date or banner. Where both of two pages have marks that the other lacks,
neither stands for the other, however alike they are.
"""

import re
import zlib
from collections.abc import Iterator

MAX_MARKS = 512
"""Kept of a page, the smallest hashes, 2 kB; of a longer page a fair sample."""

MARK_BYTES = 4

_SENTENCE = re.compile(r"(?<=[.!?:;])\s+|\n")
_MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|mars|avr|juin|juil|août|déc|ene|abr|ago"
    "|dic"
)
_DAYS = "mon|tue|wed|thu|fri|sat|sun|today|yesterday|tomorrow"
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th|\.)? +(?:{_MONTHS})[a-zéû]*\.?,?(?: +\d{{2,4}})?"
    rf"|\b(?:{_MONTHS})[a-zéû]*\.? +\d{{1,2}}(?:st|nd|rd|th)?(?:, *\d{{4}})?\b|\b(?:{_MONTHS})[a-zéû]*\.?,? +\d{{4}}\b"
    r"|\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b|\b\d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]\.?m\b)?|\b(?:19|20)\d\d\b"
    rf"|\b(?:{_DAYS})[a-z]*\b",
    re.IGNORECASE,
)
_COUNTER = re.compile(
    r"visit(?:or|s\b|ed)|\bview(?:s|ed)\b|\bhits?\b|counter|generated|rendered|\b(?:last|latest) |updated|modified"
    r"|changed|edited|\bas of\b|copyright|©|posted|published|\bonline\b|seconds|\d ?ms\b|logged|session|revision|besuch"
    r"|aufrufe"
    r"|aktualisiert|geändert|\bstand\b|veröffentlicht|mis à jour|modifié|publié|vues?\b|visitas|actualizado|publicado",
    re.IGNORECASE,
)
"""Sentences that tell when a page was made and how often it was seen."""

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://\S+|\bwww\.\S+")
_NUMBER = re.compile(r"[+(]?\d(?:[\d() /.,-]*\d)?")
_NAME = re.compile(r"(?<=[^\W\d_,] )[A-ZÀ-ÖØ-Þ][^\W\d_]{2,}|(?<=[^\W\d_], )[A-ZÀ-ÖØ-Þ][^\W\d_]{2,}")
"""A word with a capital inside a sentence."""


def marks(text: str) -> bytes:
    """The hashes of what marks a page, in ascending order, 4 bytes each."""
    found = sorted({zlib.crc32(mark.encode("utf-8", "replace")) for mark in _marks(text)})[:MAX_MARKS]
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


def _marks(text: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(text):
        if _COUNTER.search(sentence):
            continue
        left = _DATE.sub(" ", sentence)
        for address in _ADDRESS.findall(left):
            yield address.lower()
        left = _ADDRESS.sub(" ", left)
        for number in _NUMBER.findall(left):
            yield re.sub(r"\D", "", number)
        yield from _NAME.findall(left)
