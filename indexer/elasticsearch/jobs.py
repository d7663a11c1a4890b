"""What must be written for a document to be replaced or removed."""

from collections.abc import Sequence

import numpy as np

from indexer.document import EncodedDocument
from indexer.elasticsearch.bulk import Job
from indexer.elasticsearch.errors import DocumentRefused
from indexer.elasticsearch.mapping import MAX_ID_BYTES, record_id, sources
from indexer.storable import storable_encoded


def checked(document: EncodedDocument) -> EncodedDocument:
    """The document as it can be stored; raises DocumentRefused before anything of it is sent."""
    key = document.head.doc_id
    if len(document.passages) != len(document.vectors):
        raise DocumentRefused(key, f"it has {len(document.passages)} passages, {len(document.vectors)} vectors")
    if not np.isfinite(document.vectors).all():
        raise DocumentRefused(key, "it has a vector with values that are no numbers")
    if len(record_id(key).encode("utf-8", "replace")) > MAX_ID_BYTES:
        raise DocumentRefused(key[:80], f"its id is longer than {MAX_ID_BYTES} bytes")
    return storable_encoded(document)


def replacement(document: EncodedDocument, stored: Sequence[str], version: int) -> Job:
    """Remove what has no successor, then write the passages, the record last."""
    job = Job(document.head.doc_id)
    written = list(sources(document, version))
    for passage_id in sorted(set(stored) - {passage_id for passage_id, _ in written}):
        job.remove(passage_id)
    for passage_id, source in written:
        job.write(passage_id, source)
    return job


def removal(doc_id: str, passage_ids: Sequence[str]) -> Job:
    job = Job(doc_id)
    for passage_id in passage_ids:
        job.remove(passage_id)
    return job
