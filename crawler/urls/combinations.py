"""Parameters that a site combines without end: filters of a shop, orders of a list.

What one address alone does not show is seen here over many: the same parameters in another order, more combinations
than the values could be worth. What a parameter brings is for ``crawler.urls.parameters``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from crawler.outcome import Reason
from crawler.urls.parameters import Refused

EXPLOSION = 10
"""Parameters that tell pages apart (a forum's number, a topic's) take about as many values as there are URLs; filters
are combined. So many URLs for each value are an explosion."""

LARGEST_PATH = 20_000
"""A path with more URLs than this has as many values, which its parameters need; it is watched no longer."""

MAX_REMEMBERED = 50_000
"""URLs kept in memory of all paths together, some 20 MB; beyond it they are read from the frontier again."""


@dataclass(slots=True)
class _Path:
    """The URLs of one path with several parameters: each by what it asks for, and the values of all."""

    first: dict[tuple[str, ...], str] = field(default_factory=dict)
    values: set[str] = field(default_factory=set)

    def add(self, key: tuple[str, ...], url: str) -> None:
        self.first.setdefault(key, url)
        self.values.update(key)


class Combinations:
    """Judges the links of one crawl by those before. ``known(prefix, limit)`` gives URLs that begin so."""

    def __init__(self, known: Callable[[str, int], list[str]], limit: int | None) -> None:
        self._known, self._limit = known, limit
        self._paths: dict[str, _Path | None] = {}
        self._remembered = 0

    def refusal(self, url: str) -> Refused | None:
        """Why a URL that belongs to the crawl is left out all the same; None, and it is remembered, when it is not."""
        path, mark, query = url.partition("?")
        if not mark:
            return None
        return self._combined(url, path, _key(query)) if "&" in query else None

    def _combined(self, url: str, path: str, key: tuple[str, ...]) -> Refused | None:
        known = self._path(path)
        if known is None:
            return None
        first = known.first.get(key)
        if first is not None:
            return None if first == url else (Reason.PERMUTED, f"{first} has the same parameters in another order")
        if self._limit is not None and len(known.first) >= max(self._limit, EXPLOSION * len(known.values)):
            what = f"{len(known.first):,} combinations of {len(known.values):,} values at {path}"
            return Reason.COMBINATIONS, f"{what}: crawl.max_combinations={self._limit}"
        self._add(path, known, key, url)
        return None

    def _path(self, path: str) -> _Path | None:
        try:
            return self._paths[path]
        except KeyError:
            pass
        if self._remembered > MAX_REMEMBERED:
            self._paths.clear()
            self._remembered = 0
        self._paths[path] = known = _Path()
        # What earlier crawls, and other workers, have met counts too.
        for url in self._known(f"{path}?", LARGEST_PATH):
            if "&" in url:
                self._add(path, known, _key(url.partition("?")[2]), url)
        return self._paths[path]

    def _add(self, path: str, known: _Path, key: tuple[str, ...], url: str) -> None:
        known.add(key, url)
        self._remembered += 1
        if len(known.first) >= LARGEST_PATH:
            self._paths[path] = None


def _key(query: str) -> tuple[str, ...]:
    """The parameters by name; values of one name keep their order, which may mean something."""
    return tuple(sorted(query.split("&"), key=lambda pair: pair.partition("=")[0]))
