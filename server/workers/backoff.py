"""How soon is a worker that died begun anew? Pure."""

STEADY_S = 60.0
"""A worker that lived so long died of something new."""

FIRST_S, LONGEST_S = 0.5, 30.0


def backoff_s(deaths: int) -> float:
    """After so many deaths in short order: at once, then after twice as long each time, within bounds."""
    return 0.0 if deaths <= 1 else min(FIRST_S * 2.0 ** min(deaths - 2, 30), LONGEST_S)
