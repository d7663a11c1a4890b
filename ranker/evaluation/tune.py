"""Which way to search is best here? Chooses among measured settings: pure functions over numbers.

A dearer setting is worth its time only where it is better beyond chance; a difference too large to ignore and too
uncertain to trust leaves the choice open.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ranker.evaluation.compare import p_value
from ranker.query import Mode

MIN_QUERIES = 30
"""With fewer, a difference of .1 in nDCG is seldom beyond chance."""

SIGNIFICANT = 0.05
NEGLIGIBLE = 0.005
"""So small a loss in nDCG is never worth more time."""

TOLERATED = 0.03
"""A loss that may be chance counts as none up to this; where a larger one may be chance, more queries must tell."""

RESAMPLED = 2000

Verdict = Literal["best", "as good", "worse", "undecided"]
Values = Mapping["Setting", Sequence[float]]
"""nDCG by setting, of the same queries in the same order."""


@dataclass(frozen=True, slots=True, order=True)
class Setting:
    """A way to search: ``passages`` are read by the scorer in mode ``rerank``."""

    mode: Mode
    passages: int = 0

    @property
    def name(self) -> str:
        """For tables."""
        return f"rerank {self.passages}" if self.mode == "rerank" else self.mode


@dataclass(frozen=True, slots=True)
class Comparison:
    """A mean difference of paired figures, its 95 % confidence interval, and how likely one as large is by chance."""

    difference: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Choice:
    """``setting`` is None where the queries do not decide; ``verdicts`` and ``against_best`` are by setting."""

    setting: Setting | None
    best: Setting
    verdicts: Mapping[Setting, Verdict]
    against_best: Mapping[Setting, Comparison]


@dataclass(frozen=True, slots=True)
class CrossValidated:
    """What choosing this way brings on queries that the choice never saw, against the present setting.

    ``chosen`` are the choices of the two halves; where a half does not decide, the present setting stands in.
    """

    chosen: tuple[Setting | None, Setting | None]
    ndcg: float
    present_ndcg: float
    against_present: Comparison


def choose(values: Values) -> Choice:
    """The cheapest setting that is as good as the best; ``values`` has the settings from cheap to dear.

    Where a cheaper one than that is undecided, so is the choice.
    """
    means = {setting: float(np.mean(of)) for setting, of in values.items()}
    # Of equal means the cheapest, which comes first, is the best.
    best = max(means, key=lambda setting: means[setting])
    against = {setting: compared(of, values[best]) for setting, of in values.items()}
    verdicts: dict[Setting, Verdict] = {
        setting: "best" if setting == best else verdict(comparison) for setting, comparison in against.items()
    }
    first = next(setting for setting, found in verdicts.items() if found != "worse")
    return Choice(None if verdicts[first] == "undecided" else first, best, verdicts, against)


def verdict(against_best: Comparison) -> Verdict:
    """Of a setting that is not the best."""
    loss = -against_best.difference
    if loss <= NEGLIGIBLE:
        return "as good"
    if against_best.p_value < SIGNIFICANT:
        return "worse"
    return "as good" if loss <= TOLERATED else "undecided"


def cross_validated(query_ids: Sequence[str], values: Values, present: Setting) -> CrossValidated:
    """Choose on each half of the queries, measure the choice on the other half. Halves go by the ids' digests."""
    order = sorted(range(len(query_ids)), key=lambda i: hashlib.sha256(query_ids[i].encode()).digest())
    halves = order[::2], order[1::2]
    chosen: list[Setting | None] = []
    ours, theirs = np.zeros(len(order)), np.array(values[present], dtype=np.float64)
    for seen, unseen in (halves, halves[::-1]):
        choice = choose({setting: [of[i] for i in seen] for setting, of in values.items()}).setting
        chosen.append(choice)
        ours[unseen] = np.array(values[choice or present])[unseen]
    return CrossValidated(
        (chosen[0], chosen[1]), float(ours.mean()), float(theirs.mean()), compared(ours.tolist(), theirs.tolist())
    )


def compared(new: Sequence[float], old: Sequence[float]) -> Comparison:
    """``new`` against ``old``, query by query: bootstrap interval (Efron 1979) and paired randomisation test."""
    differences = np.array(new, dtype=np.float64) - np.array(old, dtype=np.float64)
    low, high = _interval(differences)
    return Comparison(float(differences.mean()), low, high, p_value(differences))


def _interval(differences: npt.NDArray[np.float64]) -> tuple[float, float]:
    # The same draws every time, so that the same figures give the same choice.
    rng = np.random.default_rng(0)
    drawn = rng.integers(0, len(differences), size=(RESAMPLED, len(differences)))
    low, high = np.quantile(differences[drawn].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def is_borne_out(found: CrossValidated, *, is_dearer: bool) -> bool:
    """Whether unseen queries bear a change out: they gain by it where it costs time, else they lose nothing real."""
    if is_dearer:
        return found.against_present.difference > 0
    return verdict(found.against_present) == "as good"
