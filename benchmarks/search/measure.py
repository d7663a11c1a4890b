"""How long each kind of search takes, one after the other and eight at a time."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from indexer.document import Vectors
from indexer.encoder import Encoder
from indexer.store import Filters, Store
from ranker.query import Query
from ranker.rank import Ranker

THREADS = 8
WARM_UP = 20
DEPTH = 100
"""Passages that each list of a search holds, and of which recall is told."""

Search = Callable[[str], object]

KINDS: Mapping[str, Query] = {
    "lexical": Query("", mode="lexical"),
    "dense": Query("", mode="dense"),
    "hybrid": Query("", mode="hybrid"),
    "hybrid_filtered": Query("", mode="hybrid", filters=Filters(site=("site3.example",))),
    "hybrid_facets": Query("", mode="hybrid", facets=("site", "path")),
    "hybrid_page_10": Query("", mode="hybrid", page=10),
    "as_you_type": Query("", mode="lexical", is_unfinished=True),
}


def searches(ranker: Ranker, store: Store) -> dict[str, Search]:
    """Each kind of search by its name."""

    def of(kind: Query) -> Search:
        return lambda text: ranker.search(replace(kind, text=text))

    return {name: of(kind) for name, kind in KINDS.items()} | {"suggest": store.suggest}


def asked(kind: str, questions: Sequence[str]) -> list[str]:
    """What is typed for a search of this kind: whole questions, their beginnings, or that of one word."""
    chance = random.Random(kind)
    if kind == "suggest":
        return [begun(max(text.split(), key=len), chance) for text in questions]
    return [begun(text.rstrip("?! "), chance) for text in questions] if kind == "as_you_type" else list(questions)


def begun(text: str, chance: random.Random) -> str:
    """The text to the middle of some word; of a short one three letters."""
    end = chance.randint(3, max(3, len(text) - 1))
    return text[:end].rstrip()


def latencies(search: Search, texts: Sequence[str]) -> dict[str, float]:
    """p50, p95 and p99 in milliseconds, each text searched for once, and the mean of the processor's time."""
    for text in texts[:WARM_UP]:
        search(text)
    took, cpu = [], time.process_time()
    for text in texts[WARM_UP:]:
        began = time.perf_counter()
        search(text)
        took.append((time.perf_counter() - began) * 1000)
    cpu_ms = (time.process_time() - cpu) * 1000 / len(took)
    shares = {f"p{share}_ms": round(float(np.percentile(took, share)), 2) for share in (50, 95, 99)}
    return shares | {"cpu_ms": round(cpu_ms, 2)}


def queries_per_s(search: Search, texts: Sequence[str]) -> float:
    """With ``THREADS`` people asking at once."""
    with ThreadPoolExecutor(THREADS) as pool:
        began = time.perf_counter()
        list(pool.map(search, texts))
        return round(len(texts) / (time.perf_counter() - began), 1)


def recall(store: Store, encoder: Encoder, vectors: Vectors, texts: Sequence[str]) -> float:
    """The share of the ``DEPTH`` nearest passages that the store finds; equally near ones count as found."""
    found = 0
    for text in texts:
        vector = encoder.encode_queries([text])[0]
        cosines = vectors @ vector
        last = np.partition(cosines, -DEPTH)[-DEPTH]
        dense = store.candidates("", vector, DEPTH).dense
        found += sum(candidate.score >= last - 1e-3 for candidate in dense)
    return round(found / (DEPTH * len(texts)), 4)
