"""Two orders of the same search side by side: pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ranker.hit import Hit

Moved = Literal["new", "gone", "up", "down", "same"]


@dataclass(frozen=True, slots=True)
class Placed:
    """A document of either order: its place now, its place by the new rules, None where it is on no first page."""

    hit: Hit
    before: int | None
    after: int | None

    @property
    def moved(self) -> Moved:
        """Which way it goes."""
        if self.before is None or self.after is None:
            return "new" if self.before is None else "gone"
        return "up" if self.after < self.before else "down" if self.after > self.before else "same"


def placed(now: Sequence[Hit], then: Sequence[Hit]) -> list[Placed]:
    """The documents in their new order, then those that leave the page."""
    before = {hit.passage.head.doc_id: place for place, hit in enumerate(now, start=1)}
    after = {hit.passage.head.doc_id: place for place, hit in enumerate(then, start=1)}
    stay = [Placed(hit, before.get(hit.passage.head.doc_id), place) for place, hit in enumerate(then, start=1)]
    leave = [Placed(hit, place, None) for place, hit in enumerate(now, start=1) if hit.passage.head.doc_id not in after]
    return [*stay, *leave]
