"""Does a word look like another one mistyped? Told by its letters and by the keyboard: pure functions."""

from functools import lru_cache
from itertools import groupby, pairwise

from indexer.asking.spelling import MIN_CORRECTED_CHARS, distance

MIN_SENTENCE_WORD_CHARS = 5
MIN_FIRST_LETTER_CHARS = 5
"""The first letter of a word is seldom mistyped, and in a shorter word too much hangs on it."""

MIN_REPLACED_CHARS = 6
"""In a shorter word a letter from elsewhere on the keyboard makes another word: ``neuro`` is not negro."""

MAX_PART_CHARS = 2
"""So many letters in one place are a part that tells one word from another."""

_SOUNDS = (
    ("ph", "f"),
    ("ck", "k"),
    ("qu", "kw"),
    ("c", "k"),
    ("z", "s"),
    ("y", "i"),
    ("x", "ks"),
    ("ae", "e"),
    ("oe", "e"),
)

_VOWELS = frozenset("aeiouy")
_CONSONANTS = frozenset("bcdfghjklmnpqrstvwxz")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_ELSEWHERE = (("y", "z"), ("z", "t"), ("z", "u"), ("y", "x"), ("a", "q"), ("w", "z"))
"""Neighbours on the keyboards of other countries, and letters that change places between them."""


def is_slip(word: str, other: str, *, is_sentence: bool) -> bool:
    """Whether ``word`` looks like ``other`` mistyped rather than like another word that the index happens to lack.

    Two wrong letters, or the last ones, make another word more often than a slip: ``pregnant`` is not pregnancy. So
    does another first letter, unless its key is beside: ``bread`` is not read. In a sentence most absent words are
    words, so only letters swapped, left out or put in count there. What ``is_another_part`` is no slip.
    """
    if is_sentence and (len(word) < MIN_SENTENCE_WORD_CHARS or _is_replaced(word, other)):
        return False
    edits = distance(word, other, 2)
    if edits != 2:
        return edits == 1 and _is_likely(word, other)
    return not is_sentence and _is_inside(word, other) and not is_another_part(word, other)


def is_another_part(word: str, other: str) -> bool:
    """Whether two letters side by side, more or others, tell ``word`` from ``other``: myelopathy is not myopathy.

    Fingers leave out two letters, type them twice or double the wrong one, and ears write f for ph; but others in one
    place make another word, ``hypotonia`` of hypertonia. Of two that are wrong apart each is a slip by itself.
    """
    if distance(word, other, 2) != 2 or not _is_inside(word, other):
        return False
    start = _common(word, other)
    end = min(_common(word[::-1], other[::-1]), len(word) - start, len(other) - start)
    typed, meant = word[start : len(word) - end], other[start : len(other) - end]
    if not typed or max(len(typed), len(meant)) > MAX_PART_CHARS or distance(_heard(word), _heard(other), 1) <= 1:
        return False
    is_repeated = not meant and typed in (word[start - len(typed) : start], word[start + len(typed) :][: len(typed)])
    return not is_repeated


def _heard(word: str) -> str:
    """The word as it sounds, about: double letters once, and letters that are written for one another as one."""
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    return "".join(letter for letter, _ in groupby(word))


def _is_inside(word: str, other: str) -> bool:
    """Whether words differ neither in the first letter nor only in the last two."""
    return 0 < _common(word, other) < min(len(word), len(other)) - 2


def _is_likely(word: str, other: str) -> bool:
    """Whether one wrong letter is one that fingers get wrong."""
    at = _common(word, other)
    if len(word) == len(other):
        is_swapped = sorted(word) == sorted(other)
        pair = {word[at], other[at]}
        is_far = len(word) < MIN_REPLACED_CHARS and pair <= _CONSONANTS | _VOWELS and not pair <= _VOWELS
        return is_swapped or _are_beside(*sorted(pair)) or (at > 0 and len(word) > MIN_CORRECTED_CHARS and not is_far)
    if len(word) < len(other):
        return 0 < at < len(word) or len(word) >= MIN_FIRST_LETTER_CHARS
    return len(other) >= MIN_CORRECTED_CHARS and (at > 0 or _are_beside(word[0], word[1]))


def _common(word: str, other: str) -> int:
    """How many letters both begin with."""
    return next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))


def _is_replaced(word: str, other: str) -> bool:
    """Whether the words differ in more than letters swapped, or one put in or left out."""
    return distance(word, other, 2) > 1 or (len(word) == len(other) and sorted(word) != sorted(other))


def _are_beside(one: str, other: str) -> bool:
    return one == other or frozenset((one, other)) in _neighbours()


@lru_cache(maxsize=1)
def _neighbours() -> frozenset[frozenset[str]]:
    """Keys beside or above each other."""
    beside = [frozenset(pair) for row in _ROWS for pair in pairwise(row)]
    above = [
        frozenset((upper[i], key))
        for upper, lower in pairwise(_ROWS)
        for at, key in enumerate(lower)
        for i in (at, at + 1)
        if i < len(upper)
    ]
    return frozenset((*beside, *above, *map(frozenset, _ELSEWHERE)))
