"""Addresses that a server makes up without end, told by one alone: paths that repeat themselves, queries that pile up.

What only many addresses together show is for ``crawler.urls.combinations``, and what their pages show, as those of a
calendar do, for ``crawler.urls.endless``.
"""

SINGLE_REPEATS = 4
"""``/a/a/a/a``: a relative link that leads deeper into itself each time; three alike occur on honest sites."""

GROUP_REPEATS = 3
LONGEST_GROUP = 4
SCATTERED_REPEATS = 4
"""``/a/b/c/a/c/b/a``: so many segments that stood there before, in whatever order."""

PAIR_REPEATS = 3


def is_trap(path: str, query: str = "") -> bool:
    """Whether a path, or the query after it, shows that the server makes up addresses.

    >>> is_trap("/a/b/a/b/a/b"), is_trap("/library/json.html"), is_trap("/calendar/2987/04")
    (True, False, False)
    """
    return _repeats(path) or _piles_up(query)


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
