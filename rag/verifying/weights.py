"""How much each feature of a sentence counts: logistic regressions, written out.

Round numbers, set by hand; ``python -m benchmarks.verifier_fit`` prints weights fitted on claims and documentation.
"""

READ: dict[str, float] = {
    "bias": -4.0,
    "cosine": 2.0,
    "coverage": 3.0,
    "coverage_passage": 1.0,
    "relevance": 0.5,
    "answerable": 0.5,
    "numbers": -3.0,
    "names": -3.0,
    "opposed": -2.0,
    "added": -3.0,
    "length": 0.0,
}
"""Where a reader has read."""

UNREAD: dict[str, float] = {name: weight for name, weight in READ.items() if name not in ("relevance", "answerable")}
"""Where none has."""
