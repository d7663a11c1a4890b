"""Days, months and years, however they are written. Pure functions."""

import re
from functools import lru_cache

from rag.checks.mismatch import Fact, Mismatch

_MONTHS = "january february march april may june july august september october november december"
_MONTH_OF = {name: i for i, full in enumerate(_MONTHS.split(), start=1) for name in (full, full[:3])} | {"sept": 9}
_NAME = rf"(?P<month>{'|'.join(sorted(_MONTH_OF, key=len, reverse=True))})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_PATTERNS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<![\d.]){_YEAR}-(?P<number>\d{{1,2}})-{_DAY}(?!\d)",
        rf"(?<![\d.]){_DAY}\.(?P<number>\d{{1,2}})\.{_YEAR}(?!\d)",
        rf"\b{_DAY}\.?\s+(?:of\s+)?{_NAME}(?:,?\s+{_YEAR})?\b",
        rf"\b{_NAME}\s+{_DAY}(?:,?\s+{_YEAR})?(?!\d)",
        rf"\b{_NAME},?\s+(?:of\s+)?{_YEAR}\b",
    )
]

Date = tuple[int | None, int | None, int | None]
"""Year, month and day, each None where it is not said."""


@lru_cache(maxsize=2_048)
def dates(text: str) -> tuple[tuple[int, int, Date], ...]:
    """(start, end, date) of each date with a month, in order, none overlapping."""
    found: list[tuple[int, int, Date]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if not any(match.start() < end and start < match.end() for start, end, _ in found):
                found.append((match.start(), match.end(), _date(match)))
    return tuple(sorted(found, key=lambda item: item[:2]))


def without_dates(text: str) -> str:
    """The text with spaces in the place of dates, so that their numbers count nothing."""
    for start, end, _ in dates(text):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def date_mismatches(claim: str, evidence: str) -> list[Mismatch]:
    """Dates of the claim that no date of the evidence bears out; May 2024 is borne out by 5 May 2024."""
    given = [date for _, _, date in dates(evidence)]
    return [
        Mismatch(Fact.DATE, claim[start:end], _written(evidence))
        for start, end, date in dates(claim)
        if not any(_bears_out(other, date) for other in given)
    ]


def _written(evidence: str) -> str:
    return next((evidence[start:end] for start, end, _ in dates(evidence)), "")


def _date(match: "re.Match[str]") -> Date:
    parts = match.groupdict()
    month = int(parts["number"]) if parts.get("number") else _MONTH_OF[parts["month"].casefold()]
    return _number(parts.get("year")), month, _number(parts.get("day"))


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _bears_out(given: Date, wanted: Date) -> bool:
    return all(w is None or w == g for g, w in zip(given, wanted, strict=True))
