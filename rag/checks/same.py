"""Whether two texts say the same: one has all words and all facts of the other. Pure functions."""

from rag.checks.check import mismatches
from rag.checks.numbers import quantities
from rag.checks.polarity import negation_mismatches
from rag.checks.roles import role_mismatches
from ranker.words import term_set

OTHER_WORDS = 0.1
"""At most this part of the shorter text's words may be missing in the longer: one word of a sentence may be all that
makes it another ("the red key", "the green key"), while copies of a page differ in a word here and there."""

COPY = 0.8
"""Longer texts that share more than this part of all their words (Jaccard) are copies, but for their facts."""


def says_the_same(a: str, b: str, language: str | None = None) -> bool:
    """Whether one of two sentences adds nothing to the other: neither words nor facts."""
    words_a, words_b = _words(a, language), _words(b, language)
    allowed = OTHER_WORDS * min(len(words_a), len(words_b))
    return (len(words_a - words_b) <= allowed and adds_no_fact(a, b, language)) or (
        len(words_b - words_a) <= allowed and adds_no_fact(b, a, language)
    )


def _words(text: str, language: str | None) -> frozenset[str]:
    """Without its numbers, which are compared as such."""
    for quantity in reversed(quantities(text, language)):
        text = text[: quantity.start] + text[quantity.end :]
    return term_set(text, language)


def is_copy(text: str, better: str, language: str | None = None) -> bool:
    """Whether a passage is all but the same as another and states no fact that the other has not."""
    a, b = term_set(text, language), term_set(better, language)
    is_alike = len(a & b) > COPY * len(a | b) if a or b else True
    return is_alike and adds_no_fact(text, better, language)


def adds_no_fact(text: str, better: str, language: str | None = None) -> bool:
    """Whether every fact of ``text`` is one of ``better``, too, and neither says otherwise than the other."""
    return " ".join(text.split()) == " ".join(better.split()) or not (
        mismatches(text, better, language)
        or negation_mismatches(better, text, language)
        or role_mismatches(better, text, language)
    )
