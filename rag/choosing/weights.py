"""How much each feature of a piece counts: logistic regressions, written out. Pure."""

import math
from collections.abc import Mapping

READ: dict[str, float] = {
    "bias": -2.6,
    "passage_answerable": 0.268,
    "passage_relevance": -0.099,
    "has_span": 1.114,
    "span_score": 1.929,
    "piece_answerable": 0.878,
    "piece_relevance": 0.446,
    "piece_span": 0.87,
    "rank": 0.25,
    "words": 0.8,
    "words_with_headings": 1.53,
    "heading_is_question": 2.116,
    "names_subject": 0.9,
    "introduces": 0.5,
    "missing_name": -4.0,
    "missing_polar": -4.5,
    "opposed": -1.5,
    "denied": -3.0,
    "prior": 1.9,
    "fits": 1.8,
    "misses": -6.0,
    "echo": -2.685,
    "is_question": -3.602,
    "is_announcement": -0.589,
    "is_first": 0.4,
    "length": 0.399,
    "code_length": -0.2,
}
"""Where a reader has read. Fitted by ``benchmarks.answers_fit`` on questions about two documentation sites; some moved
by hand to where the best piece is right more often on seven of them (``benchmarks/questions``).

Five are set by hand, since questions that would teach them are rare: no text without a price tells a price
(``misses``), none about another thing or the opposite answers (``missing_name``, ``missing_polar``, ``opposed``,
``denied``).
"""


def probability(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """In (0, 1): that a piece with these features helps the asker."""
    total = weights["bias"] + sum(weight * features[name] for name, weight in weights.items() if name != "bias")
    return 1 / (1 + math.exp(-max(min(total, 50.0), -50.0)))
