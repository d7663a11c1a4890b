"""Words of an index that are like one that was typed: pure functions that both stores share, so that they agree."""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

MIN_CORRECTED_CHARS = 4
"""Shorter words have too many neighbours: any of them would be a guess."""

TWO_EDITS_FROM_CHARS = 8
MAX_SPELLINGS = 20

MAX_LISTED = 1000
"""So many words with the same beginning or end are looked at, the commonest first."""

COMPOUNDING = frozenset({"danish", "dutch", "finnish", "german", "norwegian", "swedish"})
"""Analysers of languages that write compounds as one word."""

MIN_COMPOUND_PART_CHARS = 4

INFLECTIONS = ("", "e", "en", "er", "es", "et", "n", "na", "ar", "or", "s")
"""Endings that the last part of a compound may have in these languages."""

MIN_INNER_PART_CHARS = 6
"""A shorter word stands within others by chance."""

_VERB_PREFIX = re.compile("(?:un|on|o|u)?(?:be|emp|ent|er|for|ge|her|ont|ver|zer)|un|on")
"""What makes another verb or its opposite, and is no part of a compound: ``unbefristet`` says nothing of a Frist."""

Likeness = Literal["holds", "begins", "near", "compound", "inner", "parts"]


class Pattern(NamedTuple):
    """Which words are wanted of an index.

    - ``holds``: ``text`` itself in any inflection; several words stand side by side.
    - ``begins``: words that begin with ``text``.
    - ``near``: words within ``edits_allowed`` of ``text``.
    - ``compound``: words of a compounding language that begin with ``text``, or end with it or an inflection of it.
    - ``inner``: words of a compounding language that hold ``text`` between other parts.
    - ``parts``: ``text`` itself, two words in any inflection, both in one passage of a compounding language.
    """

    likeness: Likeness
    text: str


class Spelling(NamedTuple):
    """A word (lower case, without accents) and the number of passages that hold it."""

    word: str
    passages: int


def edits_allowed(word: str) -> int:
    """How many letters of a word may be wrong."""
    if len(word) < MIN_CORRECTED_CHARS:
        return 0
    return 1 if len(word) < TWO_EDITS_FROM_CHARS else 2


def ends_kept(word: str) -> tuple[tuple[str, ...], str]:
    """(beginnings, end) one of which a word within ``edits_allowed`` keeps: one letter wrong leaves a half in place.

    The two letters in the middle may have been swapped: that is another beginning. Of two wrong letters one at each end
    goes unnoticed: then neither third is as it was.
    """
    edits = edits_allowed(word)
    size = len(word) // (edits + 1)
    is_cut_in_two = edits == 1 and len(word) == 2 * size
    starts = (word[:size], word[: size - 1] + word[size]) if is_cut_in_two else (word[:size],)
    return tuple(dict.fromkeys(starts)), word[-size:]


def nearest(word: str, found: Iterable[Spelling]) -> list[Spelling]:
    """Those within ``edits_allowed`` that keep one of the ends: fewest edits first, then the commonest, then A to Z."""
    limit = edits_allowed(word)
    starts, end = ends_kept(word)
    kept = (s for s in found if s.word != word and (s.word.startswith(starts) or s.word.endswith(end)))
    letters = {*word}
    # An edit takes away one letter at most: told sooner than the distance.
    kept = (s for s in kept if len(letters.difference(s.word)) <= limit)
    measured = [(distance(word, s.word, limit), s) for s in kept]
    near = [(edits, s) for edits, s in measured if 0 < edits <= limit]
    return [s for _, s in sorted(near, key=lambda pair: (pair[0], -pair[1].passages, pair[1].word))]


def is_compound(word: str, text: str) -> bool:
    """Whether ``text``, which a word begins or ends with, is a part of it, not the word less an ending or a prefix."""
    if word.startswith(text):
        return word.removeprefix(text) not in INFLECTIONS
    return not _VERB_PREFIX.fullmatch(word[: word.rfind(text)])


def is_within(word: str, text: str) -> bool:
    """Whether ``text`` stands between other parts of a word, long enough to be parts."""
    return text in word[MIN_COMPOUND_PART_CHARS:-MIN_COMPOUND_PART_CHARS]


def commonest(found: Iterable[Spelling], limit: int = MAX_SPELLINGS) -> list[Spelling]:
    """The commonest, ties A to Z."""
    return sorted(found, key=lambda s: (-s.passages, s.word))[:limit]


def distance(one: str, other: str, limit: int) -> int:
    """Letters put in, left out, replaced, or swapped with their neighbour (one edit); ``limit + 1`` if more than that.

    The optimal string alignment distance: no part is edited twice.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            least = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                least = min(least, before[j - 2] + 1)
            row.append(least)
        if min(row) > limit:
            return limit + 1
        before, last = last, row
    return last[-1]
