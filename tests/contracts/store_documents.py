"""Small documents with deterministic vectors for the store suite."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from indexer.document import EncodedDocument, Head, Passage, Vectors, doc_id_of
from indexer.manifest import Manifest

DIM = 16
MANIFEST = Manifest(encoder="test", dim=DIM, splitter="test-1", analyser="test-1")


def vector_of(text: str) -> Vectors:
    """A unit vector that depends on the text alone."""
    seed = int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8])
    vector = np.random.default_rng(seed).standard_normal(DIM).astype(np.float32)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def head_of(key: str, title: str = "", version: str = "1", **more: Any) -> Head:
    """A head; ``key`` is the path of its URL."""
    defaults: dict[str, Any] = {"site": "example.com", "path": f"/{key}", "language": "en"}
    return Head(
        doc_id=doc_id_of(key),
        url=f"https://example.com/{key}",
        title=title,
        content_hash=f"{key}-{version}",
        **{**defaults, **more},
    )


def encoded(
    key: str,
    *texts: str,
    title: str = "",
    headings: Sequence[tuple[str, ...]] = (),
    vectors: Sequence[Vectors] = (),
    version: str = "1",
    **more: object,
) -> EncodedDocument:
    """A document with one passage per text; ``headings[i]`` and ``vectors[i]`` belong to passage i where given."""
    head = head_of(key, title, version, **more)
    passages = []
    start = 0
    for i, text in enumerate(texts):
        heading_path = headings[i] if i < len(headings) else ()
        passages.append(Passage(head, i, text, heading_path, f"part-{i}", start, start + len(text)))
        start += len(text) + 2
    rows = [vectors[i] if i < len(vectors) else vector_of(p.text_to_encode) for i, p in enumerate(passages)]
    stacked = np.stack(rows) if rows else np.zeros((0, DIM), np.float32)
    return EncodedDocument(head, tuple(passages), stacked.astype(np.float32))
