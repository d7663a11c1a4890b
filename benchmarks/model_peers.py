"""Rerankers of other libraries on the same weights, each as its documentation shows it; absent ones say so."""

import os
import time
from collections.abc import Callable, Sequence, Sized
from pathlib import Path

Rerank = Callable[[str, Sequence[str]], Sized]
"""Scores for passages, or passages by their scores."""


def txtai(folder: Path) -> Rerank:
    from txtai.pipeline import Similarity

    similarity = Similarity(str(folder), crossencode=True, gpu=False)
    return lambda query, passages: similarity(query, list(passages))


def haystack(folder: Path) -> Rerank:
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"  # it is read at import
    from haystack import Document
    from haystack.utils import ComponentDevice
    from haystack_integrations.components.rankers.sentence_transformers import SentenceTransformersSimilarityRanker

    ranker = SentenceTransformersSimilarityRanker(model=str(folder), device=ComponentDevice.from_str("cpu"), top_k=1000)
    ranker.warm_up()
    return lambda query, passages: ranker.run(query=query, documents=[Document(content=text) for text in passages])[
        "documents"
    ]


PEERS: dict[str, Callable[[Path], Rerank]] = {"txtai": txtai, "haystack": haystack}


def pairs_per_s(name: str, folder: Path, queries: Sequence[str], passages: Sequence[str]) -> float | str:
    """Pairs a second, each query with each passage, or why there is no figure: one that scores fewer did other work."""
    try:
        rerank = PEERS[name](folder)
    except ImportError as error:
        return f"not installed ({error.name})"
    rerank(queries[0], passages[:4])
    start = time.perf_counter()
    scored = sum(len(rerank(query, passages)) for query in queries)
    took_s = time.perf_counter() - start
    if scored != len(queries) * len(passages):
        return f"not the same work: {scored} pairs of {len(queries) * len(passages)} scored"
    return round(scored / took_s, 1)
