"""Does the final score say how likely a passage is to be relevant? A table and a plot, each set counting the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

EDGES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)
FEW = 10
"""Passages: of a set that has no more of them in a bin, the bin says nothing."""

Scored = Sequence[tuple[float, bool]]
"""(score, is relevant) of passages."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Passages scored from ``low`` to ``high``: how many sets have some, their mean score and the share relevant."""

    low: float
    high: float
    sets: int
    score: float
    relevant: float


def reliability(by_set: Mapping[str, Scored]) -> list[Bin]:
    """The bins that some set says anything of."""
    curves = [points for scored in by_set.values() for points in _points(scored)]
    bins = []
    for low, high in pairwise(EDGES):
        inside = [(score, share) for at, score, share in curves if at == low]
        if inside:
            score, share = np.mean(inside, axis=0)
            bins.append(Bin(low, high, len(inside), float(score), float(share)))
    return bins


def draw(by_set: Mapping[str, Scored], out: Path) -> None:
    """Write ``out`` (PNG): the share of relevant passages against the final score, for each set and for their mean."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.5, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    panel = figure.subplots()
    panel.plot([0, 1], [0, 1], "--", color="0.5", label="ideal")
    for number, scored in enumerate(by_set.values()):
        points = _points(scored)
        label = None if number else "one set"
        panel.plot([p[1] for p in points], [p[2] for p in points], color="#9bb8b8", linewidth=0.8, label=label)
    bins = reliability(by_set)
    label = f"mean of {len(by_set)} sets"
    panel.plot([b.score for b in bins], [b.relevant for b in bins], "o-", color="#0b57a4", linewidth=2, label=label)
    panel.set(xlim=(0, 1), ylim=(0, 1), xlabel="final score", ylabel="share of passages judged relevant")
    panel.grid(alpha=0.3)
    panel.legend(loc="lower right")
    figure.savefig(out, dpi=100)


def _points(scored: Scored) -> list[tuple[float, float, float]]:
    """(lower edge, mean score, share relevant) of the bins of a set."""
    points = []
    for low, high in pairwise(EDGES):
        inside = [one for one in scored if low <= one[0] < high]
        if len(inside) > FEW:
            score, share = np.mean(inside, axis=0)
            points.append((low, float(score), float(share)))
    return points
