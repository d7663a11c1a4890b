"""Fits and measures fusion: ``python -m benchmarks.fusion --data DIR --cache DIR [--test]``.

Without ``--test`` it reads training and development topics only: it prints nDCG@10 of every method, fits what
``evidence`` needs (how many points of BM25 a deviation of the cosine is worth, on sets whose licence allows it) leaving
out the set it is measured on, and fits the probability of relevance. With ``--test`` it prints the test topics once.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.fusion_lists import Listed, listed
from ranker.fuse import (
    DEVIATION_WORTH,
    FULL_TERMS,
    OFFSET,
    SLOPE,
    FuseConfig,
    Scored,
    atan,
    convex,
    evidence,
    lexical_share,
    reciprocal_rank,
)
from ranker.metrics import ndcg

FITTED_ON = {
    "squad11": "train",
    "medquad": "train",
    "pubmedqa": "train",
    "policyqa": "dev",
    "docs": "train",
    "tldr": "train",
    "squad11-long": "train",
    "pubmedqa-long": "train",
}
CHECKED_ON = {"nfcorpus": "dev", "wikiqa": "dev", "trecqa": "dev", "checkthat2020_claims": "dev"}
TESTED_ON = (
    *("nfcorpus", "cranfield", "cisi", "medline", "adi", "wikiqa", "trecqa", "squad11", "medquad", "pubmedqa"),
    *("policyqa", "covid_faq_en", "checkthat2020_claims"),
)
WORTHS = (1.7, 2.1, 2.5, 2.9, 3.3, 3.7, 4.15, 4.6, 5.0, 5.8, 6.6, 8.3, 10.8)
TOPICS = 400
CALIBRATED_DEPTH = 10

FULL_TERMS_TRIED = (6, 8, 10, 12, 16, 24, 1000)

Fuse = Callable[[str, Sequence[Scored], Sequence[Scored]], list[Scored]]
"""(query, lexical, dense) -> fused"""

Lists = Mapping[str, Sequence[Listed]]


def by_evidence(worth: float = DEVIATION_WORTH, full_terms: float = FULL_TERMS) -> Fuse:
    """``evidence`` with a deviation of the cosine worth so many points, and BM25 in full up to so many terms."""
    config = FuseConfig()
    deviation = config.cosine_deviation * DEVIATION_WORTH / worth

    def fuse(query: str, lexical: Sequence[Scored], dense: Sequence[Scored]) -> list[Scored]:
        return evidence(lexical, dense, config.cosine_mean, deviation, lexical_share(query, full_terms))

    return fuse


METHODS: dict[str, Fuse] = {
    "lexical": lambda query, lexical, dense: list(lexical),
    "dense": lambda query, lexical, dense: list(dense),
    "rank": lambda query, lexical, dense: reciprocal_rank(lexical, dense),
    "atan": lambda query, lexical, dense: atan(lexical, dense),
    "convex": lambda query, lexical, dense: convex(lexical, dense),
    "convex, minima": lambda query, lexical, dense: convex(lexical, dense, 0.5, lexical_floor=0.0, dense_floor=-1.0),
    "evidence": by_evidence(),
}


def documents(topic: Listed, fuse: Fuse) -> list[tuple[str, float]]:
    """(doc_id, score), each document by its best passage, best first."""
    lexical, dense = (
        [Scored(c.passage.passage_id, c.score) for c in cs] for cs in (topic.found.lexical, topic.found.dense)
    )
    owner = {c.passage.passage_id: c.passage.head.doc_id for c in (*topic.found.lexical, *topic.found.dense)}
    best: dict[str, float] = {}
    for passage_id, score in fuse(topic.topic.text, lexical, dense):
        best.setdefault(owner[passage_id], score)
    return list(best.items())


def mean_ndcg(topics: Sequence[Listed], fuse: Fuse) -> float:
    """nDCG@10 over the topics."""
    return float(np.mean([ndcg([d for d, _ in documents(t, fuse)], t.topic.judged) for t in topics]))


def fit_worths(lists: Lists) -> dict[str, float]:
    """Set -> the worth that is best on average over the other sets fitted on; ``""`` -> over all of them."""
    curves = {name: np.array([mean_ndcg(lists[name], by_evidence(w)) for w in WORTHS]) for name in FITTED_ON}
    chosen = {}
    for left_out in ("", *lists):
        mean = np.mean([curve for name, curve in curves.items() if name != left_out], axis=0)
        chosen[left_out] = WORTHS[int(mean.argmax())]
    print(f"{'worth':<22}" + "".join(f"{w:>7.2f}" for w in WORTHS))
    for name, curve in {**curves, "mean": np.mean(list(curves.values()), axis=0)}.items():
        print(f"{name:<22}" + "".join(f"{v:>7.3f}" for v in curve))
    return chosen


def print_full_terms(lists: Lists) -> None:
    """nDCG@10 by the number of terms up to which BM25 counts in full; it matters where queries are long."""
    print(f"{'full terms':<22}" + "".join(f"{n:>7}" for n in FULL_TERMS_TRIED))
    for name, topics in lists.items():
        curve = [mean_ndcg(topics, by_evidence(full_terms=n)) for n in FULL_TERMS_TRIED]
        print(f"{name:<22}" + "".join(f"{v:>7.3f}" for v in curve))


def fit_probability(lists: Lists) -> tuple[float, float]:
    """(slope, offset) of the logistic regression of relevance on points, every set weighing the same."""
    points, relevant, weights = [], [], []
    for name in FITTED_ON:
        found = [(p, t.topic.judged.get(d, 0) > 0) for t in lists[name] for d, p in _points(t)]
        points += [p for p, _ in found]
        relevant += [r for _, r in found]
        weights += [1 / len(found)] * len(found)
    x = np.stack([np.array(points), np.ones(len(points))], axis=1)
    y, w = np.array(relevant, dtype=float), np.array(weights)
    theta = np.array([0.1, -5.0])
    for _ in range(50):  # Newton's method
        p = 1 / (1 + np.exp(-x @ theta))
        theta -= np.linalg.solve((x * (w * p * (1 - p))[:, None]).T @ x, x.T @ (w * (p - y)))
    return float(theta[0]), float(theta[1])


def _points(topic: Listed) -> list[tuple[str, float]]:
    """(doc_id, points) of the best documents: the probability of ``evidence`` turned back."""
    found = documents(topic, METHODS["evidence"])[:CALIBRATED_DEPTH]
    return [(d, (np.log(p / (1 - p)) - OFFSET) / SLOPE) for d, p in found if 0 < p < 1]


def print_table(lists: Lists, methods: Mapping[str, Fuse], worths: Mapping[str, float]) -> None:
    """nDCG@10 of every method on every set."""
    columns = [*methods, *(["evidence, set left out"] if worths else [])]
    print("| set | topics | " + " | ".join(columns) + " |\n|" + "---|" * (len(columns) + 2))
    for name, topics in lists.items():
        fuses = [*methods.values(), *([by_evidence(worths[name])] if worths else [])]
        print(f"| {name} | {len(topics)} | " + " | ".join(f"{mean_ndcg(topics, f):.3f}" for f in fuses) + " |")


def main() -> None:
    """Read the arguments, fit or test, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fusion", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with beir/ and pairs/")
    parser.add_argument("--cache", type=Path, required=True, help="folder for indexes and candidate lists")
    parser.add_argument("--test", action="store_true", help="measure the test topics; nothing is fitted")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    splits = dict.fromkeys(TESTED_ON, "test") if options.test else {**FITTED_ON, **CHECKED_ON}
    lists = {name: listed(options.data, options.cache, name, (split,), TOPICS)[split] for name, split in splits.items()}
    if options.test:
        print_table(lists, METHODS, {})
        return
    worths = fit_worths(lists)
    print_full_terms(lists)
    print_table(lists, METHODS, worths)
    print(f"best worth over all sets fitted on: {worths['']}; shipped: {DEVIATION_WORTH}")
    print("probability of relevance: slope {:.3f}, offset {:.2f}".format(*fit_probability(lists)))


if __name__ == "__main__":
    main()
