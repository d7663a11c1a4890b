"""Do headings say together what is asked: "Setting up" on a page on the Virtual Private Network, for a VPN? Pure."""

import re
from collections.abc import Sequence

from rag.choosing.subject import NUMBERING
from ranker.words import term_set

_INITIALS = re.compile(r"\b[A-Z]{3,6}\b")
_WORD = re.compile(r"[^\W\d_]+")


def says_the_deed(wanted: frozenset[str], headings: Sequence[str], above: frozenset[str], language: str | None) -> bool:
    """Whether the last heading is of the ``wanted`` terms alone and all headings (their terms are ``above``) hold the
    rest.
    """
    own = term_set(NUMBERING.sub("", headings[-1]), language) if headings else frozenset[str]()
    return bool(own) and own < wanted <= above


def initials_in(question: str, headings: Sequence[str]) -> frozenset[str]:
    """The terms of a question's short forms whose words a heading has: VPN of "Virtual Private Network"."""
    shorts = set(_INITIALS.findall(question))
    said = ("".join(word[0] for word in _WORD.findall(heading)).upper() for heading in headings) if shorts else ()
    letters = tuple(said)
    return frozenset(term for short in shorts if any(short in one for one in letters) for term in term_set(short))
