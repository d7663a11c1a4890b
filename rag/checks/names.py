"""Names and identifiers of a claim, and details that its evidence does not have. Pure functions."""

import re
from itertools import pairwise

from rag.checks.clauses import clause
from rag.checks.mismatch import Fact, Mismatch
from rag.checks.numbers import quantities, unit_named

_IDENTIFIER = re.compile(
    r"(?<![\w-])--?[A-Za-z][\w-]*|\b[A-Za-z][\w.:-]*\(\)|\b\w*[A-Za-z0-9]_\w+|\b[a-z]+[A-Z]\w*"
    r"|\b[A-Za-z]+\d[\w-]*|\b\d+[a-zA-Z]\w*|(?<![\w/:])[~.]?/[\w-][\w.-]*(?:/[\w.-]+)*(?<![.])|\b\w[\w-]*\.[a-z]{2,4}\d?\b(?!\s*[A-Z])"
)
_NAME = re.compile(r"\b[A-Z][\w-]*(?:['’][A-Za-z]{2,})?")
"""A word that begins with a capital letter."""

_STARTS = re.compile(r"(?:^|[.:!?])[\s\"'“(]*$")
_DETAIL = re.compile(
    r"\b(?:for|of|in|on|with|by|per|at|from|to|during|until|via|through|using|across|inside|among)\s+", re.IGNORECASE
)
MIN_DETAIL_WORDS = 2
"""One new word is often another word for the same; two in one phrase are another thing."""

CAPITALS_EVERYWHERE = frozenset({"de"})
"""Languages that write every noun with a capital letter."""


def name_mismatches(claim: str, evidence: str, language: str | None = None) -> list[Mismatch]:
    """Identifiers and names of the claim that stand nowhere in the evidence, in no letters."""
    folded = evidence.casefold()
    measured = {(quantity.start, quantity.end) for quantity in quantities(claim, language)}
    found = [
        Mismatch(Fact.NAME, match.group())
        for match in _IDENTIFIER.finditer(claim)
        if match.span() not in measured and not _stands_in(match.group().casefold(), folded)
    ]
    if language in CAPITALS_EVERYWHERE:
        return found
    known = {word.stem for word in clause(evidence, language).words}
    for match in _NAME.finditer(claim):
        name = match.group()
        if _is_plain(claim, match) or _stands_in(name.casefold(), folded) or _is_initials(name, evidence):
            continue
        if not {word.stem for word in clause(name, language).words} <= known:
            found.append(Mismatch(Fact.NAME, name))
    return found


def added_mismatches(claim: str, evidence: str, language: str | None = None) -> list[Mismatch]:
    """Phrases such as "for each user of the plan" of which the evidence has less than half of the words."""
    known = {word.stem for word in clause(evidence, language).words}
    starts = [match.start() for match in _DETAIL.finditer(claim)]
    found = []
    for start, end in pairwise([*starts, len(claim)]):
        phrase = re.split(r"[,;:.](?:\s|$)|\s(?:and|but|that|which|who)\s", claim[start:end])[0]
        words = [word for word in clause(phrase, language).words if not word.is_stopword]
        stems = [word.stem for word in words if not _is_of_number(phrase[word.start : word.end])]
        if len(stems) >= MIN_DETAIL_WORDS and len([stem for stem in stems if stem in known]) < len(stems) / 2:
            found.append(Mismatch(Fact.ADDED, phrase.strip()))
    return found


def _is_of_number(word: str) -> bool:
    """Numbers and units have checks of their own."""
    return any(letter.isdigit() for letter in word) or unit_named(word) is not None


def _stands_in(word: str, text: str) -> bool:
    """As a whole word; ``-v`` is none in ``--verbose``."""
    before = r"[\w-]" if word.startswith("-") else r"\w"
    return re.search(rf"(?<!{before}){re.escape(word)}(?!\w)", text) is not None


def _is_plain(claim: str, match: "re.Match[str]") -> bool:
    """A unit, or a word that has its capital letter from where it stands, and none more."""
    word = match.group()
    return (
        len(word) < 2
        or unit_named(word) is not None
        or (_STARTS.search(claim[: match.start()]) is not None and word[1:].islower())
    )


def _is_initials(name: str, evidence: str) -> bool:
    """Whether the evidence writes out what the name abbreviates."""
    if not name.isupper():
        return False
    return re.search(r"\W+".join(rf"{re.escape(letter)}\w*" for letter in name), evidence, re.IGNORECASE) is not None
