"""How well, and how fast, a configuration finds what a judged collection says is relevant."""

import hashlib
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, get_args

from crawler.text.language import detect_language
from indexer.beir import Qrels, documents, qrels, queries
from indexer.config import IndexConfig
from indexer.document import Head
from indexer.encoder import Encoder
from indexer.index import Indexer
from indexer.store import Store
from ranker.config import RankConfig, RerankConfig
from ranker.degradation import Part
from ranker.errors import RankError
from ranker.evaluation.baselines import Baseline, BaselineName, make_baseline
from ranker.evaluation.metrics import mrr, ndcg, recall
from ranker.query import Mode, Query
from ranker.rank import Ranker
from ranker.scorer import Scorer

JUDGED_DEPTH = 100
"""Documents asked for, since recall is measured at 100."""


@dataclass(frozen=True, slots=True)
class EvalConfig:
    """``modes`` and ``baselines`` both empty means all modes that can run.

    ``max_queries`` takes a random sample, the same each time: the first queries of a file are often about the same few
    documents. Without ``corrects`` words that the index lacks are taken as they are.
    """

    split: str = "test"
    modes: tuple[Mode, ...] = ()
    baselines: tuple[BaselineName, ...] = ()
    max_queries: int | None = None
    corrects: bool = True
    index: IndexConfig = IndexConfig()
    rank: RankConfig = RankConfig()
    rerank: RerankConfig = RerankConfig()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one query came to: figures in [0, 1], and the time of a first page of ten."""

    query_id: str
    ndcg: float
    recall: float
    mrr: float
    ms: float


Report = Callable[[str, int, int], None]
"""(mode, queries done, of how many)."""


def evaluate(
    folder: Path,
    store: Store,
    encoder: Encoder,
    scorer: Scorer | None = None,
    config: EvalConfig = EvalConfig(),
    *,
    report_done: Report = lambda mode, done, total: None,
    keep: Callable[[str, Sequence[Outcome]], None] = lambda mode, found: None,
) -> dict[str, Any]:
    """Index a BEIR folder into ``store`` (a fresh one) and run its judged queries in each mode.

    Gives ``{"dataset", "documents", "queries", "documents_per_second", "modes": {mode: {"ndcg@10", "recall@100",
    "mrr@10", "p50_ms", "p95_ms"}}}``. Queries without a relevant document are left out: no ranking could serve them.
    Reranking has all the time it needs, so that the figures do not depend on the machine. Times are of a first page of
    ten; let the encoder keep no query vectors, or later modes look faster than they are. ``keep`` is given what each
    query came to.
    Raises BadDocument for a broken folder, RankError where a mode cannot run as asked.
    """
    modes = _modes(config.modes, scorer) if config.modes or not config.baselines else ()
    judged = {q: of for q, of in qrels(folder, config.split).items() if any(r > 0 for r in of.values())}
    topics = sample({q: t for q, t in queries(folder).items() if q in judged}, config.max_queries)
    started = time.perf_counter()
    report = Indexer(store, encoder, config.index).index(documents(folder, detect_language))
    seconds = time.perf_counter() - started
    if report.failed:
        url, reason = next(iter(report.failed.items()))
        raise RankError(f"{len(report.failed)} documents of {folder} were not indexed, such as {url} ({reason})")
    ranker = Ranker(store, encoder, scorer, config.rank, replace(config.rerank, budget_ms=None))
    modes_measured: dict[str, dict[str, float]] = {}
    for mode in modes:
        found = outcomes(
            ranker,
            mode,
            topics,
            judged,
            id_of=_corpus_id,
            report=partial(report_done, mode),
            corrects=config.corrects,
        )
        keep(mode, found)
        modes_measured[mode] = figures(found)
    if config.baselines:
        texts = {
            one.head.metadata["beir_id"]: f"{one.head.title}\n{one.text}" for one in documents(folder, detect_language)
        }
        for name in config.baselines:
            found = baseline_outcomes(make_baseline(name, texts), topics, judged)
            keep(name, found)
            modes_measured[str(name)] = figures(found)
    return {
        "dataset": folder.resolve().name,
        "documents": store.count().documents,
        "queries": len(topics),
        "documents_per_second": round(report.indexed / seconds, 1),
        "modes": modes_measured,
    }


def sample(topics: Mapping[str, str], size: int | None) -> dict[str, str]:
    """At most ``size`` of them: those whose ids have the smallest digests."""
    by_digest = sorted(topics, key=lambda query_id: hashlib.sha256(query_id.encode()).digest())
    return {query_id: topics[query_id] for query_id in by_digest[:size]}


def _modes(wanted: Sequence[Mode], scorer: Scorer | None) -> tuple[Mode, ...]:
    if scorer is None and "rerank" in wanted:
        raise RankError("Mode rerank needs a scorer, and none is configured", "Configure one, or leave rerank out")
    possible: tuple[Mode, ...] = get_args(Mode)
    return tuple(wanted) or tuple(mode for mode in possible if scorer is not None or mode != "rerank")


def outcomes(
    ranker: Ranker,
    mode: Mode,
    topics: Mapping[str, str],
    judged: Qrels,
    *,
    id_of: Callable[[Head], str],
    report: Callable[[int, int], None] = lambda done, total: None,
    allow_budget: bool = False,
    corrects: bool = True,
) -> list[Outcome]:
    """What each query (id -> text) comes to in a mode, in their order; ``judged`` names documents as ``id_of`` does.

    ``corrects`` is that of the query. With ``allow_budget`` a reranking cut short by its budget counts as it is.
    Raises RankError where the mode cannot run as asked.
    """
    found = []
    for done, (query_id, text) in enumerate(topics.items()):
        report(done, len(topics))
        started = time.perf_counter()
        query = Query(text, mode=mode, collapses=False, corrects=corrects)
        ranker.search(query)
        ms = (time.perf_counter() - started) * 1000
        ranked = _ranked(ranker, replace(query, size=JUDGED_DEPTH), id_of, allow_budget)
        of = judged[query_id]
        found.append(Outcome(query_id, ndcg(ranked, of, 10), recall(ranked, of, 100), mrr(ranked, of, 10), ms))
    report(len(topics), len(topics))
    return found


def baseline_outcomes(baseline: Baseline, topics: Mapping[str, str], judged: Qrels) -> list[Outcome]:
    """What each query comes to with a baseline, in their order."""
    found = []
    for query_id, text in topics.items():
        started = time.perf_counter()
        ranked = baseline.search(text, JUDGED_DEPTH)
        ms = (time.perf_counter() - started) * 1000
        of = judged[query_id]
        found.append(Outcome(query_id, ndcg(ranked, of, 10), recall(ranked, of, 100), mrr(ranked, of, 10), ms))
    return found


def figures(found: Sequence[Outcome]) -> dict[str, float]:
    """Means of the figures and percentiles of the times, rounded."""
    ms = [outcome.ms for outcome in found]
    return {
        "ndcg@10": round(_mean([outcome.ndcg for outcome in found]), 4),
        "recall@100": round(_mean([outcome.recall for outcome in found]), 4),
        "mrr@10": round(_mean([outcome.mrr for outcome in found]), 4),
        "p50_ms": round(percentile(ms, 0.5), 2),
        "p95_ms": round(percentile(ms, 0.95), 2),
    }


def _ranked(ranker: Ranker, query: Query, id_of: Callable[[Head], str], allow_budget: bool) -> list[str]:
    """Ids, best first. A part that failed and that a search goes on without makes a measurement void."""
    results = ranker.search(query)
    failed = [
        str(degradation)
        for degradation in results.degraded
        if degradation.part.is_failure or (degradation.part is Part.BUDGET and not allow_budget)
    ]
    if failed:
        raise RankError(f"Mode {query.mode} cannot be measured ({'; '.join(failed)})")
    return [id_of(hit.passage.head) for hit in results.hits]


def _corpus_id(head: Head) -> str:
    return head.metadata["beir_id"]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of the values do not exceed; 0 of no values."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)] if values else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
