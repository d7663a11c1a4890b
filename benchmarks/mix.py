"""Fits and measures the weight of the reader-ranker's opinion: ``python -m benchmarks.mix --data DIR --cache DIR``.

The four numbers of ``ranker.rerank.mix.weight`` and the bound of what reading may lift are searched for the best mean
nDCG@10 over all sets, each counting the same, once over all and once leaving out each set, so that the figure of a set
comes from numbers that never saw it. A number leaves its present value only for a gain. Then the probability of
relevance is fitted on the training and development judgements, and what these numbers and those that ship promise is
compared with the test judgements.
"""

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.fusion import TESTED_ON, logistic_fit
from benchmarks.mix_read import BEST, Numbers, Read, distinct, read_topics
from benchmarks.mix_reliability import Scored, draw, reliability
from ranker.evaluation.metrics import ndcg
from ranker.fusion.evidence import logistic
from ranker.rerank import mix

JUDGED_APART = {"nfcorpus": "dev", "wikiqa": "train", "trecqa": "train", "checkthat2020_claims": "dev"}
"""Fitted on, since the reader-ranker has not learned from them: of what it has learned from it is surer than of the
rest, so that numbers fitted there would trust it too much elsewhere."""

ONLY_TEST = ("cranfield", "cisi", "medline", "adi", "covid_faq_en")
"""Fitted on, too, though they have no other judgements; their own figure comes from numbers without them."""

QUESTIONS = ("squad11", "wikiqa", "trecqa", "medquad", "pubmedqa", "covid_faq_en", "policyqa")
TOPICAL = ("nfcorpus", "cranfield", "cisi", "medline")
STEP = 0.02
WEIGHTS = np.arange(0, mix.MAX_WEIGHT + STEP / 2, STEP)
SWEEPS = 2
STAY = 0.005
"""What the mean must gain for each 1 that a number moves: of a few sets the best numbers fit no other."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """The numbers of ``ranker.rerank.mix.weight``, and the bound of ``joined``."""

    base: float = mix.BASE
    per_log_word: float = mix.PER_LOG_WORD
    per_question: float = mix.PER_QUESTION
    per_median: float = mix.PER_MEDIAN
    most_lift: float = mix.MOST_LIFT

    @property
    def moved(self) -> float:
        """How far from the present numbers; a bound has no distance."""
        return float(np.abs(np.subtract(astuple(self)[:4], astuple(Weighing())[:4])).sum())


GRID = {
    "base": np.arange(0, 1.41, 0.1),
    "per_log_word": np.arange(-0.3, 0.11, 0.05),
    "per_question": np.arange(-0.1, 0.51, 0.05),
    "per_median": np.arange(-0.2, 0.11, 0.025),
    "most_lift": np.array((0.4, 0.6, 0.8, 1.0, 1.3, 1.6, 2.0, 9.0)),
}


@dataclass(frozen=True, slots=True)
class Table:
    """nDCG@10 of every topic of a set with each bound at each of ``WEIGHTS``, (topics, weights), and what the weight
    depends on, (topics, 4)."""

    gains: Mapping[float, Numbers]
    signals: Numbers

    def mean(self, by: Weighing) -> float:
        """nDCG@10 with the weights that ``by`` gives."""
        weights = weighed(self.signals, by)
        gains = self.gains[by.most_lift]
        return float(gains[np.arange(len(weights)), np.rint(weights / STEP).astype(int)].mean())


def tabulated(found: Sequence[Read]) -> Table:
    """All weights tried on all topics."""
    gains = {
        float(lift): np.array([[_ndcg(read, weight, float(lift)) for weight in WEIGHTS] for read in found])
        for lift in GRID["most_lift"]
    }
    return Table(gains, np.array([signals(read) for read in found]))


def signals(read: Read) -> Numbers:
    """(4,): what each number of ``Weighing`` is multiplied by."""
    median = np.median(mix.log_odds(read.scored)) if len(read.scored) else 0.0
    return np.array((1.0, np.log1p(read.words), float(read.is_question), median))


def weighed(by_topic: Numbers, by: Weighing) -> Numbers:
    """The weights for signals (..., 4)."""
    weights: Numbers = np.clip(by_topic @ np.array(astuple(by)[:4]), mix.MIN_WEIGHT, mix.MAX_WEIGHT)
    return weights


def fitted(tables: Sequence[Table]) -> Weighing:
    """The best on average for each bound, one number after the other, from the present ones; of these the best."""
    found = [_fitted(tables, Weighing(most_lift=float(lift))) for lift in GRID["most_lift"]]
    return max(found, key=lambda pair: pair[0])[1]


def _fitted(tables: Sequence[Table], best: Weighing) -> tuple[float, Weighing]:
    most = _worth(tables, best)
    for _ in range(SWEEPS):
        for name, values in GRID.items():
            for value in values if name != "most_lift" else ():
                tried = replace(best, **{name: float(value)})
                if (worth := _worth(tables, tried)) > most + 1e-9:
                    best, most = tried, worth
    return most, best


def _worth(tables: Sequence[Table], by: Weighing) -> float:
    return float(np.mean([table.mean(by) for table in tables])) - STAY * by.moved


def rows(test: Mapping[str, Sequence[Read]], train: Mapping[str, Table]) -> Iterable[dict[str, Any]]:
    """A row of figures for each test set."""
    for name, found in test.items():
        table = tabulated(found)
        others = fitted([t for other, t in train.items() if other != name])
        yield {
            "set": name,
            "topics": len(found),
            **{way: float(np.mean([getattr(read, way) for read in found])) for way in ("lexical", "dense", "hybrid")},
            "fused again": float(table.gains[mix.MOST_LIFT][:, 0].mean()),
            "reranked, others' numbers": table.mean(others),
            "reranked, as shipped": table.mean(Weighing()),
            "best single weight": float(table.gains[mix.MOST_LIFT].mean(axis=0).max()),
        }


def summary(found: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """What is asked of the others' numbers: gain on questions and on all, worst on all and on subjects, worst against
    the best list."""
    by_name = {row["set"]: row for row in found}
    reranked = {name: row["reranked, others' numbers"] for name, row in by_name.items()}
    best = {name: max(row[way] for way in ("lexical", "dense", "hybrid")) for name, row in by_name.items()}
    return {
        "mean_gain_on_questions": float(np.mean([reranked[n] - by_name[n]["hybrid"] for n in QUESTIONS if n in best])),
        "mean_gain": float(np.mean([reranked[n] - by_name[n]["hybrid"] for n in best])),
        "worst": min(reranked[n] - by_name[n]["hybrid"] for n in best),
        "worst_on_subjects": min((reranked[n] - by_name[n]["hybrid"] for n in TOPICAL if n in best), default=0.0),
        "worst_against_best": min(reranked[n] - best[n] for n in best),
    }


def best_of(found: Sequence[Read]) -> Scored:
    """(mixed log-odds, is relevant) of the ten best documents of each topic."""
    return [point for read in found for point in _best(read)]


def promised(best: Scored, slope: float, offset: float) -> Scored:
    """(probability of being relevant, is relevant) from the mixed log-odds."""
    return [(logistic(slope * mixed + offset), is_relevant) for mixed, is_relevant in best]


def _mixed(read: Read, weight: float, lift: float = mix.MOST_LIFT) -> Numbers:
    if not read.documents:
        return np.empty(0)
    return mix.joined(mix.log_odds(read.fused), weight * mix.log_odds(read.scored), lift)


def _ndcg(read: Read, weight: float, lift: float) -> float:
    order = np.argsort(-_mixed(read, weight, lift), kind="stable")
    return ndcg(distinct([read.documents[i] for i in order]), read.topic.judged)


def _best(read: Read) -> list[tuple[float, bool]]:
    """(mixed log-odds, is relevant) of the best documents."""
    if not read.documents:
        return []
    mixed = _mixed(read, float(weighed(signals(read), Weighing())))
    best = distinct([read.documents[i] for i in np.argsort(-mixed, kind="stable")])[:BEST]
    highest = {d: max(m for m, of in zip(mixed, read.documents, strict=True) if of == d) for d in best}
    return [(float(highest[d]), read.topic.judged.get(d, 0) > 0) for d in best]


def main() -> None:
    """Read the arguments, fit, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mix", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with beir/ and pairs/")
    parser.add_argument("--cache", type=Path, required=True, help="folder for indexes and what was read")
    parser.add_argument("--topics", type=int, default=300, help="of a set at most, a fixed random sample")
    parser.add_argument("--sets", nargs="*", help="only these")
    parser.add_argument("--plot", type=Path, help="draw here (PNG) what the score as shipped promises and what comes")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    if options.sets and not JUDGED_APART.keys() & set(options.sets):
        parser.error(f"--sets names none that the probability is fitted on: {', '.join(JUDGED_APART)}")
    options.cache.mkdir(parents=True, exist_ok=True)

    def read_all(splits: Mapping[str, str]) -> dict[str, list[Read]]:
        chosen = {name: split for name, split in splits.items() if not options.sets or name in options.sets}
        return {n: read_topics(options.data, options.cache, n, s, options.topics) for n, s in chosen.items()}

    train = read_all({**JUDGED_APART, **dict.fromkeys(ONLY_TEST, "test")})
    tables = {name: tabulated(found) for name, found in train.items()}
    test = read_all(dict.fromkeys(TESTED_ON, "test"))
    found = list(rows(test, tables))
    judged_apart = [best_of(reads) for name, reads in train.items() if name in JUDGED_APART]
    slope, offset = logistic_fit(judged_apart, start=(1.0, 0.0))
    best = {name: best_of(reads) for name, reads in test.items()}
    as_fitted = {name: promised(points, slope, offset) for name, points in best.items()}
    as_shipped = {name: promised(points, mix.SLOPE, mix.OFFSET) for name, points in best.items()}
    if options.plot:
        draw(as_shipped, options.plot)
    numbers = {"fitted_on_all": asdict(fitted(list(tables.values()))), "slope": slope, "offset": offset}
    bins = {"reliability": reliability(as_fitted), "reliability_as_shipped": reliability(as_shipped)}
    if options.json:
        bins_json = {name: [asdict(one) for one in some] for name, some in bins.items()}
        print(json.dumps({"rows": found, **summary(found), **numbers, **bins_json}, indent=2))
        return
    print_table(found)
    for key, value in {**summary(found), **numbers}.items():
        print(f"{key}: {value}")
    for name, some in bins.items():
        print(f"\n{name.replace('_', ' ')}\n")
        print_table([asdict(one) for one in some])


def print_table(table: Sequence[Mapping[str, Any]]) -> None:
    """As Markdown."""
    print("| " + " | ".join(table[0]) + " |\n|" + "---|" * len(table[0]))
    for row in table:
        print("| " + " | ".join(f"{v:.3f}" if isinstance(v, float) else str(v) for v in row.values()) + " |")


if __name__ == "__main__":
    main()
