"""Counts day by day as lines: pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.admin.drawing.scale import Scale, ticks

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 12, 28


@dataclass(frozen=True, slots=True)
class Curve:
    """One line: its name, its values, and its path and points in the picture."""

    name: str
    values: tuple[float, ...]
    path: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis and what is written there."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class LinePlot:
    """A picture of ``WIDTH`` by ``HEIGHT``; ``labels`` name the places from left to right."""

    title: str
    labels: tuple[str, ...]
    lines: tuple[Curve, ...]
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def line_plot(title: str, labels: Sequence[str], values: Mapping[str, Sequence[float]]) -> LinePlot:
    """One line for each name; all values are 0 or more."""
    marks = ticks(max((max(of, default=0.0) for of in values.values()), default=0.0))
    down = Scale(0.0, marks[-1], HEIGHT - BOTTOM, TOP)
    across = Scale(0.0, max(1, len(labels) - 1), LEFT, WIDTH - RIGHT)
    lines = []
    for name, of in values.items():
        points = tuple((across.at(place), down.at(value)) for place, value in enumerate(of))
        path = " ".join(f"{'L' if number else 'M'}{x:g} {y:g}" for number, (x, y) in enumerate(points))
        lines.append(Curve(name, tuple(of), path, points))
    step = max(1, (len(labels) + 5) // 6)
    columns = tuple(Tick(across.at(place), labels[place]) for place in range(0, len(labels), step))
    rows = tuple(Tick(down.at(mark), f"{mark:,g}") for mark in marks)
    return LinePlot(title, tuple(labels), tuple(lines), rows, columns)
