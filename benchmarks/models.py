"""Speed and fidelity of the shipped models, side by side with other libraries: ``python -m benchmarks.models --json``.

Everything runs in one go on the same weights and texts: the bundled encoder beside sentence-transformers' ``encode``,
the bundled reader-ranker beside its ``CrossEncoder.predict``, and the rerankers of txtai and Haystack where they are
installed. All run at their defaults: theirs in float32, ours in the precision that ``details`` names, whose rounding
``cosine_min`` and ``spearman_min`` show. Twenty of the queries are read with the fifty passages nearest to each, a
thousand pairs.

- ``encode_ratio``, ``rerank_ratio``: how many times as fast as sentence-transformers; none where its vectors or scores
  are not those of the same weights, since it did other work then.
- ``cosine_min``, ``spearman_min``: the vector farthest from its float32 twin; the query whose passages are ordered
  least like in float32.
- ``query_ms_p50``, ``rerank50_ms_p50``: one query encoded; 50 passages of 120 tokens reranked.
- ``peak_rss_mb``: of a process that runs both our models on all the texts.
- ``share_of_peak_flops``: what is computed for tokens, padding not counted, as a share of what torch's fastest matrix
  product reaches on this machine; the lesser of encoding and reranking.
"""

import argparse
import json
import multiprocessing
import os
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.model_peers import PEERS, pairs_per_s
from benchmarks.model_texts import Texts, own_texts, public_texts, shortened
from benchmarks.torch_twin import bert_folder
from indexer.encoders.bundled import FOLDER as ENCODER
from indexer.encoders.bundled import BundledConfig, BundledEncoder
from ranker.config import RerankConfig
from ranker.scorers.bundled import FOLDER as READER
from ranker.scorers.bundled import BundledScorer, BundledScorerConfig

Work = list[tuple[str, list[str]]]
Figures = np.ndarray[Any, Any]
PASSAGES, QUERIES = 1000, 50
DEPTH = RerankConfig().passages
"""Passages that a query is read with, as by default."""
SAME_VECTORS, SAME_ORDER = 0.99, 0.95
"""The least cosine and rank correlation of models with the same weights: precision alone changes less."""
SHORT_TOKENS, SHORT_PASSAGES = 120, 50
PEER_QUERIES = 5
"""Queries given, with the short passages, to the libraries that no target speaks of."""


def measure(texts: Texts, reader: Path, repeats: int) -> dict[str, Any]:
    """All figures."""
    import torch
    from sentence_transformers import CrossEncoder, SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer

    encoder, scorer = our_encoder(), our_scorer(reader)
    vectors = encoder.encode_passages(texts.passages)
    work = nearest(encoder, texts, vectors)
    pairs = [(query, passage) for query, passages in work for passage in passages]
    with TemporaryDirectory() as scratch:
        twin = Transformer(str(bert_folder(ENCODER, Path(scratch, "encoder"))), max_seq_length=256)
        encode = SentenceTransformer(modules=[twin, Pooling(vectors.shape[1]), Normalize()], device="cpu").encode
        predict = CrossEncoder(str(bert_folder(reader, Path(scratch, "reader"))), device="cpu").predict
        their_encode_s, their_vectors = seconds(lambda: encode(texts.passages), repeats)
        their_rerank_s, their_scores = seconds(lambda: predict(pairs), repeats)
        their_query_ms = median_ms(lambda query: encode([query]), texts.queries)
        short = shortened(scorer.load().tokenizer, texts.passages, SHORT_TOKENS)[:SHORT_PASSAGES]
        peers = {
            name: pairs_per_s(name, Path(scratch, "reader"), texts.queries[:PEER_QUERIES], short) for name in PEERS
        }
    our_encode_s, _ = seconds(lambda: encoder.encode_passages(texts.passages), repeats + 1)
    our_rerank_s, our_scores = seconds(lambda: np.concatenate([scorer.score(*item) for item in work]), repeats + 1)
    peak = peak_flops(torch)
    shares = {
        "encode": flops(token_counts(encoder, texts.passages)) / our_encode_s / peak,
        "rerank": flops(token_counts(scorer, [f"{query} {passage}" for query, passage in pairs])) / our_rerank_s / peak,
    }
    rerank_ms = median_ms(lambda query: scorer.score(query, short), texts.queries[:20])
    our_query_ms = median_ms(lambda query: encoder.encode_queries([query]), texts.queries)
    cosine, likeness = least_cosine(vectors, their_vectors), least_spearman(work, our_scores, their_scores)
    return {
        "encode_ratio": ratio(our_encode_s, their_encode_s, cosine, SAME_VECTORS),
        "rerank_ratio": ratio(our_rerank_s, their_rerank_s, likeness, SAME_ORDER),
        "cosine_min": cosine,
        "spearman_min": likeness,
        "query_ms_p50": round(our_query_ms, 2),
        "rerank50_ms_p50": round(rerank_ms, 1),
        "peak_rss_mb": round(peak_rss_mb(texts.passages, work, reader)),
        "share_of_peak_flops": round(min(shares.values()), 3),
        "details": {
            "precision": encoder.load().precision,
            "cores": len(os.sched_getaffinity(0)),
            "passages_per_s": per_s(len(texts.passages), our_encode_s),
            "sentence_transformers_passages_per_s": per_s(len(texts.passages), their_encode_s),
            "pairs_per_s": per_s(len(pairs), our_rerank_s),
            "sentence_transformers_pairs_per_s": per_s(len(pairs), their_rerank_s),
            "pairs_per_s_of_120_tokens": per_s(len(short), rerank_ms / 1000),
            **{f"{name}_pairs_per_s_of_120_tokens": figure for name, figure in peers.items()},
            "spearman_all_pairs": least_spearman([("", pairs)], our_scores, their_scores),
            "sentence_transformers_query_ms_p50": round(their_query_ms, 2),
            "queries_per_s_of_16_threads": per_s(*many_queries(encoder, texts.queries)),
            "shares_of_peak_flops": {name: round(share, 3) for name, share in shares.items()},
            "peak_gflops": round(peak / 1e9),
        },
    }


def our_encoder() -> BundledEncoder:
    return BundledEncoder(BundledConfig(cached_queries=0))


def our_scorer(reader: Path) -> BundledScorer:
    return BundledScorer(BundledScorerConfig(folder=reader))


def nearest(encoder: BundledEncoder, texts: Texts, vectors: np.ndarray[Any, Any]) -> Work:
    """The first queries, each with its nearest passages; as many pairs in all as there are passages."""
    asked = texts.queries[: max(1, len(texts.passages) // DEPTH)]
    order = np.argsort(-(encoder.encode_queries(asked) @ vectors.T), axis=1)[:, :DEPTH]
    return [(query, [texts.passages[i] for i in row]) for query, row in zip(asked, order, strict=True)]


def seconds(work: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """The best of so many runs, and what the last one gave."""
    times, result = [], None
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times), result


def median_ms(work: Callable[[str], Any], queries: Sequence[str]) -> float:
    """Median milliseconds of one query at a time, after all of them once."""
    for query in queries:
        work(query)
    return float(np.median([seconds(partial(work, query), 1)[0] for query in queries]) * 1000)


def per_s(count: int, took_s: float) -> float:
    return round(count / took_s, 1)


def many_queries(encoder: BundledEncoder, queries: Sequence[str], threads: int = 16) -> tuple[int, float]:
    """Single queries asked by many threads at a time: how many, and in how many seconds."""
    asked = list(queries) * 10
    with ThreadPoolExecutor(threads) as pool:
        took_s, _ = seconds(lambda: list(pool.map(lambda query: encoder.encode_queries([query]), asked)), 2)
    return len(asked), took_s


def ratio(ours_s: float, theirs_s: float, likeness: float | None, least: float) -> float | None:
    """How many times as fast ours is; None where the peer did not do the same work."""
    return round(theirs_s / ours_s, 2) if likeness is not None and likeness >= least else None


def least_cosine(ours: Figures, theirs: Figures) -> float | None:
    """Of the vector farthest from its twin; None where there are not as many twins, or some are no unit vectors."""
    lengths = np.linalg.norm(theirs, axis=-1)
    if np.shape(theirs) != ours.shape or not np.allclose(lengths, 1.0, atol=0.01):
        return None
    return round(float(np.sum(ours * theirs, axis=1).min()), 5)


def least_spearman(work: Sequence[tuple[str, Sequence[Any]]], ours: Figures, theirs: Figures) -> float | None:
    """Of the query whose passages are ordered least alike; None where there are not as many scores, or no numbers."""
    if np.shape(theirs) != ours.shape or not np.isfinite(theirs).all():
        return None
    ends = np.cumsum([len(passages) for _, passages in work])[:-1]
    return round(min(spearman(a, b) for a, b in zip(np.split(ours, ends), np.split(theirs, ends), strict=True)), 5)


def spearman(ours: Figures, theirs: Figures) -> float:
    from scipy.stats import spearmanr

    return float(spearmanr(ours, theirs).statistic)


def token_counts(model: BundledEncoder | BundledScorer, texts: Sequence[str]) -> list[int]:
    return [len(encoding.ids) for encoding in model.load().tokenizer.encode_batch(list(texts))]


def flops(lengths: Sequence[int], hidden: int = 384, inner: int = 1536, layers: int = 6) -> float:
    """Of a MiniLM-L6 over rows of so many tokens: four square products, two of the inner layer, and attention."""
    return float(sum(layers * (2 * n * (4 * hidden**2 + 2 * hidden * inner) + 4 * n**2 * hidden) for n in lengths))


def peak_flops(torch: Any, size: int = 2048) -> float:
    """Operations a second of the fastest product of two square matrices, in float32 or bf16."""
    best = 0.0
    for dtype in (torch.float32, torch.bfloat16):
        a, b = (torch.randn(size, size).to(dtype) for _ in range(2))
        first_s, _ = seconds(partial(torch.matmul, a, b), 1)
        slower = first_s > 4 * size**3 / max(best, 1)  # a CPU without bf16 imitates it, in seconds
        took_s = first_s if slower else seconds(partial(torch.matmul, a, b), 8)[0]
        best = max(best, 2 * size**3 / took_s)
    return best


def peak_rss_mb(passages: list[str], work: Work, reader: Path) -> float:
    """Of a process of its own that encodes and reranks everything."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(run_both, passages, work, reader).result()


def run_both(passages: list[str], work: Work, reader: Path) -> float:
    our_encoder().encode_passages(passages)
    scorer = our_scorer(reader)
    for query, texts in work:
        scorer.score(query, texts)
    # Not getrusage: a child inherits what its parent had reached.
    (peak_kb,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(peak_kb) / 1024


def fresh_reader(folder: Path) -> Path:
    """The encoder's transformer with heads that nobody trained: as fast as a trained one."""
    from ranker.training.export import export
    from ranker.training.model import ReaderRanker

    ReaderRanker.from_base(str(bert_folder(ENCODER, folder / "base"))).save(folder / "torch")
    export(folder / "torch", folder / "reader")
    return folder / "reader"


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.models", description=__doc__.split("\n")[0])
    data = os.environ.get("RECOLLECT_DATA")
    parser.add_argument("--data", type=Path, default=data, help="folder with beir/; without it, our own documentation")
    parser.add_argument("--reader", type=Path, help="another exported reader-ranker than the shipped one")
    parser.add_argument("--passages", type=int, default=PASSAGES)
    parser.add_argument("--queries", type=int, default=QUERIES)
    parser.add_argument("--repeats", type=int, default=2, help="runs of which the best counts")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    options = parser.parse_args()
    size = (options.passages, options.queries)
    texts = public_texts(Path(options.data), *size) if options.data else own_texts(*size)
    with TemporaryDirectory() as scratch:
        reader = options.reader or (READER if READER.exists() else fresh_reader(Path(scratch)))
        report = measure(texts, reader, options.repeats)
    report["details"]["reader"] = str(options.reader or ("shipped" if READER.exists() else "untrained heads"))
    report["details"]["texts"] = "public collections" if options.data else "documentation of this project"
    print(json.dumps(report, indent=2) if options.json else "\n".join(f"{k}: {v}" for k, v in report.items()))


if __name__ == "__main__":
    main()
