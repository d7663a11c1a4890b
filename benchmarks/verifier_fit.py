"""Fit the verifier's weights and print them. Run as a command.

    python -m benchmarks.verifier_fit

Claims of WiCE's training part and sentences of documentation made false by rule, of pages that are not measured;
logistic regression with the L2 penalty that is best on WiCE's dev part. Takes some minutes.
"""

import argparse
import os
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.verifier_data import Example, documents, wice, wice_train
from benchmarks.verifier_features import auc, supports

PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0)
READINGS = ("relevance", "answerable")
DOCUMENTS = 250
Array = npt.NDArray[np.float64]


def main() -> None:
    """Read, weigh, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("RECOLLECT_DATA", "../shared/data")))
    data = parser.parse_args().data
    train = [*wice_train(data, random.Random(0)), *documents(data, measured=False, count=DOCUMENTS)]
    rows, labels = known(train)
    dev_rows, dev_labels = known(wice(data, "dev"))
    for title, left_out in (("READ", ()), ("UNREAD", READINGS)):
        names = [name for name in rows[0] if name not in left_out]
        best = max((score(rows, labels, dev_rows, dev_labels, names, penalty), penalty) for penalty in PENALTIES)
        weights = fitted(table(rows, names), np.array(labels, dtype=float), best[1])
        print(f"{title}  # dev AUC {best[0]:.3f}, penalty {best[1]:g}")
        for name, weight in zip(["bias", *names], weights, strict=True):
            print(f'    "{name}": {weight:.3f},')


def known(examples: Sequence[Example]) -> tuple[list[dict[str, float]], list[bool]]:
    """Features and labels of the claims that share words with their passage and do not stand in it word for word."""
    found = [
        (dict(support.features), example.is_true)
        for example, support in zip(examples, supports(examples), strict=True)
        if support and support.features
    ]
    return [row for row, _ in found], [label for _, label in found]


def table(rows: Sequence[dict[str, float]], names: Sequence[str]) -> Array:
    """(n, 1 + names), the bias first."""
    return np.array([[1.0, *(row[name] for name in names)] for row in rows])


def score(
    rows: Sequence[dict[str, float]],
    labels: Sequence[bool],
    dev_rows: Sequence[dict[str, float]],
    dev_labels: Sequence[bool],
    names: Sequence[str],
    penalty: float,
) -> float:
    """AUC on dev with weights fitted on the training rows."""
    weights = fitted(table(rows, names), np.array(labels, dtype=float), penalty)
    return auc((table(dev_rows, names) @ weights).tolist(), dev_labels)


def fitted(x: Array, y: Array, penalty: float) -> Array:
    """Logistic regression by Newton's method; the bias is not penalised."""
    weights: Array = np.zeros(x.shape[1])
    ridge = np.eye(x.shape[1]) * penalty
    ridge[0, 0] = 1e-9
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -50, 50)))
        gradient = x.T @ (p - y) + ridge @ weights
        weights -= np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + ridge, gradient)
    return weights


if __name__ == "__main__":
    main()
