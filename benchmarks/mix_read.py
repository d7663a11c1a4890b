"""What the search has in hand when it mixes: every topic's read passages with both scores; kept in a cache folder."""

import pickle
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.fusion_sets import Topic, load
from indexer.encoder_bundled import BundledEncoder
from indexer.index import Indexer
from indexer.store import Candidate
from indexer.store_embedded import EmbeddedStore
from ranker.config import RankConfig, RerankConfig
from ranker.feedback import moved
from ranker.metrics import ndcg
from ranker.mix import is_question
from ranker.ranked import by_both
from ranker.scorer_bundled import BundledScorer

RANK, RERANK = RankConfig(), RerankConfig()
BEST = 10

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Read:
    """A topic after its best passages were read, in fused order: their documents, fused scores and scores, (n,) each.

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
    encoder, scorer = BundledEncoder(), BundledScorer()
    store = EmbeddedStore(cache / f"{collection.corpus}-index", writable=True)
    Indexer(store, encoder).index(collection.documents)
    topics = collection.topics[split]
    print(f"{name} {split}: {len(topics)} topics", file=sys.stderr)
    found = []
    for topic, vector in zip(topics, encoder.encode_queries([t.text for t in topics]), strict=True):
        first = store.candidates(topic.text, vector, RANK.depth_passages)
        ranked = by_both(topic.text, first, RANK.fuse)
        near = [item.passage.text_to_encode for item in ranked[: RANK.feedback_passages]]
        nearer = moved(vector, encoder.encode_passages(near), RANK.feedback_weight) if near else vector
        again = store.candidates("", nearer, RANK.depth_passages).dense
        best = by_both(topic.text, replace(first, dense=again), RANK.fuse)[: RERANK.passages]
        texts = [item.passage.text_to_encode for item in best]
        found.append(
            Read(
                topic=topic,
                documents=tuple(item.passage.head.doc_id for item in best),
                fused=np.array([item.score for item in best]),
                scored=scorer.score(topic.text, texts).astype(np.float64),
                words=float(np.mean([len(text.split()) for text in texts])) if texts else 0.0,
                is_question=is_question(topic.text),
                lexical=_ndcg(first.lexical, topic),
                dense=_ndcg(first.dense, topic),
                hybrid=ndcg(distinct([item.passage.head.doc_id for item in ranked]), topic.judged),
            )
        )
    store.close()
    return found


def distinct(documents: list[str]) -> list[str]:
    """Each document at its best passage."""
    return list(dict.fromkeys(documents))


def _ndcg(candidates: tuple[Candidate, ...], topic: Topic) -> float:
    return ndcg(distinct([c.passage.head.doc_id for c in candidates]), topic.judged)
