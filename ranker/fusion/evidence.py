"""Fusion by evidence: words and meaning added up as they are, weighed by what the query and the two lists tell.

docs/fusion.md has the measurements behind every number here.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.store import Candidate
from ranker.fusion.coverage import Coverage, coverage
from ranker.fusion.scored import Scored, best_first

SLOPE, OFFSET = 0.055, -4.5
"""Evidence to probability of relevance: logistic regression over the ten best of each query of the sets fitted on."""


LEAST_COVERED = 0.5
"""Of their weight words keep so much, whatever share of them is found."""


@dataclass(frozen=True, slots=True)
class Background:
    """Mean and standard deviation of the cosine between unrelated texts: what cosines mean under an encoder."""

    mean: float
    deviation: float

    def deviations(self, cosine: float) -> float:
        """How far a cosine stands out."""
        return (cosine - self.mean) / self.deviation


@dataclass(frozen=True, slots=True)
class Coefficients:
    """How evidence is weighed. A point is one of BM25 with the factor k1 + 1.

    - ``deviation_worth``: points that a cosine is worth that is one deviation above the mean.
    - ``full_terms``: distinct query terms up to which words count in full. Their points add up as if each said
      something new; in a long query many say the same, while a cosine never exceeds 1.
    - ``half_words``: length of passages at which half the words' evidence is BM25 and half the words held. In shorter
      ones repetitions and length, which BM25 counts too, say less.
    - ``missed_loss``: meaning loses, in the exponent, by the share of the words that the best passage by words holds
      more of than the best by meaning.
    - ``covered_share``: words count in full where some passage holds this share of their worth, and less where none
      does, half at least. Only in a query of ``covered_terms`` or more: a long text has many words beside its subject.
    """

    deviation_worth: float = 5.5
    full_terms: float = 10.0
    half_words: float = 200.0
    missed_loss: float = 0.7
    covered_share: float = 0.3
    covered_terms: float = 8.0


def evidence(
    query: str,
    lexical: Sequence[Candidate],
    dense: Sequence[Candidate],
    background: Background,
    by: Coefficients = Coefficients(),
) -> list[Scored]:
    """Passage ids of both lists with their probability of relevance: the logistic function of points of evidence.

    Scores are not normalised per query, so that a list that found much counts more than one that found little. An id
    absent from the lexical list counts by the words it holds; one absent from the dense list has the list's last score.
    """
    return weighed(lexical, dense, coverage(query, lexical, dense), background, by)


def weighed(
    lexical: Sequence[Candidate],
    dense: Sequence[Candidate],
    found: Coverage,
    background: Background,
    by: Coefficients,
) -> list[Scored]:
    """``evidence`` of lists whose coverage is known."""
    scores, vectors = ({c.passage.passage_id: c.score for c in candidates} for candidates in (lexical, dense))
    words = _points_of_words(scores, found, by)
    no_vector = dense[-1].score if dense else background.mean
    word_weight = min(1.0, by.full_terms / max(1, found.query_terms)) * _covered(found, by)
    vector_weight = by.deviation_worth * math.exp(-by.missed_loss * _missed(lexical, dense, found))
    points = {
        passage_id: word_weight * of_words + vector_weight * background.deviations(vectors.get(passage_id, no_vector))
        for passage_id, of_words in words.items()
    }
    # Ordered before the logistic function, which no longer tells very large values apart.
    return [Scored(item.id, logistic(SLOPE * item.score + OFFSET)) for item in best_first(points)]


def logistic(x: float) -> float:
    """1 / (1 + e^-x), without overflow."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _points_of_words(scores: Mapping[str, float], found: Coverage, by: Coefficients) -> dict[str, float]:
    """BM25 where known and the words held, in the proportion that the passages' length asks for."""
    share = found.mean_words / (found.mean_words + by.half_words)
    return {
        passage_id: share * scores.get(passage_id, held) + (1 - share) * held
        for passage_id, held in found.points.items()
    }


def _missed(lexical: Sequence[Candidate], dense: Sequence[Candidate], found: Coverage) -> float:
    """How much less of the query's words the best passage by meaning holds than the best by words, in [0, 1]."""
    if not lexical or not dense:
        return 0.0
    by_words, by_meaning = (found.share[candidates[0].passage.passage_id] for candidates in (lexical, dense))
    return max(0.0, by_words - by_meaning)


def _covered(found: Coverage, by: Coefficients) -> float:
    """Which part of their weight the words keep for what the passage that holds most of them holds."""
    most = max(found.share.values(), default=0.0)
    if found.query_terms < by.covered_terms or most == 0:
        return 1.0
    return min(1.0, max(LEAST_COVERED, most / by.covered_share))
