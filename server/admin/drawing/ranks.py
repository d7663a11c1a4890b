"""How each document moves from one list to the next: pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, ROW, TOP, SIDE = 640, 24, 34, 60
MISSING = "–"


@dataclass(frozen=True, slots=True)
class Dot:
    """A document's place in one list."""

    x: float
    y: float
    rank: int


@dataclass(frozen=True, slots=True)
class Track:
    """One document through the lists it is in."""

    name: str
    path: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class RankPlot:
    """The lists stand side by side; the first place is at the top. Ranks beyond ``depth`` share the last line."""

    title: str
    lists: tuple[tuple[str, float], ...]
    tracks: tuple[Track, ...]
    depth: int
    width: int = WIDTH

    @property
    def height(self) -> int:
        """Of the picture."""
        return TOP + ROW * (self.depth + 1)


def rank_plot(
    title: str, lists: Sequence[str], ranks: Sequence[tuple[str, Sequence[int | None]]], depth: int = 20
) -> RankPlot:
    """``ranks``: a document's name and its rank in each list from 1, None where it is in none."""
    step = (WIDTH - 2 * SIDE) / max(1, len(lists) - 1)
    places = [round(SIDE + step * number, 1) for number in range(len(lists))]
    tracks = []
    for name, of in ranks:
        dots = tuple(
            Dot(x, TOP + ROW * (min(rank, depth + 1) - 0.5), rank)
            for x, rank in zip(places, of, strict=True)
            if rank is not None
        )
        path = " ".join(f"{'L' if number else 'M'}{dot.x:g} {dot.y:g}" for number, dot in enumerate(dots))
        tracks.append(Track(name, path, dots))
    return RankPlot(title, tuple(zip(lists, places, strict=True)), tuple(tracks), depth)
