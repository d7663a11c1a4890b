"""Which of several products or versions may be meant, where pages of one kind about each of them answer? Pure."""

import re
from collections.abc import Sequence

from rag.answer import Alternative
from rag.choosing.choice import Pick
from rag.choosing.subject import NUMBERING
from rag.choosing.weights import log_odds

EQUAL = 3.0
"""Parts whose log-odds are so near answer equally well."""

MAX_OWN_WORDS = 3
"""Trails of headings that differ by more words are of other subjects, not of other versions of one."""

_WORD = re.compile(r"\w+(?:[.+-]\w+)*")


def alternatives(question: str, picks: Sequence[Pick]) -> tuple[Alternative, ...]:
    """One for each product or version that the question leaves open, the best first; none where it is clear.

    ``Reset`` of the Kettle Pro and ``Reset`` of the Kettle Lite both answer "How do I reset it?".
    """
    if not picks:
        return ()
    asked = _words(question)
    labels = dict.fromkeys(label for other in picks[1:] for label in _labels(picks[0], other, asked))
    stem = question.rstrip(" ?？")
    return tuple(Alternative(label, f"{stem} ({label})?") for label in labels)


def _labels(best: Pick, other: Pick, asked: frozenset[str]) -> tuple[str, ...]:
    """What tells two parts of equal standing apart, a label for each; nothing where they are not of one kind.

    Parts of one page are of several versions, else they tell of several things.
    """
    if log_odds(best.score) - log_odds(other.score) > EQUAL:
        return ()
    ours, theirs = _trail(best), _trail(other)
    if _all_words(ours) == _all_words(theirs):
        ours, theirs = _versions_in_path(best), _versions_in_path(other)
    own, others_own = _all_words(ours) - _all_words(theirs), _all_words(theirs) - _all_words(ours)
    if not own or not others_own or max(len(own), len(others_own)) > MAX_OWN_WORDS:
        return ()
    is_one_page = best.passage.head.doc_id == other.passage.head.doc_id
    if (own | others_own) & asked or (is_one_page and not all(map(_has_digit, own | others_own))):
        return ()
    kind, other_kind = _words(_trail(best)[-1]) - own, _words(_trail(other)[-1]) - others_own
    if not kind or kind != other_kind:
        return ()
    return _naming(ours, own), _naming(theirs, others_own)


def _trail(pick: Pick) -> tuple[str, ...]:
    """The title and the headings, without their numbers."""
    return tuple(
        dict.fromkeys(NUMBERING.sub("", name) for name in (pick.passage.head.title, *pick.passage.heading_path))
    )


def _versions_in_path(pick: Pick) -> tuple[str, ...]:
    """Folders of the address with a digit: ``/docs/v3/install`` is of version 3."""
    folders = pick.passage.head.path.split("/")[:-1]
    return tuple(folder for folder in folders if _has_digit(folder))


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _naming(trail: Sequence[str], own: frozenset[str]) -> str:
    """The shortest of the names that hold most of what is their own."""
    return min(trail, key=lambda name: (-len(_words(name) & own), len(name)))


def _all_words(trail: Sequence[str]) -> frozenset[str]:
    return frozenset(word for name in trail for word in _words(name))


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))
