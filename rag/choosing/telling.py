"""What a text says by how it is built: how something is done, how many there are, or a mere note of a page. Pure."""

import re
from collections.abc import Mapping

from rag.choosing.subject import NUMBERING
from rag.evidence import words_found
from ranker.words import term_set

MAX_PURPOSE_WORDS = 12
MIN_PURPOSE = 0.65
"""So much of the question, by weight, must be what the sentence says to be done."""

_BRACKETS = re.compile(r"\s*\([^)]*\)")
_PURPOSE = re.compile(r"(?:^|[.!?:]\s+|\n\s*|\bin order )to (?P<what>\w[^.:;\n]*)", re.IGNORECASE)
_HOW_MANY = re.compile(r"\b(?:how many|(?:number|count|amount) of) (?P<what>[\w-]+(?: [\w-]+)?)", re.IGNORECASE)
_COUNTED = re.compile(
    r"(?<![\w.,-])(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|fifty|hundred|"
    r"thousand|no|unlimited)(?! ?%) "
    r"(?!(?:ha[sd]|have|is|are|was|were|can|of|in|to|on|for|and|or|with)\b)(?P<what>[\w-]+(?: [\w-]+){0,2})",
    re.IGNORECASE,
)
_NOTE = re.compile(r"[^\W\d_][\w-]*(?: [\w-]+){0,2}: \S+(?: \S+){0,3}(?<![.!?])")


def tells_how(text: str, wanted: Mapping[str, float], language: str | None) -> bool:
    """Whether a sentence begins with what is to be done: ``To fill the kettle, ...``. ``wanted`` is that, weighed."""
    found = (" ".join(match["what"].split()[:MAX_PURPOSE_WORDS]) for match in _PURPOSE.finditer(text))
    return any(words_found(wanted, term_set(what, language)) >= MIN_PURPOSE for what in found)


def counts(question: str, text: str, language: str | None) -> bool:
    """Whether a text says how many there are of what the question wants counted: ``two lids`` for "how many lids"."""
    asked = _HOW_MANY.search(question)
    wanted = term_set(asked["what"], language) if asked else frozenset[str]()
    return any(wanted & term_set(match["what"], language) for match in _COUNTED.finditer(text)) if wanted else False


def is_mere_note(text: str) -> bool:
    """A name with a value, such as a page has above its text: ``Available since: version 0.3``."""
    return _NOTE.fullmatch(text.strip()) is not None


def without_brackets(name: str) -> str:
    """A name without what explains it: ``Kettle (kitchen)`` -> ``Kettle``."""
    return _BRACKETS.sub("", name)


def is_named(heading: str, thing: str, language: str | None) -> bool:
    """Whether a heading is the name of a thing, but for what stands in brackets: ``Kettle (kitchen)``, ``What is a
    kettle?``
    """
    held = term_set(without_brackets(NUMBERING.sub("", heading)), language)
    return bool(held) and held == term_set(thing, language)
