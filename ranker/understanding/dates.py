"""Other ways to write a date, for one that was typed in numbers: a pure function."""

import re
from collections.abc import Iterator

_MONTHS = (
    "january february march april may june july august september october november december",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
)
_NAMES = [tuple(dict.fromkeys(names)) for names in zip(*(line.split() for line in _MONTHS), strict=True)]
_YEAR_FIRST = re.compile(r"(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d\d?)(?:[-/.](?P<day>\d\d?))?")
_DAY_FIRST = re.compile(r"(?P<day>\d\d?)(?P<mark>[-/.])(?P<month>\d\d?)(?P=mark)(?P<year>(?:19|20)\d\d)")
_MONTH_FIRST = re.compile(r"(?P<month>\d\d?)/(?P<day>\d\d?)/(?P<year>(?:19|20)\d\d)")
"""As Americans write it; where that is a date as well, both are meant."""


def dates(word: str) -> Iterator[str]:
    """``2024-05-01`` is 1 May 2024, May 1, 2024, 1. Mai 2024 and 01.05.2024; ``2024-05`` is May 2024."""
    for form in (_YEAR_FIRST, _DAY_FIRST, _MONTH_FIRST):
        if (match := form.fullmatch(word)) and 1 <= int(match["month"]) <= 12:
            yield from _written(int(match["year"]), int(match["month"]), int(match["day"] or 0))


def _written(year: int, month: int, day: int) -> Iterator[str]:
    names = _NAMES[month - 1]
    if not day:
        yield from (f"{name} {year}" for name in names)
    elif day <= 31:
        yield from (f"{day} {name} {year}" for name in names)
        yield f"{names[0]} {day} {year}"
        yield from (f"{year}-{month:02}-{day:02}", f"{day:02}.{month:02}.{year}", f"{day}.{month}.{year}")
