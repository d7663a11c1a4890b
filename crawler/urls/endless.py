"""Paths that go on without end and bring nothing new, as empty months of a calendar do, told by what pages say.

Each page of such a path is found on the one before it. A crawl remembers how many pages in a row, from link to link,
said nothing that pages of their kind had not said before, and follows a long row no further. Digits in an address
decide nothing: topics, parts and events have numbers as well.
"""

import re
from collections.abc import Iterable

LONGEST_ROW = 60
"""So many pages one behind the other without news are a path without end: five years of empty months. Honest sites
list what they hold, so that few links lead to any page, and most pages bring a word of their own."""

NEW_NUMBERS = 3
"""A date, a counter or the time it took to build a page brings a number or two; it takes more to be news."""

BEGINNING_CHARS = 4_000
"""The rest of a page is looked at only where so much of its beginning brings no news."""

MAX_WORDS, MAX_ROWS = 200_000, 100_000
"""Words of all kinds, and rows, that are remembered (some 30 MB); beyond it watching begins anew."""

_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_NUMBER = re.compile(r"\d+")


class EndlessPaths:
    """Counts, for the pages of one crawl, those in a row that brought nothing new."""

    def __init__(self) -> None:
        self._words: dict[str, set[str]] = {}
        self._raw: dict[str, set[str]] = {}
        self._remembered = 0
        self._rows: dict[str, int] = {}
        self._last: dict[str, int] = {}

    def read(self, url: str, referrer: str | None, text: str, links: Iterable[str]) -> int:
        """Learn what a page says that was found on ``referrer``; returns the length of the row that it ends."""
        kind = kind_of(url)
        if kind is None or referrer is None:
            return 0
        row = self._rows.get(referrer, 0)
        if not row and kind_of(referrer) != kind:
            return 0
        if referrer not in self._rows:
            # Another worker, or an earlier run, has read that page.
            row = self._last.get(kind, 0)
        row = 0 if self._is_news(kind, url, text, links) else row + 1
        if len(self._rows) >= MAX_ROWS:
            self._rows.clear()
        self._rows[url] = self._last[kind] = row
        return row

    def leads_nowhere(self, source: str, url: str) -> bool:
        """Whether a link goes on along a path that has brought nothing new for long."""
        return self._rows.get(source, 0) >= LONGEST_ROW and kind_of(url) in self._words

    def _is_news(self, kind: str, url: str, text: str, links: Iterable[str]) -> bool:
        if self._remembered >= MAX_WORDS:
            self._words.clear()
            self._raw.clear()
            self._remembered = 0
        if len(text) > BEGINNING_CHARS and self._is_news(kind, url, text[:BEGINNING_CHARS], links):
            return True
        known, known_raw = self._words.setdefault(kind, set()), self._raw.setdefault(kind, set())
        # Most words were met before as they stand, and are told apart no further.
        raw = set(text.split()) - known_raw
        new = {token.lstrip("0") for token in _TOKEN.findall(" ".join(raw).lower())} - known
        known_raw |= raw
        known |= new
        self._remembered += len(raw) + len(new)
        numbers = {token for token in new if token.isdigit()}
        if len(new) > len(numbers):
            return True
        if len(numbers) < NEW_NUMBERS:
            return False
        # The number of the page and those of its neighbours are no news.
        in_addresses = {number.lstrip("0") for address in (url, *links) for number in _NUMBER.findall(address)}
        return len(numbers - in_addresses) >= NEW_NUMBERS


def kind_of(url: str) -> str | None:
    """What addresses that a program counts up have in common: the path up to a number, the names of the parameters.

    >>> kind_of("http://a.example/calendar/2031/may"), kind_of("http://a.example/list?day=3&room=b")
    ('http://a.example/calendar/', 'http://a.example/list?day&room')
    >>> kind_of("http://a.example/about") is None
    True
    """
    start = url.find("/", 8)
    path, mark, query = url.partition("?")
    number = _NUMBER.search(path, start) if start > 0 else None
    if number is None and not mark:
        return None
    kind = path if number is None else path[: path.rindex("/", 0, number.start()) + 1]
    return kind if not mark else f"{kind}?{'&'.join(sorted({pair.partition('=')[0] for pair in query.split('&')}))}"
