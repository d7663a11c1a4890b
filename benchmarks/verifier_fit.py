"""Fit the verifier's weights and print them. Run as a command.

    python -m benchmarks.verifier_fit

Logistic regression on the claims of WiCE's training part, with the L2 penalty that is best on its dev part, then on
both. Then what they come to with ``min_support`` on sentences of documentation made false by rule, of pages that are
not measured. Takes some 25 minutes on one core; ``--kept FILE`` keeps what the models know of the examples for another
run.
"""

import argparse
import os
import pickle
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.verifier_data import Example, documents, wice, wice_train
from benchmarks.verifier_features import auc, supports
from rag.choosing.weights import probability
from rag.config import AnswerConfig
from rag.verifying.best_support import VERBATIM, Support

PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0)
READINGS = ("relevance", "answerable")
DOCUMENTS = 250
Array = npt.NDArray[np.float64]
Known = list[tuple[Example, Support | None]]


def main() -> None:
    """Read, weigh, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("RECOLLECT_DATA", "../shared/data")))
    parser.add_argument("--kept", type=Path, help="read what is known of the examples from this file, or write it")
    options = parser.parse_args()
    found = kept(options.data, options.kept)
    rows, labels = known(found["train"])
    dev_rows, dev_labels = known(found["dev"])
    for title, left_out in (("READ", ()), ("UNREAD", READINGS)):
        names = [name for name in rows[0] if name not in left_out]
        best = max((score(rows, labels, dev_rows, dev_labels, names, penalty), penalty) for penalty in PENALTIES)
        x, y = table([*rows, *dev_rows], names), np.array([*labels, *dev_labels], dtype=float)
        weights = dict(zip(["bias", *names], fitted(x, y, best[1]).round(2).tolist(), strict=True))
        print(f"{title}  # dev AUC {best[0]:.3f}, penalty {best[1]:g}")
        print("".join(f'    "{name}": {weight},\n' for name, weight in weights.items()), end="")
        print("false ones caught, true ones dropped: {:.3f}, {:.3f}".format(*shares_of(found["documents"], weights)))


def kept(data: Path, file: Path | None) -> dict[str, Known]:
    """What the models know of the examples of each part."""
    if file and file.exists():
        found: dict[str, Known] = pickle.loads(file.read_bytes())
        return found
    parts = {
        "train": list(wice_train(data, random.Random(0))),
        "dev": wice(data, "dev"),
        "documents": documents(data, measured=False, count=DOCUMENTS),
    }
    found = {name: list(zip(examples, supports(examples), strict=True)) for name, examples in parts.items()}
    if file:
        file.write_bytes(pickle.dumps(found))
    return found


def shares_of(found: Known, weights: Mapping[str, float]) -> tuple[float, float]:
    """Shares of false claims that would not be shown, and of true ones that would not."""
    shown = {True: 0, False: 0}
    for example, support in found:
        if support and not support.mismatches:
            is_sure = probability(weights, support.features) if support.features else VERBATIM
            shown[example.is_true] += is_sure >= AnswerConfig().min_support
    true = sum(example.is_true for example, _ in found)
    return 1 - shown[False] / (len(found) - true), 1 - shown[True] / true


def known(found: Known) -> tuple[list[dict[str, float]], list[bool]]:
    """Features and labels of the claims that share words with their passage and do not stand in it word for word."""
    usable = [(support, example.is_true) for example, support in found if support and support.features]
    return [dict(support.features) for support, _ in usable], [label for _, label in usable]


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
