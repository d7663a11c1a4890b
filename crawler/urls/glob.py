"""Globs over URLs: ``*`` is any characters, ``?`` is one; a glob that starts with ``/`` means path and query."""

import re
from functools import lru_cache


@lru_cache(maxsize=1024)
def patterns_of(globs: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """The globs, each to be matched in full by ``first_match``."""
    return tuple(re.compile(re.escape(glob).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL) for glob in globs)


def first_match(patterns: tuple[re.Pattern[str], ...], url: str, path: str) -> int | None:
    """The index of the first pattern that fits a URL or its path and query."""
    return next((i for i, p in enumerate(patterns) if p.fullmatch(path if p.pattern.startswith("/") else url)), None)
