"""The indexes that are measured, each made once in a folder."""

import shutil
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.search.corpus import Text, encoded, originals, vectors_of
from indexer.asking.stems import NUMBERS_VERSION
from indexer.config import EmbeddedConfig
from indexer.document import EncodedDocument, Vectors
from indexer.embedded.store import EmbeddedStore
from indexer.embedded.words import WORDS_VERSION
from indexer.encoder import Encoder
from indexer.manifest import Manifest
from indexer.store import Store

BATCH = 512


class Corpus:
    """``count`` encoded passages, what they are made of kept in the folder ``cache``."""

    def __init__(self, data: Path, cache: Path, encoder: Encoder, count: int) -> None:
        self.count = count
        self.manifest = Manifest(encoder.name, encoder.dim, "benchmark", "benchmark")
        self._texts: list[Text] = originals(data)
        self._vectors = _kept_vectors(cache / "vectors.npy", self._texts, encoder)

    def documents(self) -> Iterator[EncodedDocument]:
        """The same ones in every run."""
        return encoded(self._texts, self._vectors, self.count)

    def vectors(self) -> Vectors:
        """(count, dim): of every passage, in order."""
        return np.concatenate([document.vectors for document in self.documents()])


def embedded(corpus: Corpus, cache: Path, config: EmbeddedConfig) -> EmbeddedStore:
    """The embedded store of these passages, open for reading."""
    folder = embedded_folder(cache, corpus.count, config)
    done = folder / "done"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        store = EmbeddedStore(folder, writable=True, config=config)
        fill(store, corpus)
        store.close()
        done.touch()
    return EmbeddedStore(folder, config=config)


def embedded_folder(cache: Path, count: int, config: EmbeddedConfig) -> Path:
    """Where the embedded store of so many passages is kept; another schema has another."""
    kind = "graph" if count >= config.graph_rows else "flat"
    return cache / f"embedded-{WORDS_VERSION}.{NUMBERS_VERSION}-{count}-{kind}"


def on_server(corpus: Corpus, url: str) -> Store:
    """An index of these passages on a running Elasticsearch, filled unless it holds them already."""
    from indexer.elasticsearch.config import ElasticsearchConfig
    from indexer.elasticsearch.store import ElasticsearchStore

    store = ElasticsearchStore(ElasticsearchConfig(hosts=(url,), index=f"benchmark-{corpus.count}"))
    if store.manifest() is None or store.count().passages != corpus.count:
        fill(store, corpus)
    return store


def fill(store: Store, corpus: Corpus) -> float:
    """Store every passage; returns the seconds it took."""
    began = time.perf_counter()
    store.check(corpus.manifest)
    documents = corpus.documents()
    while batch := list(islice(documents, BATCH)):
        store.replace(batch)
    return time.perf_counter() - began


def disk_bytes(folder: Path) -> int:
    """All files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _kept_vectors(path: Path, texts: list[Text], encoder: Encoder) -> Vectors:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, vectors_of(texts, encoder))
    found: Vectors = np.load(path)
    return found
