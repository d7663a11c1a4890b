"""What each parameter of a site brings: pages of their own, or the same page under another value.

Two visits whose addresses differ in one parameter alone tell of that parameter, whatever it is called. Where the values
are long and random, as the numbers of sessions are, two copies and no page of its own are proof, and the parameter is
left out of addresses from then on. Any other parameter has a longer trial.
"""

import re
from collections.abc import Iterator

from crawler.outcome import Outcome, Reason
from crawler.urls.url import origin_of

FAIR_TRIAL, MIN_SHARE = 200, 0.02
"""Of so many visits so large a share must give pages of their own, or no further values of a parameter are tried."""

SESSION_COPIES = 2
"""So many copies under other random values, and no page, make a parameter the number of a session."""

MAX_REMEMBERED = 200_000
"""Addresses less one parameter that are remembered, some 40 MB; beyond it watching begins anew."""

_HEX = re.compile(r"[0-9a-fA-F]{16,}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_BASE64 = re.compile(r"[A-Za-z0-9_+/=.~-]{16,}")
_MIN_KINDS, _MIN_DIFFERENT = 3, 10
_CHANGES = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_MIN_CHANGES = 4

Refused = tuple[Reason, str]
"""A reason and what decided, in words."""


class Parameters:
    """Watches the parameters of one crawl."""

    def __init__(self) -> None:
        self._visited: set[str] = set()
        self._passed: dict[str, str] = {}
        self._tries: dict[str, list[int]] = {}
        self._random: dict[str, list[int]] = {}
        self._sessions: dict[str, set[str]] = {}

    def visited(self, url: str, outcome: Outcome) -> None:
        """Learn from what a URL came to."""
        if not (outcome.is_copy or outcome.is_page) or "?" not in url:
            return
        if len(self._visited) > MAX_REMEMBERED:
            self._visited.clear()
            self._passed.clear()
        origin, path = origin_of(url), url.partition("?")[0]
        for name, value, rest in _each(url):
            if rest in self._visited:
                _count(self._tries, f"{path} {name}", outcome)
                if is_random(value):
                    tries = _count(self._random, f"{origin} {name}", outcome)
                    if tries[0] >= SESSION_COPIES and not tries[1]:
                        self._sessions.setdefault(origin, set()).update(name.split("&"))
            self._visited.add(rest)
        self._visited.update(self._as_sessions(url))

    def cleaned(self, url: str) -> str:
        """The URL without numbers of sessions."""
        if not self._sessions or "?" not in url:
            return url
        origin = origin_of(url)
        path, _, query = url.partition("?")
        pairs = query.split("&")
        kept = [pair for pair in pairs if not self._is_session(origin, *_parted(pair))]
        if len(kept) == len(pairs):
            return url
        return f"{path}?{'&'.join(kept)}" if kept else path

    def is_repeated(self, url: str) -> bool:
        """Was this page visited under the number of another session?"""
        return not self._visited.isdisjoint(self._as_sessions(url))

    def _as_sessions(self, url: str) -> list[str]:
        """What ``_each`` gives for the URL under any session of its site."""
        sessions = self._sessions.get(origin_of(url), ())
        path, _, query = self.cleaned(url).partition("?") if sessions else ("", "", "")
        return [_rest(path, query.split("&") if query else [], name) for name in sessions]

    def refusal(self, url: str) -> Refused | None:
        """Why a URL is left out: a parameter has brought nothing but copies, and what else it asks for is known."""
        path = url.partition("?")[0]
        for name, _, rest in _each(url) if self._tries else ():
            visits, pages = self._tries.get(f"{path} {name}", (0, 0))
            if visits + 1 < FAIR_TRIAL or pages >= MIN_SHARE * visits:
                continue
            if rest in self._visited or self._passed.setdefault(rest, url) != url:
                what = f"{visits:,} visits of {path} with other values of {name} gave {pages:,} pages"
                return Reason.BARREN, f"{what}, the rest were copies"
        return None

    def _is_session(self, origin: str, name: str, value: str) -> bool:
        return name in self._sessions.get(origin, ()) and is_random(value)


def is_random(value: str) -> bool:
    """Does a value look as if it was drawn by chance, as numbers of sessions are, rather than written or counted up?

    >>> is_random("9f86d081884c7d659a2feaa0c55ad015"), is_random("dGhpcyBpcyBhIHNlc3Npb24gaWQ1")
    (True, True)
    >>> is_random("how-to-install-python-3-on-debian-12"), is_random("20240105123000000000")
    (False, False)
    """
    value = value.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")
    if _HEX.fullmatch(value):
        return not value.isdigit() and not value.isalpha()
    if not _BASE64.fullmatch(value) or len(set(value)) < _MIN_DIFFERENT:
        return False
    kinds = [any(map(kind, value)) for kind in (str.isdigit, str.islower, str.isupper)]
    return sum(kinds) >= _MIN_KINDS or (sum(kinds) > 1 and len(_CHANGES.findall(value)) >= _MIN_CHANGES)


def _count(tries: dict[str, list[int]], key: str, outcome: Outcome) -> list[int]:
    counts = tries.setdefault(key, [0, 0])
    counts[0] += 1
    counts[1] += outcome.is_page
    return counts


def _each(url: str) -> Iterator[tuple[str, str, str]]:
    """(name, value, the URL without it) for every parameter, and for several random ones together."""
    path, _, query = url.partition("?")
    pairs = query.split("&")
    for i, pair in enumerate(pairs):
        name, value = _parted(pair)
        yield name, value, _rest(path, pairs[:i] + pairs[i + 1 :], name)
    drawn = [pair for pair in pairs if is_random(_parted(pair)[1])]
    if len(drawn) > 1:
        names = "&".join(_parted(pair)[0] for pair in drawn)
        yield names, _parted(drawn[0])[1], _rest(path, [pair for pair in pairs if pair not in drawn], names)


def _rest(path: str, pairs: list[str], name: str) -> str:
    return f"{path}?{'&'.join(sorted(pairs))} {name}"


def _parted(pair: str) -> tuple[str, str]:
    name, _, value = pair.partition("=")
    return name, value
