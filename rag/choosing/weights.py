"""How much each feature of a piece counts: logistic regressions, written out. Pure."""

import math
from collections.abc import Mapping

READ: dict[str, float] = {
    "bias": -2.0,
    "passage_answerable": 0.5,
    "passage_relevance": 0.3,
    "has_span": 1.0,
    "span_score": 1.0,
    "piece_answerable": 0.5,
    "piece_relevance": 0.3,
    "piece_span": 0.5,
    "rank": 0.5,
    "words": 0.5,
    "words_with_headings": 1.0,
    "heading_is_question": 1.0,
    "prior": 0.8,
    "fits": 0.7,
    "echo": -1.5,
    "is_question": -2.0,
    "is_announcement": -0.3,
    "is_first": 0.2,
    "length": 0.2,
}
"""Where a reader has read."""


def probability(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """In (0, 1): that a piece with these features helps the asker."""
    total = weights["bias"] + sum(weight * features[name] for name, weight in weights.items() if name != "bias")
    return 1 / (1 + math.exp(-max(min(total, 50.0), -50.0)))
