"""What a question is about, apart from the words that say what is wanted of it. Pure."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise

from ranker.words import term_set

WANTED = (
    "default defaults value values maximum minimum max min limit limits size number amount count length mean means "
    "meaning kind kinds type types sort sorts way ways difference differences differ between exist exists "
    "available there take takes accept accepts support supports supported do does done happen happens use used "
    "using purpose call called work works get set change make create find show list option command function "
    "statement method setting parameter error code exit status return returns define definition describe explain "
    "describes possible need best right many much long often stand stands give gives first keep"
)
"""Words of questions that name what is wanted, not of what. A question that has no others is about these."""

NUMBERING = re.compile(
    r"^\W*(?:\d+(?:\.\d+)*|[ivx]+|[a-z])[.)]\s+|^\W*(?:\d+|[a-z])(?:\.\d+)+\s+(?=[^\W\d])|^\W*\(\d+\)\s*|"
    r"^(?:chapter|section|part) [\dIVX]+[.:]?\s*|^appendix [A-Z\d]+\b[.:]?\s*",
    re.IGNORECASE,
)
"""What stands before a heading to number it."""


def subject(asked: Iterable[str]) -> frozenset[str]:
    """Of the terms of a question those it is about: ``default busy timeout`` -> ``busi``, ``timeout``."""
    found = frozenset(asked)
    return found - _wanted() or found


@cache
def _wanted() -> frozenset[str]:
    return term_set(WANTED)


def names_subject(label: str, about: frozenset[str], weights: Mapping[str, float], language: str | None) -> float:
    """How much a heading, a term or the head of a row is of the words that the question is about (weighed Jaccard)."""
    held = term_set(NUMBERING.sub("", label), language) if label else frozenset()
    return share_named(held, 0.0, about, weights) if held else 0.0


def share_named(held: frozenset[str], others: float, about: frozenset[str], weights: Mapping[str, float]) -> float:
    """The weighed Jaccard of terms, and of so many ``others`` besides, with those the question is about."""
    if not about:
        return 0.0
    other = sum(weights.values()) / len(weights) if weights else 1.0
    shared = sum(weights.get(term, other) for term in held & about)
    return shared / (sum(weights.get(term, other) for term in held | about) + others * other)


_NAME = re.compile(
    r"(?<!^)(?<![.!?] )(?<![\"“'(])\b(?!I\b)[A-Z][\w-]*|(?<!\w)--?[A-Za-z][\w-]+|\b\w*[\d_]\w*(?:[.-]\w+)*\b"
)
"""A word that begins with a capital letter within a sentence, an option, a word with a digit or an underline."""


def names(question: str) -> list[frozenset[str]]:
    """The terms of each name, version, option or code of a question; none where every word begins with a capital."""
    found = _NAME.findall(question)
    if len(found) >= len(question.split()) - 1:
        return []
    return [held for name in found if (held := term_set(name) - _wanted())]


_WORD = re.compile(r"[^\W\d_]{2,}")
MIN_JOINED_CHARS = 5
MIN_PART_CHARS = 2


def spelled_apart(question: str) -> list[tuple[re.Pattern[str], frozenset[str]]]:
    """What finds ``login`` for ``log in`` and ``set up`` for ``setup``, with the terms of the question's spelling."""
    found = _WORD.findall(question)
    pairs = [(f"{a}-?{b}", f"{a} {b}") for a, b in pairwise(found) if len(a + b) >= MIN_JOINED_CHARS]
    wholes = [
        ("|".join(f"{word[:i]}[ -]{word[i:]}" for i in range(MIN_PART_CHARS, len(word) - MIN_PART_CHARS + 1)), word)
        for word in found
        if len(word) >= MIN_JOINED_CHARS
    ]
    return [(re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), term_set(words)) for pattern, words in pairs + wholes]
