"""SQuAD's official metric: exact match and F1 of an answer, and the best threshold for "no answer". Pure functions.

As in evaluate-v1.1.py and evaluate-v2.0.py of Rajpurkar et al. (2016, 2018).
"""

import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer given to a question: its score if it is kept, whether the question has an answer at all, and how
    confident the model is that it has."""

    score: float
    has_answer: bool
    confidence: float


def normalised(text: str) -> str:
    """Lower case, without punctuation and articles, one space between words.

    >>> normalised("The  cat's hat, a hat.")
    'cats hat hat'
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(text: str, golds: Sequence[str]) -> float:
    """1 where the answer is one of ``golds``, else 0; without golds the right answer is none, the empty text."""
    return max(float(normalised(text) == gold) for gold in _comparable(golds))


def f1(text: str, golds: Sequence[str]) -> float:
    """The highest harmonic mean of precision and recall of the answer's words; without golds as ``exact_match``."""
    return max(_f1(normalised(text).split(), gold.split()) for gold in _comparable(golds))


def best_threshold(judged: Sequence[Judged]) -> tuple[float, float]:
    """(best mean score, its threshold): answers whose confidence is below the threshold are taken back.

    An answer kept for a question without one scores 0, one taken back 1. Answers of one confidence are kept or taken
    back together. ValueError without answers.
    """
    if not judged:
        raise ValueError("there are no answers to find a threshold for")
    ordered = sorted(judged, key=lambda answer: -answer.confidence)
    gained = best = float(sum(not answer.has_answer for answer in ordered))
    threshold = float("inf")
    for i, answer in enumerate(ordered):
        gained += answer.score if answer.has_answer else -1
        is_last_of_ties = i + 1 == len(ordered) or ordered[i + 1].confidence != answer.confidence
        if is_last_of_ties and gained > best:
            best, threshold = gained, answer.confidence
    return best / len(ordered), threshold


def _comparable(golds: Sequence[str]) -> list[str]:
    """The normalised golds that have words, or the empty text."""
    return [gold for gold in map(normalised, golds) if gold] or [""]


def _f1(words: Sequence[str], gold: Sequence[str]) -> float:
    if not words or not gold:
        return float(words == gold)
    common = sum((Counter(words) & Counter(gold)).values())
    return 2 * common / (len(words) + len(gold))
