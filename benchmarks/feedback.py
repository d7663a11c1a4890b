"""What feedback gains after reading: ``python -m benchmarks.feedback --data DIR --cache DIR --sets nfcorpus:dev ...``.

Each set is searched without feedback and with several settings of it; a passage is read once for all of them.
"""

import argparse
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.fusion_sets import RetrievalSet, Topic, load
from benchmarks.mix_read import distinct
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.bundled import BundledEncoder
from indexer.index import Indexer
from ranker.config import RankConfig, RerankConfig
from ranker.evaluation.metrics import ndcg
from ranker.query import Query
from ranker.rank import Ranker
from ranker.scorer import Scores
from ranker.scorers.bundled import BundledScorer

SHIPPED = RankConfig()
SETTINGS = {
    "without": replace(SHIPPED, feedback_passages=0),
    "as shipped": SHIPPED,
    "of the first 10": replace(SHIPPED, feedback_depth=10),
    "the first 3, unread": replace(SHIPPED, feedback_depth=3),
    "weight .3": replace(SHIPPED, feedback_weight=0.3),
    "3 words at most": replace(SHIPPED, feedback_words=3),
    "9 words at most": replace(SHIPPED, feedback_words=9),
    "any length": replace(SHIPPED, feedback_words=10_000),
}


class RememberingScorer(BundledScorer):
    """The reader-ranker, which reads no pair twice."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[tuple[str, str], float] = {}

    def score(self, query: str, passages: Sequence[str]) -> Scores:
        unread = [text for text in dict.fromkeys(passages) if (query, text) not in self._known]
        scores = super().score(query, unread).tolist()
        self._known.update(((query, text), score) for text, score in zip(unread, scores, strict=True))
        return np.array([self._known[query, text] for text in passages], dtype=np.float32)


def measure(collection: RetrievalSet, split: str, cache: Path) -> dict[str, float]:
    """nDCG@10 by setting."""
    encoder, scorer = BundledEncoder(), RememberingScorer()
    with closing(EmbeddedStore(cache / f"{collection.corpus}-index", writable=True)) as store:
        Indexer(store, encoder).index(collection.documents)
        rankers = {
            name: Ranker(store, encoder, scorer, config, RerankConfig(budget_ms=None, mixed=True))
            for name, config in SETTINGS.items()
        }
        return {
            name: float(np.mean([_ndcg(ranker, topic) for topic in collection.topics[split]]))
            for name, ranker in rankers.items()
        }


def _ndcg(ranker: Ranker, topic: Topic) -> float:
    found = ranker.passages(Query(topic.text))
    return ndcg(distinct([item.passage.head.doc_id for item in found]), topic.judged)


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.feedback", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with beir/ and pairs/")
    parser.add_argument("--cache", type=Path, required=True, help="folder for indexes")
    parser.add_argument("--topics", type=int, default=100, help="of a set at most, a fixed random sample")
    parser.add_argument("--sets", nargs="+", required=True, metavar="NAME:SPLIT")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args()
    options.cache.mkdir(parents=True, exist_ok=True)
    found = {}
    for name in options.sets:
        corpus, _, split = name.partition(":")
        found[name] = measure(load(options.data, corpus, (split,), options.topics), split, options.cache)
    if options.json:
        print(json.dumps(found, indent=2))
        return
    print("| set | " + " | ".join(SETTINGS) + " |\n|" + "---|" * (len(SETTINGS) + 1))
    for name, row in found.items():
        print(f"| {name} | " + " | ".join(f"{value:.3f}" for value in row.values()) + " |")


if __name__ == "__main__":
    main()
