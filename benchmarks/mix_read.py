"""What the search has in hand when it mixes: every topic's read passages with both scores; kept in a cache folder."""

import pickle
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.fusion_sets import Topic, load
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.bundled import BundledEncoder
from indexer.index import Indexer
from ranker.config import RerankConfig
from ranker.evaluation.metrics import ndcg
from ranker.query import Mode, Query
from ranker.rank import Ranker
from ranker.rerank.mix import is_question
from ranker.scorers.bundled import BundledScorer

BEST = 10

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Read:
    """A topic after its best passages were read: their documents, fused scores and scores, (n,) each.

    ``words`` is the mean length of the passages; ``lexical``, ``dense`` and ``hybrid`` are the nDCG@10 of the ways to
    search that read nothing.
    """

    topic: Topic
    documents: tuple[str, ...]
    fused: Numbers
    scored: Numbers
    words: float
    is_question: bool
    lexical: float
    dense: float
    hybrid: float


def read_topics(data: Path, cache: Path, name: str, split: str, max_topics: int) -> list[Read]:
    """The topics of a split; what the cache lacks is indexed, searched and read."""
    path = cache / f"{name}-{split}-{max_topics}.read"
    if not path.exists():
        path.write_bytes(pickle.dumps(_read(data, cache, name, split, max_topics)))
    found: list[Read] = pickle.loads(path.read_bytes())
    return found


def _read(data: Path, cache: Path, name: str, split: str, max_topics: int) -> list[Read]:
    collection = load(data, name, (split,), max_topics)
    encoder = BundledEncoder()
    store = EmbeddedStore(cache / f"{collection.corpus}-index", writable=True)
    Indexer(store, encoder).index(collection.documents)
    ranker = Ranker(store, encoder, BundledScorer(), rerank=RerankConfig(budget_ms=None))
    topics = collection.topics[split]
    print(f"{name} {split}: {len(topics)} topics", file=sys.stderr)
    found = [_read_topic(ranker, topic) for topic in topics]
    store.close()
    return found


def _read_topic(ranker: Ranker, topic: Topic) -> Read:
    best = [
        (item.passage, item.evidence.fused_score, item.evidence.rerank_score)
        for item in ranker.passages(Query(topic.text, mode="rerank"))
    ]
    read = [(passage, fused, score) for passage, fused, score in best if fused is not None and score is not None]
    return Read(
        topic=topic,
        documents=tuple(passage.head.doc_id for passage, _, _ in read),
        fused=np.array([fused for _, fused, _ in read]),
        scored=np.array([score for _, _, score in read]),
        words=float(np.mean([len(passage.text_to_encode.split()) for passage, _, _ in read])) if read else 0.0,
        is_question=is_question(topic.text),
        lexical=_ndcg(ranker, topic, "lexical"),
        dense=_ndcg(ranker, topic, "dense"),
        hybrid=_ndcg(ranker, topic, "hybrid"),
    )


def _ndcg(ranker: Ranker, topic: Topic, mode: Mode) -> float:
    found = ranker.passages(Query(topic.text, mode=mode))
    return ndcg(distinct([item.passage.head.doc_id for item in found]), topic.judged)


def distinct(documents: list[str]) -> list[str]:
    """Each document at its best passage."""
    return list(dict.fromkeys(documents))
