"""Encoding speed, side by side on the same texts in one run: ``python -m benchmarks.encoding --data DIR --json``.

Compares the bundled encoder with sentence-transformers' ``encode`` at its defaults, on the same weights.
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from indexer.beir import documents
from indexer.encoder_bundled import BundledConfig, BundledEncoder

SETS = ("nfcorpus", "squad11", "wikiqa", "medline")
QUERIES = 50


def passages(data: Path, count: int) -> list[str]:
    """Real texts of mixed length, the same every time."""
    choice = random.Random(7)
    texts = []
    for name in SETS:
        found = [f"{d.head.title}\n{d.text}" for d in documents(data / "beir" / name, lambda text: "en")]
        texts += choice.sample(found, count // len(SETS))
    choice.shuffle(texts)
    return texts


def seconds(work: Callable[[], Any], repeats: int) -> float:
    """The best of so many runs, after one that warms up."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def query_ms(encode: Callable[[list[str]], Any], queries: Sequence[str]) -> float:
    """Median milliseconds of one query at a time."""
    encode([queries[0]])
    times = []
    for query in queries:
        start = time.perf_counter()
        encode([query])
        times.append(time.perf_counter() - start)
    return float(np.median(times) * 1000)


def measure(texts: list[str], model: str, repeats: int) -> dict[str, Any]:
    """Both encoders on the same texts."""
    from sentence_transformers import SentenceTransformer

    start = time.perf_counter()
    ours = BundledEncoder(BundledConfig(cached_queries=0))
    precision = ours.load().precision
    load_s = time.perf_counter() - start
    theirs = SentenceTransformer(model, device="cpu")
    queries = [" ".join(text.split()[:8]) for text in texts[:QUERIES]]
    our_s = seconds(lambda: ours.encode_passages(texts), repeats)
    their_s = seconds(lambda: theirs.encode(texts), repeats)
    cosines = np.sum(ours.encode_passages(texts) * theirs.encode(texts), axis=1)
    return {
        "texts": len(texts),
        "precision": precision,
        "load_s": round(load_s, 2),
        "passages_per_s": round(len(texts) / our_s, 1),
        "sentence_transformers_passages_per_s": round(len(texts) / their_s, 1),
        "encode_ratio": round(their_s / our_s, 2),
        "cosine_min": round(float(cosines.min()), 5),
        "query_ms_p50": round(query_ms(ours.encode_queries, queries), 2),
        "sentence_transformers_query_ms_p50": round(query_ms(theirs.encode, queries), 2),
    }


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.encoding", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with beir/")
    parser.add_argument("--model", default="sentence-transformers/all-MiniLM-L6-v2", help="name or folder, for them")
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    report = measure(passages(options.data, options.texts), options.model, options.repeats)
    print(json.dumps(report, indent=2) if options.json else "\n".join(f"{k}: {v}" for k, v in report.items()))


if __name__ == "__main__":
    main()
