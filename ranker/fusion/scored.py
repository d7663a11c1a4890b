"""An id with a score, and lists of them."""

from collections.abc import Mapping
from typing import NamedTuple


class Scored(NamedTuple):
    """An id with the score a list gave it."""

    id: str
    score: float


def best_first(scores: Mapping[str, float]) -> list[Scored]:
    """Sorted by score, ties by id."""
    return sorted((Scored(i, s) for i, s in scores.items()), key=lambda item: (-item.score, item.id))
