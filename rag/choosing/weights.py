"""How much each feature of a piece counts: logistic regressions, written out. Pure."""

import math
from collections.abc import Mapping

MAX_LOG_ODDS = 30.0
CERTAIN = 1e-15

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
    "introduces": 1.5,
    "defines": 1.5,
    "tells_how": 2.0,
    "counts": 2.0,
    "headed_as_asked": 2.0,
    "named_verbatim": 6.0,
    "missing_name": -4.0,
    "missing_polar": -4.5,
    "opposed": -1.5,
    "denied": -3.0,
    "in_passing": -5.0,
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

Those of ``SET_BY_HAND`` no fit moves, since questions that would teach them are rare: no text without a price tells a
price (``misses``), none about another thing or the opposite answers (``missing_name``, ``missing_polar``, ``opposed``,
``denied``), what an option does is told where it is named (``named_verbatim``), what a thing is by the sentence that
begins with it (``defines``), how something is done by one that begins with that (``tells_how``), how many there are by
a number of them (``counts``), what headings ask for by what stands below them (``headed_as_asked``), and a list of
releases or references seldom tells (``in_passing``).
"""

SET_BY_HAND = frozenset(
    {"misses", "missing_name", "missing_polar", "opposed", "denied", "named_verbatim", "in_passing"}
    | {"defines", "tells_how", "counts", "headed_as_asked"}
)


def probability(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """In (0, 1): that a piece with these features helps the asker."""
    total = weights["bias"] + sum(weight * features[name] for name, weight in weights.items() if name != "bias")
    return 1 / (1 + math.exp(-max(min(total, MAX_LOG_ODDS), -MAX_LOG_ODDS)))


def log_odds(probability: float) -> float:
    """Of a score in [0, 1], as far as floating point numbers tell scores apart."""
    clipped = min(max(probability, CERTAIN), 1 - CERTAIN)
    return math.log(clipped / (1 - clipped))
