"""How far a claim reaches: quantifiers, certainty and conditions. Pure functions over English."""

import re

from rag.checks.clauses import clause, clauses, nearest, sentence_clauses
from rag.checks.mismatch import Fact, Mismatch

_ALL = re.compile(
    r"\b(?:all|every|each|everyone|everything|always|entirely|completely|only|exclusively|solely|no exceptions?"
    r"|in any case|guaranteed)\b",
    re.IGNORECASE,
)
_SOME = re.compile(
    r"\b(?:some|many|most|few|several|sometimes|often|usually|occasionally|rarely|mostly|partly|partially|certain"
    r"|typically|frequently|generally|at times)\b",
    re.IGNORECASE,
)
_MUST = re.compile(r"\b(?:must|has to|have to|required?|requires|mandatory|obligatory|shall)\b", re.IGNORECASE)
_MAY = re.compile(r"\b(?:may|might|can|could|optional(?:ly)?|should|recommended|encouraged)\b", re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?P<word>only (?:if|when|for|in|on|after|with)|unless|except(?: for| when| if| on| in)?|provided(?: that)?"
    r"|as long as|if|when|whenever|until|without|other than|apart from)\s+(?P<what>[^,;.]+)",
    re.IGNORECASE,
)
_EXCEPTION = re.compile(r"\b(?:only|unless|except|provided|other than|apart from|as long as)\b", re.IGNORECASE)
_TURNED = {
    "if": ("unless", "except if"),
    "when": ("unless", "except when", "until"),
    "unless": ("if", "when", "only if", "only when"),
}

KNOWN_SHARE = 0.5
"""A condition stands in the evidence if so much of its words do."""


def quantifier_mismatches(claim: str, evidence: str, language: str | None = None) -> list[Mismatch]:
    """A claim of all where the nearest clause says some; a duty where it leaves a choice; "only" out of nothing."""
    found = []
    for part in clauses(claim, language):
        near = nearest(part, clauses(evidence, language))
        for strong, weak in ((_ALL, _SOME), (_MUST, _MAY)):
            said = strong.search(part.text)
            if not said or not near or any(strong.search(other.text) for other in near):
                continue
            if against := next((match for other in near if (match := weak.search(other.text))), None):
                found.append(Mismatch(Fact.QUANTIFIER, said.group(), against.group()))
            elif said.group().casefold() in ("only", "exclusively", "solely"):
                found.append(Mismatch(Fact.QUANTIFIER, said.group()))
    return found


def condition_mismatches(claim: str, evidence: str, language: str | None = None) -> list[Mismatch]:
    """Conditions that the evidence does not set, turns around, or sets as an exception that the claim leaves out."""
    ours = list(_CONDITION.finditer(claim))
    theirs = list(_CONDITION.finditer(evidence))
    known = clause(evidence, language).stems
    found = []
    for match in ours:
        wanted = clause(match["what"], language).stems
        if wanted and len(wanted & known) < KNOWN_SHARE * len(wanted):
            found.append(Mismatch(Fact.CONDITION, match.group()))
        if any(
            other["word"].casefold() == match["word"].casefold() and _is_same(wanted, clause(other["what"]).stems)
            for other in theirs
        ):
            continue
        for other in theirs:
            turned = other["word"].casefold() in _TURNED.get(match["word"].casefold(), ())
            if turned and _is_same(wanted, clause(other["what"], language).stems):
                found.append(Mismatch(Fact.CONDITION, match.group(), other.group()))
    return found + _left_out(claim, evidence, language)


def _left_out(claim: str, evidence: str, language: str | None) -> list[Mismatch]:
    """An exception in the sentence nearest to the claim of which the claim says no word."""
    ours = clause(claim, language)
    for near in nearest(ours, sentence_clauses(evidence, language))[:1]:
        for match in _CONDITION.finditer(near.text):
            what = clause(match["what"], language).stems
            rest = ours.stems & clause(near.text[: match.start()] + near.text[match.end() :], language).stems
            if _EXCEPTION.match(match["word"]) and what and rest and not what & ours.stems:
                return [Mismatch(Fact.CONDITION, claim, match.group())]
    return []


def _is_same(a: frozenset[str], b: frozenset[str]) -> bool:
    return bool(a and b) and len(a & b) >= KNOWN_SHARE * max(len(a), len(b))
