"""Is a new reader-ranker better than the present one? Both read groups that no training saw."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ranker.evaluation.metrics import mrr, ndcg
from ranker.reader import Reader
from ranker.scorer import Scorer
from ranker.training.group import Group
from ranker.training.reading_metric import exact_match, f1

RIGHT = "right"
PERMUTATIONS = 10_000

Report = Callable[[int, int], None]
"""(groups done, of how many)."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One number for each group, (n,) float64; ``exact_match`` and ``f1`` for each that has a span, (m,)."""

    ndcg: npt.NDArray[np.float64]
    mrr: npt.NDArray[np.float64]
    exact_match: npt.NDArray[np.float64]
    f1: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """Means of both, and how likely a difference as large is by chance (paired randomisation, two-sided)."""

    new: float
    present: float
    p_value: float


def measure(scorer: Scorer, groups: Sequence[Group], report: Report = lambda done, total: None) -> Figures:
    """How a scorer ranks and, if it is a reader-ranker, reads. Raises ScorerError."""
    ranked, read = [], []
    for done, group in enumerate(groups):
        report(done, len(groups))
        ranked.append(_ranked(scorer.score(group.query, group.passages)))
        if group.span and isinstance(scorer, Reader):
            (reading,) = scorer.read(group.query, group.passages[:1])
            found = group.passages[0][reading.span.start_char : reading.span.end_char] if reading.span else ""
            right = [group.passages[0][group.span[0] : group.span[1]]]
            read.append((exact_match(found, right), f1(found, right)))
    judged = {RIGHT: 1}
    exact, overlap = np.array(read, dtype=np.float64).reshape(-1, 2).T
    return Figures(
        np.array([ndcg(order, judged) for order in ranked]),
        np.array([mrr(order, judged) for order in ranked]),
        exact,
        overlap,
    )


def compare(new: Figures, present: Figures) -> dict[str, Difference]:
    """By figure; those of reading only where both read."""
    pairs = {name: (getattr(new, name), getattr(present, name)) for name in ("ndcg", "mrr", "exact_match", "f1")}
    return {
        name: Difference(float(a.mean()), float(b.mean()), p_value(a - b))
        for name, (a, b) in pairs.items()
        if len(a) and len(a) == len(b)
    }


def is_worse(differences: dict[str, Difference]) -> bool:
    """Whether the new one has a lower mean nDCG, or a lower mean F1 where both read."""
    return any(differences[name].new < differences[name].present for name in ("ndcg", "f1") if name in differences)


def p_value(differences: npt.NDArray[np.float64]) -> float:
    """Of a mean as far from 0, by paired randomisation: the sign of each difference is as likely + as -.

    Fisher's test as in Smucker, Allan and Carterette (CIKM 2007), with the same random signs every time.
    """
    seen = abs(differences.sum())
    rng = np.random.default_rng(0)
    as_far = 0
    for _ in range(PERMUTATIONS // 100):
        signs = rng.integers(0, 2, size=(100, len(differences))) * 2 - 1
        as_far += int((np.abs(signs @ differences) >= seen - 1e-9).sum())
    return (as_far + 1) / (PERMUTATIONS + 1)


def as_record(differences: dict[str, Difference]) -> dict[str, Any]:
    """For JSON, rounded."""
    return {name: {k: round(v, 4) for k, v in asdict(d).items()} for name, d in differences.items()}


def _ranked(scores: Sequence[float] | npt.NDArray[Any]) -> list[str]:
    """Passages by score, best first; the right one, which is the first, comes last among equals."""
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i == 0))
    return [RIGHT if i == 0 else str(i) for i in order]
