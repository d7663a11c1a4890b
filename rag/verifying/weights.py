"""How much each feature of a sentence counts: logistic regressions, written out.

Fitted by ``python -m benchmarks.verifier_fit`` on the claims of WiCE's training and dev parts.
"""

READ: dict[str, float] = {
    "bias": -1.36,
    "cosine": 0.08,
    "coverage": 1.2,
    "coverage_passage": 1.12,
    "relevance": 0.54,
    "answerable": 0.57,
    "numbers": -1.55,
    "names": -1.64,
    "opposed": -0.11,
    "added": -0.67,
}
"""Where a reader has read."""

UNREAD: dict[str, float] = {
    "bias": -1.84,
    "cosine": 0.5,
    "coverage": 1.35,
    "coverage_passage": 1.42,
    "numbers": -1.49,
    "names": -1.73,
    "opposed": -0.09,
    "added": -0.67,
}
"""Where none has."""
