"""How well, and how fast, a configuration finds what a judged collection says is relevant."""

import hashlib
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from crawler.language import detect_language
from indexer.beir import Qrels, documents, qrels, queries
from indexer.config import IndexConfig
from indexer.encoder import Encoder
from indexer.index import Indexer
from indexer.store import Store
from ranker.config import RankConfig, RerankConfig
from ranker.errors import RankError
from ranker.metrics import mrr, ndcg, recall
from ranker.query import Mode, Query
from ranker.rank import NOTHING_RELATED, Ranker
from ranker.scorer import Scorer

JUDGED_DEPTH = 100
"""Documents asked for, since recall is measured at 100."""


@dataclass(frozen=True, slots=True)
class EvalConfig:
    """``modes`` empty means all that can run. ``max_queries`` takes a random sample, the same each time: the
    first queries of a file are often about the same few documents."""

    split: str = "test"
    modes: tuple[Mode, ...] = ()
    max_queries: int | None = None
    index: IndexConfig = IndexConfig()
    rank: RankConfig = RankConfig()
    rerank: RerankConfig = RerankConfig()


def evaluate(
    folder: Path, store: Store, encoder: Encoder, scorer: Scorer | None = None, config: EvalConfig = EvalConfig()
) -> dict[str, Any]:
    """Index a BEIR folder into ``store`` (a fresh one) and run its judged queries in each mode.

    Gives ``{"dataset", "documents", "queries", "documents_per_second", "modes": {mode: {"ndcg@10", "recall@100",
    "mrr@10", "p50_ms", "p95_ms"}}}``. Queries without a relevant document are left out: no ranking could serve them.
    Reranking has all the time it needs, so that the figures do not depend on the machine. Times are of a first page of
    ten; let the encoder keep no query vectors, or later modes look faster than they are.
    Raises BadDocument for a broken folder, RankError where a mode cannot run as asked.
    """
    modes = _modes(config.modes, scorer)
    judged = {q: of for q, of in qrels(folder, config.split).items() if any(r > 0 for r in of.values())}
    topics = _sample({q: t for q, t in queries(folder).items() if q in judged}, config.max_queries)
    started = time.perf_counter()
    report = Indexer(store, encoder, config.index).index(documents(folder, detect_language))
    seconds = time.perf_counter() - started
    if report.failed:
        url, reason = next(iter(report.failed.items()))
        raise RankError(f"{len(report.failed)} documents of {folder} were not indexed, such as {url} ({reason})")
    ranker = Ranker(store, encoder, scorer, config.rank, replace(config.rerank, budget_ms=None))
    return {
        "dataset": folder.resolve().name,
        "documents": store.count().documents,
        "queries": len(topics),
        "documents_per_second": round(report.indexed / seconds, 1),
        "modes": {mode: _measured(ranker, mode, topics, judged) for mode in modes},
    }


def _sample(topics: Mapping[str, str], size: int | None) -> dict[str, str]:
    """At most ``size`` of them: those whose ids have the smallest digests."""
    by_digest = sorted(topics, key=lambda query_id: hashlib.sha256(query_id.encode()).digest())
    return {query_id: topics[query_id] for query_id in by_digest[:size]}


def _modes(wanted: Sequence[Mode], scorer: Scorer | None) -> tuple[Mode, ...]:
    if scorer is None and "rerank" in wanted:
        raise RankError("Mode rerank needs a scorer, and none is configured", "Configure one, or leave rerank out")
    possible: tuple[Mode, ...] = get_args(Mode)
    return tuple(wanted) or tuple(mode for mode in possible if scorer is not None or mode != "rerank")


def _measured(ranker: Ranker, mode: Mode, topics: Mapping[str, str], judged: Qrels) -> dict[str, float]:
    ndcgs, recalls, mrrs, ms = [], [], [], []
    for query_id, text in topics.items():
        started = time.perf_counter()
        _ranked(ranker, Query(text, mode=mode))
        ms.append((time.perf_counter() - started) * 1000)
        ranked = _ranked(ranker, Query(text, mode=mode, size=JUDGED_DEPTH))
        ndcgs.append(ndcg(ranked, judged[query_id], 10))
        recalls.append(recall(ranked, judged[query_id], 100))
        mrrs.append(mrr(ranked, judged[query_id], 10))
    return {
        "ndcg@10": round(_mean(ndcgs), 4),
        "recall@100": round(_mean(recalls), 4),
        "mrr@10": round(_mean(mrrs), 4),
        "p50_ms": round(percentile(ms, 0.5), 2),
        "p95_ms": round(percentile(ms, 0.95), 2),
    }


def _ranked(ranker: Ranker, query: Query) -> list[str]:
    """Corpus ids, best first. A part that failed and that a search goes on without makes a measurement void."""
    results = ranker.search(query)
    failed = [reason for reason in results.degraded if reason != NOTHING_RELATED]
    if failed:
        raise RankError(f"Mode {query.mode} cannot be measured ({'; '.join(failed)})")
    return [hit.passage.head.metadata["beir_id"] for hit in results.hits]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of the values do not exceed; 0 of no values."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)] if values else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
