"""On which side of a limit a claim stands: below 100 is not beyond 100. Pure functions over English."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from indexer.sentences import sentence_spans
from rag.checks.clauses import clause, nearest
from rag.checks.mismatch import Fact, Mismatch
from rag.checks.numbers import Quantity, has_same_value, quantities


class Side(Enum):
    """Where of a number."""

    BELOW = "<"
    UP_TO = "<="
    FROM = ">="
    ABOVE = ">"


_BEFORE = {
    Side.UP_TO: r"up to|at most|no(?:t)? (?:more|greater|higher|longer|larger|later) than|a maximum of|maximum(?: of)?"
    r"|(?:not|never|cannot|must not|may not|can['’]t) exceed|limited to|limit (?:of|is)|capped at|as many as|within",
    Side.FROM: r"at least|no(?:t)? (?:less|fewer|lower|smaller|shorter|earlier) than|a minimum of|minimum(?: of)?"
    r"|as few as|starting (?:at|with)|from",
    Side.BELOW: r"below|under|beneath|(?:less|fewer|lower|smaller|shorter|younger|older|earlier|cheaper|sooner) than",
    Side.ABOVE: r"above|over|beyond|(?:more|greater|larger|longer|higher|bigger|newer|later) than"
    r"|exceed(?:s|ed|ing)?|in excess of|upwards of",
}
_BEHIND = {
    Side.FROM: r"or (?:more|later|newer|higher|above|greater|longer|larger|over)|and (?:above|up|later|newer|over)"
    r"|\+(?!\w)|(?:is|are) the minimum",
    Side.UP_TO: r"or (?:less|fewer|earlier|older|below|lower|smaller|shorter|under)|and (?:below|under|earlier|older)"
    r"|at (?:the )?most|(?:is|are) the (?:maximum|limit)|maximum",
}
_NOT = re.compile(r"\b(?:not|never|cannot|n['’]t|no)\s+(?:be\s+)?$", re.IGNORECASE)
_OPPOSITE = {Side.BELOW: Side.FROM, Side.ABOVE: Side.UP_TO, Side.UP_TO: Side.ABOVE, Side.FROM: Side.BELOW}
_LEAD = [
    (side, re.compile(rf"\b(?:{words})\s+(?:the |a |an |about |around |(?:version|python|v)\s*)?$", re.IGNORECASE))
    for side, words in _BEFORE.items()
]
_TAIL = [
    (side, re.compile(rf"\s*(?:[^\W\d_]+\s+){{0,2}}?(?:{words})", re.IGNORECASE)) for side, words in _BEHIND.items()
]
_REFERS = [
    (side, re.compile(rf"\b(?:{words})\s+(?:that|this|it|these|which)\b", re.IGNORECASE))
    for side, words in _BEFORE.items()
]
_LIMITS = re.compile(r"\b(?:allow|limit|permit|cap|maxim|quota|hold|restrict|accept)", re.IGNORECASE)
_WINDOW = 40


@dataclass(frozen=True, slots=True)
class Bound:
    """A number of which ``text``, the clause that names it, says on which side of it something is."""

    quantity: Quantity
    side: Side | None
    text: str


def comparison_mismatches(claim: str, evidence: str, language: str | None = None) -> list[Mismatch]:
    """Sides that the claim takes and the clauses nearest to it do not."""
    ours = [bound for bound in bounds(claim) if bound.side]
    if not ours:
        return []
    theirs = bounds(evidence)
    found = []
    for bound in ours:
        same = [other for other in theirs if has_same_value(bound.quantity, other.quantity)]
        if same and not _is_borne_out(bound, same, language):
            against = next((other.text for other in same if other.side), same[0].text)
            found.append(Mismatch(Fact.COMPARISON, bound.text, against))
    return found


def _is_borne_out(bound: Bound, same: Sequence[Bound], language: str | None) -> bool:
    """The sentence nearest to the claim decides; one that sets a limit without a word of side means "up to"."""
    sentences = [clause(other.text, language) for other in same]
    near = [other.text for other in nearest(clause(bound.text, language), sentences, slack=0.25)]
    sides = {other.side for other in same if other.text in near}
    is_limit = bound.side is Side.UP_TO and any(
        other.side is None and other.text == near[0] and _LIMITS.search(other.text) for other in same
    )
    return bound.side in sides or is_limit


@lru_cache(maxsize=2_048)
def bounds(text: str) -> tuple[Bound, ...]:
    """Every number with its side; one that a later sentence takes up ("beyond that") is given with that one's, too."""
    found: list[Bound] = []
    last: Quantity | None = None
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        if last:
            found += [Bound(last, side, sentence) for side, pattern in _REFERS if pattern.search(sentence)]
        for quantity in quantities(sentence):
            found.append(Bound(quantity, _side(sentence, quantity), sentence))
            last = quantity
    return tuple(found)


def _side(sentence: str, quantity: Quantity) -> Side | None:
    before = sentence[max(0, quantity.start - _WINDOW) : quantity.start]
    for side, pattern in _TAIL:
        if pattern.match(sentence, quantity.end):
            return side
    for side, pattern in _LEAD:
        if match := pattern.search(before):
            is_denied = _NOT.search(before[: match.start()]) is not None
            return _OPPOSITE[side] if is_denied else side
    return None
