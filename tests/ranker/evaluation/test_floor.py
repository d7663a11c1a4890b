"""The models that come with Recollect on a small slice of public data that they were not trained on.

The floors are what was measured when the weights were made, less .01.
"""

import gzip
import json
from contextlib import closing
from pathlib import Path
from statistics import mean

from indexer.embedded.store import EmbeddedStore
from indexer.encoders.bundled import BundledEncoder
from ranker.config import RerankConfig
from ranker.evaluation.evaluate import EvalConfig, evaluate
from ranker.scorers.bundled import BundledScorer
from ranker.training.reading_metric import exact_match, f1

HYBRID, RERANKED = 0.7240, 0.8104
EXACT, F1 = 0.698, 0.8032
TOLERANCE = 0.01
QUESTIONS = 1000


def test_search_on_trecqa_is_as_good_as_it_was(public_data: Path, tmp_path: Path) -> None:
    config = EvalConfig("dev", ("hybrid", "rerank"), rerank=RerankConfig(mixed=True))
    with closing(EmbeddedStore(tmp_path / "index", writable=True)) as store:
        modes = evaluate(public_data / "beir" / "trecqa", store, BundledEncoder(), BundledScorer(), config)["modes"]
    assert modes["hybrid"]["ndcg@10"] >= HYBRID - TOLERANCE
    assert modes["rerank"]["ndcg@10"] >= RERANKED - TOLERANCE


def test_reading_is_as_good_as_it_was(public_data: Path) -> None:
    with gzip.open(public_data / "qa" / "squad" / "dev-v1.1.json.gz", "rt", encoding="utf-8") as file:
        paragraphs = [paragraph for article in json.load(file)["data"] for paragraph in article["paragraphs"]]
    asked = [(paragraph["context"], question) for paragraph in paragraphs for question in paragraph["qas"]]
    asked = asked[:: len(asked) // QUESTIONS][:QUESTIONS]
    scorer = BundledScorer()
    exact, overlap = [], []
    for context, question in asked:
        (reading,) = scorer.read(question["question"], [context])
        found = context[reading.span.start_char : reading.span.end_char] if reading.span else ""
        right = [answer["text"] for answer in question["answers"]]
        exact.append(exact_match(found, right))
        overlap.append(f1(found, right))
    assert mean(exact) >= EXACT - TOLERANCE
    assert mean(overlap) >= F1 - TOLERANCE
