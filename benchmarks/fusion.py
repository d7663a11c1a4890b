"""Fits and measures fusion: ``python -m benchmarks.fusion --data DIR --cache DIR [--test]``.

Without ``--test`` it reads training and development topics only: it searches the coefficients of ``evidence`` that do
best on average, once over all sets and once leaving out each set (and what shares its corpus), so that a figure comes
from settings that never saw the set; then it fits the probability of relevance. With ``--test`` it prints the test
topics once.
"""

import argparse
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path

import numpy as np

from benchmarks.fusion_lists import Listed, listed
from indexer.store import Candidate
from ranker.evaluation.metrics import ndcg
from ranker.fusion.coverage import Coverage, coverage
from ranker.fusion.evidence import OFFSET, SLOPE, Background, Coefficients, weighed
from ranker.fusion.fuse import FuseConfig, atan, convex, reciprocal_rank
from ranker.fusion.scored import Scored

FITTED_ON = {
    "squad11": "train",
    "medquad": "train",
    "pubmedqa": "train",
    "policyqa": "dev",
    "docs": "train",
    "tldr": "train",
    "squad11-long": "train",
    "pubmedqa-long": "train",
    "nfcorpus": "dev",
    "wikiqa": "train",
    "trecqa": "train",
    "checkthat2020_claims": "dev",
}
TESTED_ON = (
    *("nfcorpus", "cranfield", "cisi", "medline", "adi", "wikiqa", "trecqa", "squad11", "medquad", "pubmedqa"),
    *("policyqa", "covid_faq_en", "checkthat2020_claims"),
)
GRID = {
    "deviation_worth": (3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.5, 8.0),
    "missed_loss": (0.0, 0.35, 0.7, 1.0, 1.5, 2.0),
    "half_words": (100.0, 200.0, 400.0),
}
CURVES = {
    "half_words": (0.0, 50.0, 100.0, 200.0, 400.0, 1e9),
    "full_terms": (6.0, 8.0, 10.0, 12.0, 16.0, 1e9),
    "covered_share": (1e-9, 0.3, 0.4, 0.5),
}
TOPICS = 400
CALIBRATED_DEPTH = 10

Lists = Mapping[str, Sequence[tuple[Listed, Coverage]]]
Fuse = Callable[[Listed, Coverage], list[Scored]]


def by_evidence(by: Coefficients = Coefficients()) -> Fuse:
    """``evidence`` with these coefficients, of lists whose coverage is known."""
    background = Background(FuseConfig().cosine_mean, FuseConfig().cosine_deviation)
    return lambda topic, found: weighed(topic.found.lexical, topic.found.dense, found, background, by)


METHODS: dict[str, Fuse] = {
    "lexical": lambda topic, _: _scored(topic.found.lexical),
    "dense": lambda topic, _: _scored(topic.found.dense),
    "reciprocal rank": lambda topic, _: reciprocal_rank(*_both(topic)),
    "atan": lambda topic, _: atan(*_both(topic)),
    "convex": lambda topic, _: convex(*_both(topic)),
    "evidence": by_evidence(),
}


def documents(topic: Listed, found: Coverage, fuse: Fuse) -> list[tuple[str, float]]:
    """(doc_id, score), each document by its best passage, best first."""
    owner = {c.passage.passage_id: c.passage.head.doc_id for c in (*topic.found.lexical, *topic.found.dense)}
    best: dict[str, float] = {}
    for passage_id, score in fuse(topic, found):
        best.setdefault(owner[passage_id], score)
    return list(best.items())


def mean_ndcg(topics: Sequence[tuple[Listed, Coverage]], fuse: Fuse) -> float:
    """nDCG@10 over the topics."""
    return float(np.mean([ndcg([d for d, _ in documents(t, c, fuse)], t.topic.judged) for t, c in topics]))


def fit(lists: Lists) -> dict[str, Coefficients]:
    """Set -> the coefficients fitted on the others; ``""`` -> those fitted on all."""
    grid = [Coefficients(**dict(zip(GRID, values, strict=True))) for values in itertools.product(*GRID.values())]
    names = list(lists)
    scores = np.array([[mean_ndcg(lists[n], by_evidence(by)) for n in names] for by in grid])
    chosen = {}
    for left_out in ("", *names):
        seen = [i for i, n in enumerate(names) if not left_out or n.split("-")[0] != left_out.split("-")[0]]
        chosen[left_out] = grid[int(scores[:, seen].mean(axis=1).argmax())]
    return chosen


def print_curves(lists: Lists) -> None:
    """nDCG@10 by each of the coefficients that the grid leaves alone."""
    for name, values in CURVES.items():
        print(f"\n{name:<22}" + "".join(f"{value:>8g}" for value in values))
        for set_name, topics in lists.items():
            curve = [mean_ndcg(topics, by_evidence(Coefficients(**{name: value}))) for value in values]
            print(f"{set_name:<22}" + "".join(f"{value:>8.3f}" for value in curve))


def fit_probability(lists: Lists) -> tuple[float, float]:
    """(slope, offset) of the logistic regression of relevance on points, every set weighing the same."""
    return logistic_fit(
        [(p, t.topic.judged.get(d, 0) > 0) for t, c in topics for d, p in _points(t, c)] for topics in lists.values()
    )


def logistic_fit(
    samples: Iterable[Sequence[tuple[float, bool]]], start: tuple[float, float] = (0.1, -5.0)
) -> tuple[float, float]:
    """(slope, offset) of the logistic regression over (points, is relevant), every sample weighing the same."""
    points, relevant, weights = [], [], []
    for found in samples:
        points += [p for p, _ in found]
        relevant += [r for _, r in found]
        weights += [1 / len(found)] * len(found)
    x = np.stack([np.array(points), np.ones(len(points))], axis=1)
    y, w = np.array(relevant, dtype=float), np.array(weights)
    theta = np.array(start)  # Newton's method finds no way from afar
    for _ in range(50):  # Newton's method
        p = 1 / (1 + np.exp(-x @ theta))
        theta -= np.linalg.solve((x * (w * p * (1 - p))[:, None]).T @ x, x.T @ (w * (p - y)))
    return float(theta[0]), float(theta[1])


def print_table(lists: Lists, fitted: Mapping[str, Coefficients]) -> None:
    """nDCG@10 of every method on every set."""
    columns = [*METHODS, *(["evidence, set left out"] if fitted else [])]
    print("\n| set | topics | " + " | ".join(columns) + " |\n|" + "---|" * (len(columns) + 2))
    for name, topics in lists.items():
        fuses = [*METHODS.values(), *([by_evidence(fitted[name])] if fitted else [])]
        print(f"| {name} | {len(topics)} | " + " | ".join(f"{mean_ndcg(topics, f):.3f}" for f in fuses) + " |")


def main() -> None:
    """Read the arguments, fit or test, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fusion", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with beir/ and pairs/")
    parser.add_argument("--cache", type=Path, required=True, help="folder for indexes and candidate lists")
    parser.add_argument("--test", action="store_true", help="measure the test topics; nothing is fitted")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    splits = dict.fromkeys(TESTED_ON, "test") if options.test else FITTED_ON
    lists = {
        name: [(t, coverage(t.topic.text, t.found.lexical, t.found.dense)) for t in topics]
        for name, split in splits.items()
        for topics in listed(options.data, options.cache, name, (split,), TOPICS).values()
    }
    if options.test:
        print_table(lists, {})
        return
    fitted = fit(lists)
    print_table(lists, fitted)
    print_curves(lists)
    for left_out, by in fitted.items():
        print(f"{'without ' + left_out if left_out else 'all sets':<30}", *(f"{v:g}" for v in astuple(by)))
    print(f"{'shipped':<30}", *(f"{v:g}" for v in astuple(Coefficients())))
    print("probability of relevance: slope {:.3f}, offset {:.2f}".format(*fit_probability(lists)))


def _points(topic: Listed, found: Coverage) -> list[tuple[str, float]]:
    """(doc_id, points) of the best documents: the probability of ``evidence`` turned back."""
    best = documents(topic, found, METHODS["evidence"])[:CALIBRATED_DEPTH]
    return [(d, (np.log(p / (1 - p)) - OFFSET) / SLOPE) for d, p in best if 0 < p < 1]


def _both(topic: Listed) -> tuple[list[Scored], list[Scored]]:
    return _scored(topic.found.lexical), _scored(topic.found.dense)


def _scored(candidates: Sequence[Candidate]) -> list[Scored]:
    return [Scored(c.passage.passage_id, c.score) for c in candidates]


if __name__ == "__main__":
    main()
