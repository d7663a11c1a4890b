"""How well a quote supports a sentence: pure functions."""

import re

from ranker.words import terms

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nor|neither|cannot|without|nothing|nobody|nicht|kein\w*|nie(?:mals)?|ohne|pas|jamais|sans"
    r"|nunca|jamás|sin|non|mai|senza|niet|geen|nooit|inte|aldrig|ikke)\b|n['’]t\b|[不没沒未無无]",
    re.IGNORECASE,
)

STRANGE_NUMBER = 0.5
"""A sentence with a number that is not in the quote is half as well supported: numbers are what models get wrong."""

TURNED_AROUND = 0.6
"""So is, nearly, a sentence that negates what the quote says or the other way round."""


def support(sentence: str, quote: str, cosine: float, language: str | None = None) -> float:
    """In [0, 1]: the mean of the cosine of both and of the share of the sentence's words found in the quote.

    It sinks where the sentence has numbers that the quote has not, and where only one of the two is negated.
    """
    score = (max(cosine, 0.0) + coverage(sentence, quote, language)) / 2
    if _numbers(sentence) - _numbers(quote):
        score *= STRANGE_NUMBER
    if bool(_NEGATION.search(sentence)) != bool(_NEGATION.search(quote)):
        score *= TURNED_AROUND
    return min(score, 1.0)


def coverage(sentence: str, quote: str, language: str | None = None) -> float:
    """Share of the sentence's distinct telling words that stand in the quote."""
    wanted = frozenset(terms(sentence, language))
    return len(wanted & frozenset(terms(quote, language))) / len(wanted) if wanted else 0.0


def _numbers(text: str) -> frozenset[str]:
    return frozenset(number.replace(",", "") for number in _NUMBER.findall(text))
