"""Documents into a store: split, encode what is new, store."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from indexer.config import IndexConfig
from indexer.document import Document, EncodedDocument, Passage, Vectors
from indexer.encoder import Encoder
from indexer.errors import BadDocument, EncoderError, StoreRefused
from indexer.languages import ANALYSERS_VERSION
from indexer.manifest import Manifest
from indexer.sink import IndexReport
from indexer.split import SPLITTER, split
from indexer.storable import storable_document
from indexer.store import Store

logger = logging.getLogger(__name__)

Split = tuple[Document, tuple[Passage, ...]]


def manifest_of(encoder: Encoder, config: IndexConfig = IndexConfig()) -> Manifest:
    """What an index made with this encoder and these settings is made with."""
    splitter = f"{SPLITTER}/{config.passage_tokens}/{config.max_passage_tokens}"
    return Manifest(encoder.name, encoder.dim, splitter, ANALYSERS_VERSION)


class Indexer:
    """Makes documents findable. A Sink: see there for what it promises.

    Per batch: one look at the content hashes, one encoder call for the passages whose text is new, one store call.
    """

    def __init__(self, store: Store, encoder: Encoder, config: IndexConfig = IndexConfig()) -> None:
        self._store = store
        self._encoder = encoder
        self._config = config
        self._is_checked = False

    def check(self) -> None:
        """Create the index if absent; raise ManifestMismatch if it was made with other things."""
        self._store.check(manifest_of(self._encoder, self._config))
        self._is_checked = True

    def index(
        self, documents: Iterable[Document], on_progress: Callable[[IndexReport], None] | None = None
    ) -> IndexReport:
        """Index in batches; ``on_progress`` gets the report so far after each of them."""
        if not self._is_checked:
            self.check()
        report = IndexReport()
        for batch in _batches(documents, self._config.batch_documents):
            report += self._index_batch(batch)
            if on_progress is not None:
                on_progress(report)
        return report

    def delete(self, doc_ids: Sequence[str]) -> int:
        """Remove documents; returns how many were there."""
        return self._store.delete(doc_ids) if doc_ids else 0

    def _index_batch(self, batch: Sequence[Document]) -> IndexReport:
        documents = {document.head.doc_id: document for document in batch}
        stored = self._store.content_hashes(list(documents))
        changed = [d for d in documents.values() if stored.get(d.head.doc_id) != d.head.content_hash]
        failed: dict[str, str] = {}
        divided = self._split_all(changed, failed)
        known = self._store.known_vectors([d.head.doc_id for d, _ in divided if d.head.doc_id in stored])
        new = dict.fromkeys(
            p.text_to_encode for _, passages in divided for p in passages if p.text_to_encode not in known
        )
        vectors = {**known, **self._encode_all(divided, list(new), failed)}
        encoded = [
            _encoded(d, passages, vectors, self._encoder.dim) for d, passages in divided if d.head.url not in failed
        ]
        self._store_all(encoded, failed)
        kept = [document for document in encoded if document.head.url not in failed]
        return IndexReport(
            indexed=len(kept),
            unchanged=len(documents) - len(changed),
            passages=sum(len(document.passages) for document in kept),
            encoded=len(new),
            failed=failed,
        )

    def _split_all(self, documents: Sequence[Document], failed: dict[str, str]) -> list[Split]:
        divided = []
        for document in documents:
            try:
                clean = storable_document(document)
                divided.append((clean, split(clean, self._config)))
            except (TypeError, ValueError, AttributeError, BadDocument) as error:
                _set_aside(failed, document.head.url, f"cannot be split into passages ({error})")
        return divided

    def _encode_all(
        self, divided: Sequence[Split], texts: Sequence[str], failed: dict[str, str]
    ) -> Mapping[str, Vectors]:
        """Vectors of the texts, in one call; if that fails, document by document, to find the one at fault."""
        try:
            return self._encode(texts)
        except EncoderError as error:
            if len(divided) < 2:
                raise
            logger.warning("encoding a batch failed (%s); encoding its documents one by one", error)
            wanted, vectors = set(texts), dict[str, Vectors]()
            for document, passages in divided:
                try:
                    vectors |= self._encode([p.text_to_encode for p in passages if p.text_to_encode in wanted])
                except EncoderError as reason:
                    _set_aside(failed, document.head.url, str(reason))
            if all(document.head.url in failed for document, _ in divided):
                raise
            return vectors

    def _encode(self, texts: Sequence[str]) -> dict[str, Vectors]:
        return dict(zip(texts, self._encoder.encode_passages(texts), strict=True)) if texts else {}

    def _store_all(self, documents: Sequence[EncodedDocument], failed: dict[str, str]) -> None:
        """Store in one call; if the store refuses, document by document, to find the one at fault."""
        if not documents:
            return
        try:
            self._store.replace(documents)
        except StoreRefused as error:
            if len(documents) < 2:
                raise
            logger.warning("storing a batch failed (%s); storing its documents one by one", error)
            for document in documents:
                try:
                    self._store.replace([document])
                except StoreRefused as reason:
                    _set_aside(failed, document.head.url, str(reason))
            if all(document.head.url in failed for document in documents):
                raise


def _batches(documents: Iterable[Document], size: int) -> Iterator[list[Document]]:
    rest = iter(documents)
    while batch := list(islice(rest, size)):
        yield batch


def _encoded(
    document: Document, passages: tuple[Passage, ...], vectors: Mapping[str, Vectors], dim: int
) -> EncodedDocument:
    rows = [vectors[passage.text_to_encode] for passage in passages]
    return EncodedDocument(document.head, passages, np.stack(rows) if rows else np.zeros((0, dim), np.float32))


def _set_aside(failed: dict[str, str], url: str, reason: str) -> None:
    logger.warning("%s is set aside: %s", url, reason)
    failed[url] = reason
