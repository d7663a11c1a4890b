"""A query that is a page's title wants that page: a pure function."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from indexer.asking.exact import exact_tokens
from ranker.hit import Hit

MAX_NAMED = 3
"""A part of a title that more pages share is the name of their site or chapter, and names none of them."""

REMEMBERED_TITLES = 20_000

_SQUEEZING = {code: chr(code).lower() if chr(code).isalnum() else None for code in range(128)}
"""What ``exact_tokens`` make of ASCII without points."""

_SEPARATOR = re.compile(r"\s+[-–—|·•»:]+\s+|:\s+|\s*[–—|·•»]\s*")


def named_first(text: str, hits: Sequence[Hit], *, is_unfinished: bool = False) -> list[Hit]:
    """The hits whose title is ``text`` before all others, then those that are so called but for their site's name.

    Signs, accents and spaces do not count: ``sqlite busy`` is SQLITE_BUSY. A title that only lacks letters of its last
    word counts where the text is unfinished. Scores still never rise from one hit to the next.
    """
    wanted = _squeezed(text)
    if not wanted or not hits:
        return list(hits)
    whole = [hit for hit in hits if _squeezed(hit.passage.head.title) == wanted]
    if is_unfinished:
        whole += [hit for hit in hits if hit not in whole and _is_begun(text, hit.passage.head.title)]
    partly = [hit for hit in hits if hit not in whole and wanted in _pieces(hit.passage.head.title)]
    named = whole + (partly if len(partly) <= MAX_NAMED else [])
    if not named:
        return list(hits)
    first = {hit.passage.head.doc_id for hit in named}
    top = hits[0].score
    return [replace(hit, score=top) for hit in named] + [hit for hit in hits if hit.passage.head.doc_id not in first]


def _is_begun(text: str, title: str) -> bool:
    typed, named = exact_tokens(text), exact_tokens(title)
    return len(typed) == len(named) and typed[:-1] == named[:-1] and named[-1].startswith(typed[-1])


@lru_cache(maxsize=REMEMBERED_TITLES)
def _squeezed(text: str) -> str:
    if text.isascii() and "." not in text and (squeezed := text.translate(_SQUEEZING)):
        return squeezed
    return "".join(token for token in exact_tokens(text) if token.isalnum() or "." in token) or "".join(
        exact_tokens(text)
    )


@lru_cache(maxsize=REMEMBERED_TITLES)
def _pieces(title: str) -> frozenset[str]:
    """The first and the last part of a title: page and site in either order."""
    first, *rest = _SEPARATOR.split(title)
    return frozenset(_squeezed(piece) for piece in (first, *rest[-1:]))
