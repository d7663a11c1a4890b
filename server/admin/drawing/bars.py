"""Named numbers as bars: pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.admin.drawing.scale import Scale

WIDTH, ROW, NAME = 640, 26, 150
NUMBER = 95
"""Room to the right of the longest bar, for its number."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A bar: where it stands, how long it is, and what it says."""

    name: str
    value: float
    text: str
    y: int
    width: float


@dataclass(frozen=True, slots=True)
class BarPlot:
    """Bars below each other."""

    title: str
    bars: tuple[Strip, ...]
    width: int = WIDTH
    left: int = NAME

    @property
    def height(self) -> int:
        """Of the picture."""
        return ROW * max(1, len(self.bars))


def bar_plot(title: str, values: Sequence[tuple[str, float]], unit: str = "") -> BarPlot:
    """A bar for each name, as long as its number."""
    longest = max((value for _, value in values), default=0.0)
    across = Scale(0.0, longest, 0.0, WIDTH - NAME - NUMBER)
    digits = 0 if all(value == int(value) for _, value in values) else 1
    return BarPlot(
        title,
        tuple(
            Strip(name, value, f"{value:,.{digits}f}{unit}", place * ROW, max(1.0, across.at(value)) if value else 0.0)
            for place, (name, value) in enumerate(values)
        ),
    )
