"""How good a ranking is, given judgements: pure functions over one query.

``ranked`` are document ids, best first, each once. ``judged`` maps document ids to their relevance; what is not in it
counts as not relevant. Each function gives 0 where nothing is relevant.
"""

import math
from collections.abc import Mapping, Sequence


def ndcg(ranked: Sequence[str], judged: Mapping[str, int], k: int = 10) -> float:
    """Normalised discounted cumulative gain with linear gain (Järvelin and Kekäläinen, TOIS 2002), as in trec_eval."""
    ideal = _discounted(sorted(judged.values(), reverse=True)[:k])
    return _discounted([judged.get(doc_id, 0) for doc_id in ranked[:k]]) / ideal if ideal else 0.0


def recall(ranked: Sequence[str], judged: Mapping[str, int], k: int = 100) -> float:
    """Share of the relevant documents that are among the first ``k``."""
    relevant = {doc_id for doc_id, relevance in judged.items() if relevance > 0}
    return len(relevant.intersection(ranked[:k])) / len(relevant) if relevant else 0.0


def mrr(ranked: Sequence[str], judged: Mapping[str, int], k: int = 10) -> float:
    """One over the rank of the first relevant document, 0 if it is not among the first ``k``."""
    return next((1 / rank for rank, d in enumerate(ranked[:k], start=1) if judged.get(d, 0) > 0), 0.0)


def _discounted(relevances: Sequence[int]) -> float:
    return sum(max(0, relevance) / math.log2(rank + 1) for rank, relevance in enumerate(relevances, start=1))
