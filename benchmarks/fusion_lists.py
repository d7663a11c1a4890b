"""Candidate lists of every topic, asked for as a search asks, of the embedded store; kept in a cache folder."""

import pickle
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.fusion_sets import RetrievalSet, Topic, load
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.bundled import BundledEncoder
from indexer.index import Indexer
from indexer.store import Candidates, Filters
from ranker.understanding.understand import understand

DEPTH = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """A topic with its two candidate lists."""

    topic: Topic
    found: Candidates


def listed(data: Path, cache: Path, name: str, splits: tuple[str, ...], max_topics: int) -> dict[str, list[Listed]]:
    """split -> listed topics; what the cache lacks is indexed and searched."""
    paths = {s: cache / f"{name}-{s}-{max_topics}.pickle" for s in splits}
    if not all(path.exists() for path in paths.values()):
        collection = load(data, name, splits, max_topics)
        for s, found in _search(collection, cache).items():
            paths[s].write_bytes(pickle.dumps(found))
    return {s: pickle.loads(path.read_bytes()) for s, path in paths.items()}


def _search(collection: RetrievalSet, cache: Path) -> dict[str, list[Listed]]:
    encoder = BundledEncoder()
    store = EmbeddedStore(cache / f"{collection.corpus}-index", writable=True)
    report = Indexer(store, encoder).index(collection.documents)
    print(f"{collection.corpus}: {report.indexed} documents indexed, {report.unchanged} unchanged", file=sys.stderr)
    found = {}
    for split, topics in collection.topics.items():
        vectors = encoder.encode_queries([topic.text for topic in topics])
        found[split] = [
            Listed(topic, store.candidates(understand(topic.text, Filters(), store).asked, vector, DEPTH))
            for topic, vector in zip(topics, vectors, strict=True)
        ]
    store.close()
    return found
