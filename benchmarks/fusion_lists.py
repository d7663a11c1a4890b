"""Candidate lists of every topic, as the embedded store gives them; kept in a cache folder between runs."""

import pickle
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.fusion_sets import RetrievalSet, Topic, load
from indexer.config import IndexConfig
from indexer.document import Document, EncodedDocument
from indexer.encoder import Encoder
from indexer.manifest import Manifest
from indexer.split import split
from indexer.store import Candidates, Store

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
    from indexer.encoder_bundled import BundledEncoder
    from indexer.store_embedded import EmbeddedStore

    encoder = BundledEncoder()
    store = EmbeddedStore(cache / f"{collection.name}-index", writable=True)
    store.check(Manifest(encoder.name, encoder.dim, "benchmark", "benchmark"))
    _index(store, encoder, collection)
    found = {}
    for s, topics in collection.topics.items():
        vectors = encoder.encode_queries([topic.text for topic in topics])
        found[s] = [
            Listed(topic, store.candidates(topic.text, vector, DEPTH))
            for topic, vector in zip(topics, vectors, strict=True)
        ]
    store.close()
    return found


def _index(store: Store, encoder: Encoder, collection: RetrievalSet) -> None:
    start, passages = time.perf_counter(), 0
    for batch in _chunks(collection.documents, 2000):
        known = store.content_hashes([d.head.doc_id for d in batch])
        new = [d for d in batch if known.get(d.head.doc_id) != d.head.content_hash]
        if not new:
            continue
        pieces = [split(d, IndexConfig()) for d in new]
        texts = [p.text_to_encode for ps in pieces for p in ps]
        ends = np.cumsum([len(ps) for ps in pieces])[:-1]
        vectors = np.split(encoder.encode_passages(texts), ends)
        store.replace([EncodedDocument(*one) for one in zip([d.head for d in new], pieces, vectors, strict=True)])
        passages += len(texts)
    seconds = time.perf_counter() - start
    print(
        f"{collection.name}: {len(collection.documents)} documents, {passages} new passages, {seconds:.0f} s",
        file=sys.stderr,
        flush=True,
    )


def _chunks(items: Sequence[Document], size: int) -> Iterator[Sequence[Document]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
