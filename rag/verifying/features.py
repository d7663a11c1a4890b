"""What is known of a sentence and the passage that is to bear it out, as numbers of about one size. Pure."""

import math
from collections import Counter
from collections.abc import Sequence

from rag.checks.mismatch import Fact, Mismatch
from rag.support import coverage
from ranker.reader import Reading

UNREAD = 0.0
LARGEST_LOG_ODDS = 6.0

_OPPOSED = (Fact.NEGATION, Fact.COMPARISON, Fact.ROLE, Fact.QUANTIFIER, Fact.CONDITION)
_NUMERIC = (Fact.NUMBER, Fact.UNIT, Fact.VERSION, Fact.DATE)


def features(
    claim: str,
    window: str,
    passage: str,
    *,
    cosine: float,
    reading: Reading | None,
    found: Sequence[Mismatch],
    language: str | None = None,
) -> dict[str, float]:
    """Name -> value. ``window`` are the sentences of ``passage`` nearest to the claim, ``found`` its mismatches
    with the passage.

    ``reading`` is what a reader made of the claim as a query to the passage, None where none has read.
    """
    facts = Counter(mismatch.fact for mismatch in found)
    return {
        "cosine": max(cosine, 0.0),
        "coverage": coverage(claim, window, language),
        "coverage_passage": coverage(claim, passage, language),
        "relevance": _log_odds(reading.relevance) if reading else UNREAD,
        "answerable": _log_odds(reading.answerable) if reading else UNREAD,
        "numbers": _few(sum(facts[fact] for fact in _NUMERIC)),
        "names": _few(facts[Fact.NAME]),
        "opposed": _few(sum(facts[fact] for fact in _OPPOSED)),
        "added": _few(facts[Fact.ADDED]),
    }


def _few(count: int) -> float:
    return float(min(count, 3)) / 3


def _log_odds(probability: float) -> float:
    p = min(max(probability, 1e-4), 1 - 1e-4)
    return max(-LARGEST_LOG_ODDS, min(LARGEST_LOG_ODDS, math.log(p / (1 - p)))) / LARGEST_LOG_ODDS
