"""Word by word where a claim all but repeats a sentence: what it has in the place of what. A pure function."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from rag.checks.clauses import sentence_clauses
from rag.checks.mismatch import Fact, Mismatch
from rag.checks.numbers import quantities

_TOKEN = re.compile(r"[\w]+(?:[.'’-]\w+)*|[^\w\s]")
_NEGATIONS = frozenset({"not", "no", "never", "n't", "without", "cannot", "neither", "nor"})
_CAPITAL = re.compile(r"[A-Z]\w{2,}|\w*_\w+|[a-z]+[A-Z]\w*")

MAX_NEGATION_WORDS = 2
"""With more words than that a whole phrase was put in or left out."""

REPEATS = 0.8
"""So much of claim and sentence must be the same, in the same order."""


def aligned_mismatches(claim: str, evidence: str) -> list[Mismatch]:
    """Numbers and names in each other's place, a "not" put in or left out, two things that changed places."""
    ours = _TOKEN.findall(claim.replace("n't", " n't"))
    best: list[Mismatch] | None = None
    for sentence in sentence_clauses(evidence):
        theirs = _TOKEN.findall(sentence.text.replace("n't", " n't"))
        matcher = SequenceMatcher(None, [t.casefold() for t in ours], [t.casefold() for t in theirs], autojunk=False)
        if matcher.quick_ratio() < REPEATS or matcher.ratio() < REPEATS:
            continue
        found = _differences(ours, theirs, matcher)
        if best is None or len(found) < len(best):
            best = found
    return best or []


def _differences(ours: Sequence[str], theirs: Sequence[str], matcher: "SequenceMatcher[str]") -> list[Mismatch]:
    found: list[Mismatch] = []
    replaced: list[tuple[str, str]] = []
    for change, a, b, c, d in matcher.get_opcodes():
        own, other = ours[a:b], theirs[c:d]
        if change == "replace":
            replaced.append((" ".join(own).casefold(), " ".join(other).casefold()))
            found += _replaced(own, other)
        elif len(own) + len(other) <= MAX_NEGATION_WORDS and _NEGATIONS & {
            token.casefold() for token in (*own, *other)
        }:
            found.append(Mismatch(Fact.NEGATION, " ".join(own), " ".join(other)))
    swapped = {own for own, other in replaced if (other, own) in replaced and own != other}
    return found + [Mismatch(Fact.ROLE, own) for own in sorted(swapped)]


def _replaced(own: Sequence[str], other: Sequence[str]) -> list[Mismatch]:
    """A number for another number, a name for another name."""
    a, b = quantities(" ".join(own)), quantities(" ".join(other))
    if a and b and {one.value for one in a} - {one.value for one in b} and not any(one.unit for one in (*a, *b)):
        return [Mismatch(Fact.NUMBER, " ".join(own), " ".join(other))]
    if len(own) == len(other) == 1 and _CAPITAL.fullmatch(own[0]) and _CAPITAL.fullmatch(other[0]):
        return [Mismatch(Fact.NAME, own[0], other[0])]
    return []
