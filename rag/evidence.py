"""How much a sentence tells about a question: pure functions."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

WORDS_WEIGHT = 0.6
"""Weight of the words found, next to 1 for the cosine. Fitted on questions of SQuAD's training set; the position of the
passage, its scores, the kind of answer asked for and the words of the title added nothing (``benchmarks.answers``)."""


def evidence(cosine: float, words_found: float) -> float:
    """In [0, 1], from the cosine of question and sentence and the weighted share of the question's words in it."""
    return (max(cosine, 0.0) + WORDS_WEIGHT * words_found) / (1 + WORDS_WEIGHT)


def term_weights(question: Sequence[str], sentences: Sequence[frozenset[str]]) -> Mapping[str, float]:
    """Weight of each question word, summing to 1: the rarer among the sentences, the heavier (idf)."""
    held_by = Counter(term for sentence in sentences for term in sentence)
    raw = {term: math.log(1 + len(sentences) / (1 + held_by[term])) for term in question}
    total = sum(raw.values())
    return {term: weight / total for term, weight in raw.items()} if total else raw


def words_found(weights: Mapping[str, float], sentence: frozenset[str]) -> float:
    """Weighted share of the question's words that stand in the sentence."""
    return sum(weight for term, weight in weights.items() if term in sentence)
