"""Addresses that a server makes up without end: paths that repeat themselves, parameters that pile up, calendars.

What only many addresses together show is for ``crawler.urls.combinations``.
"""

import re
from datetime import UTC, datetime

SINGLE_REPEATS = 4
"""``/a/a/a/a``: a relative link that leads deeper into itself each time; three alike occur on honest sites."""

GROUP_REPEATS = 3
LONGEST_GROUP = 4
SCATTERED_REPEATS = 4
"""``/a/b/c/a/c/b/a``: so many segments that stood there before, in whatever order."""

PAIR_REPEATS = 3
FIRST_YEAR, YEARS_AHEAD = 1970, 2
"""A calendar leads on to the next month for ever; what it says of these years is worth reading."""

_CALENDAR = re.compile(
    r"(?:/(?:calendar|events?|agenda|schedule)(?:/[a-z]{1,12})?/|[?&](?:year|date|day|month|start|end)=)(\d{4})(?!\d)",
    re.IGNORECASE,
)
_DATE = re.compile(r"[/=](\d{4})(?:/\d{1,2}/\d{1,2}|-\d{2}(?:-\d{2})?)/?(?=$|[?&])")
_FUTURE_YEARS = 50
"""A date that an address ends with. News of long ago have one too, and what is no year is often higher; but a calendar
steps through the next years, and goes on no further when these are left out."""


def is_trap(path: str, query: str = "") -> bool:
    """Whether a path, or the query after it, shows that the server makes up addresses.

    >>> is_trap("/a/b/a/b/a/b"), is_trap("/library/json.html"), is_trap("/calendar/2987/04")
    (True, False, True)
    """
    return _repeats(path) or _piles_up(query) or _leaves_our_time(f"{path}?{query}")


def _repeats(path: str) -> bool:
    segments = [segment for segment in path.split("/") if segment]
    if len(set(segments)) == len(segments):
        return False
    if len(segments) - len(set(segments)) >= SCATTERED_REPEATS:
        return True
    for size in range(1, LONGEST_GROUP + 1):
        times = SINGLE_REPEATS if size == 1 else GROUP_REPEATS
        for start in range(len(segments) - size * times + 1):
            if segments[start : start + size] * times == segments[start : start + size * times]:
                return True
    return False


def _piles_up(query: str) -> bool:
    pairs = query.split("&")
    return len(pairs) >= PAIR_REPEATS and any(pair and pairs.count(pair) >= PAIR_REPEATS for pair in pairs)


def _leaves_our_time(address: str) -> bool:
    last_year = datetime.now(UTC).year + YEARS_AHEAD
    found = _CALENDAR.search(address)
    if found is not None and not FIRST_YEAR <= int(found[1]) <= last_year:
        return True
    return any(0 < int(year) - last_year <= _FUTURE_YEARS for year in _DATE.findall(address))
