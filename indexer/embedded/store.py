"""The embedded store: an index in one folder, for one machine and any number of reading processes."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.asking.asked import Asked, asked
from indexer.asking.spelling import Pattern, Spelling
from indexer.config import INDEX_FILE, EmbeddedConfig
from indexer.document import EncodedDocument, Head, Passage, Vectors
from indexer.embedded.filters import filter_key
from indexer.embedded.lock import WriteLock
from indexer.embedded.matching import WordQuery
from indexer.embedded.meta import read_meta
from indexer.embedded.query import WordFound, best_passages, count_documents, count_values
from indexer.embedded.read import (
    Counted,
    content_hashes,
    document_passages,
    heads_after,
    known_vectors,
    passages_by_id,
)
from indexer.embedded.sql import Database
from indexer.embedded.suggest import suggested
from indexer.embedded.vectors import Neighbour
from indexer.embedded.view import View, Views
from indexer.embedded.vocabulary import spellings
from indexer.embedded.words import word_errors
from indexer.embedded.write import EmbeddedWriter
from indexer.errors import StoreRefused
from indexer.keywords import facet_keyword
from indexer.manifest import Manifest
from indexer.storable import storable, storable_encoded
from indexer.store import FACET_FIELDS, Candidate, Candidates, Filters, Sort, StoreCount

SCAN_CHUNK = 1000


class EmbeddedStore:
    """A Store in ``folder``: SQLite is the truth, tantivy (words) and Faiss (vectors) are derived from it.

    One process may open it with ``writable``, which creates the folder; another gets StoreLocked. Readers need no lock
    and see each commit at their next read; a folder without an index reads as an empty one.
    """

    def __init__(self, folder: Path | str, writable: bool = False, config: EmbeddedConfig = EmbeddedConfig()) -> None:
        self._folder = Path(folder)
        self._config = config
        self._writer: EmbeddedWriter | None = None
        lock = WriteLock(self._folder) if writable else None
        try:
            path = self._folder / INDEX_FILE
            self._database = Database(path, writable=writable, busy_timeout_s=config.busy_timeout_s)
            self._views = Views(self._folder, self._database, config)
            if lock is not None:
                self._writer = EmbeddedWriter(self._folder, lock, self._database, config)
        except BaseException:
            if lock is not None:
                lock.release()
            raise

    def check(self, manifest: Manifest) -> None:
        """Create the index if absent; raise ManifestMismatch if it was made with other things."""
        stored = self.manifest()
        if stored is None:
            self._writing().create(manifest)
        else:
            stored.require_fit(manifest, f"The index in {self._folder}")

    def manifest(self) -> Manifest | None:
        """The manifest the index was made with; None where there is no index yet."""
        with self._database.reading() as sql:
            stored = read_meta(sql).manifest
        return Manifest(**json.loads(stored)) if stored else None

    def replace(self, batch: Sequence[EncodedDocument]) -> None:
        """Store these documents; of two with one id the later counts."""
        documents = {document.head.doc_id: storable_encoded(document) for document in batch}
        if documents:
            self._writing().replace(list(documents.values()))

    def delete(self, doc_ids: Sequence[str]) -> int:
        """Remove documents with all their passages; returns how many were there."""
        return self._writing().delete([storable(doc_id) for doc_id in dict.fromkeys(doc_ids)]) if doc_ids else 0

    def content_hashes(self, doc_ids: Sequence[str]) -> dict[str, str]:
        """doc_id -> content hash of those that are stored."""
        with self._database.reading() as sql:
            return content_hashes(sql, doc_ids)

    def known_vectors(self, doc_ids: Sequence[str]) -> dict[str, Vectors]:
        """Text to encode -> vector, of these documents' passages."""
        with self._database.reading() as sql:
            return known_vectors(sql, doc_ids)

    def candidates(
        self,
        text: str | Asked,
        vector: Vectors | None,
        k: int,
        filters: Filters = Filters(),
        sort: Sort = "relevance",
    ) -> Candidates:
        """Best ``k`` passages by words and by vector."""
        by_vector = vector is not None and sort == "relevance" and k > 0
        with word_errors(self._folder), self._views.reading(with_vectors=by_vector) as (sql, view):
            query = _word_query(view, text, filters)
            lexical: Sequence[WordFound] = best_passages(view.parts, query, k, sort) if k > 0 else ()
            dense: Sequence[Neighbour] = ()
            if by_vector and vector is not None and view.vectors is not None and len(view.vectors.rows):
                self._require_dim(vector, view.vectors.dim)
                mask = view.mask(sql, query.filters)
                dense = view.vectors.nearest(vector, k, mask, self._config.graph_search_width)
            passages = view.passages.by_row(sql, [*(found.row for found in lexical), *(found.row for found in dense)])
            return Candidates(
                tuple(_candidate(passages[f.row], f.score) for f in lexical if f.row in passages),
                _ranked(dense, passages, k),
                count_documents(view.parts, query),
            )

    def get(self, passage_ids: Sequence[str], filters: Filters = Filters()) -> list[Passage]:
        """The passages that exist and may be shown, in the order asked for."""
        with self._database.reading() as sql:
            return passages_by_id(sql, passage_ids, filter_key(filters))

    def passages(self, doc_id: str, filters: Filters = Filters()) -> list[Passage]:
        """All passages of one document in reading order."""
        with self._database.reading() as sql:
            return document_passages(sql, storable(doc_id), filter_key(filters))

    def spellings(self, patterns: Sequence[Pattern], filters: Filters = Filters()) -> list[list[Spelling]]:
        """Words of the index like those typed."""
        with word_errors(self._folder), self._views.reading() as (_, view):
            return spellings(view.parts, _word_query(view, Asked(), filters), patterns)

    def suggest(self, prefix: str, k: int = 10, filters: Filters = Filters()) -> list[str]:
        """Titles and headings with a word that begins with ``prefix``; none for an empty prefix."""
        with self._database.reading() as sql:
            return suggested(sql, storable(prefix), k, filter_key(filters))

    def facets(
        self, text: str | Asked, fields: Sequence[str], filters: Filters = Filters(), size: int = 10
    ) -> dict[str, list[tuple[str, int]]]:
        """Per field the commonest values and their number of matching documents."""
        counts: dict[str, list[tuple[str, int]]] = {}
        with word_errors(self._folder), self._views.reading() as (_, view):
            query = _word_query(view, text, filters)
            for facet in fields:
                if facet not in FACET_FIELDS and not facet.startswith("metadata."):
                    raise StoreRefused(f"There is no facet {facet!r}", f"Use {', '.join(FACET_FIELDS)} or metadata.KEY")
                found = count_values(view.parts, query, *facet_keyword(storable(facet)))
                counts[facet] = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:size]
        return counts

    def scan(self) -> Iterator[Head]:
        """Every document's head, by doc_id."""
        last = ""
        while True:
            with self._database.reading() as sql:
                heads = heads_after(sql, last, SCAN_CHUNK)
            if not heads:
                return
            yield from heads
            last = heads[-1].doc_id

    def version(self) -> str:
        """The number of the last transaction; the words' folder has a name of its own in every index."""
        with self._database.reading() as sql:
            meta = read_meta(sql)
        return f"{meta.words}:{meta.seq}" if meta.manifest else ""

    def count(self) -> StoreCount:
        """Documents and passages stored now."""
        with self._database.reading() as sql:
            return StoreCount(*sql.execute("SELECT COUNT(*), COALESCE(SUM(passages), 0) FROM heads").fetchone())

    def close(self) -> None:
        """Release files and locks; safe to call twice."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._views.close()
        self._database.close()

    def _writing(self) -> EmbeddedWriter:
        if self._writer is None:
            raise StoreRefused(f"The index in {self._folder} is not open for writing", "Open it with writable=True")
        return self._writer

    def _require_dim(self, vector: Vectors, dim: int) -> None:
        if vector.shape != (dim,):
            raise StoreRefused(
                f"A query vector of shape {vector.shape} was asked of an index of {dim} dimensions",
                "Use the encoder that the index was made with",
            )


def _word_query(view: View, text: str | Asked, filters: Filters) -> WordQuery:
    asks = asked(storable(text) if isinstance(text, str) else text)
    return WordQuery(asks, filter_key(filters), view.is_restricted, view.dead)


def _candidate(counted: Counted, score: float) -> Candidate:
    passage, words = counted
    return Candidate(passage, score, words)


def _ranked(found: Sequence[Neighbour], passages: dict[int, Counted], k: int) -> tuple[Candidate, ...]:
    candidates = [_candidate(passages[f.row], f.score) for f in found if f.row in passages]
    candidates.sort(key=lambda candidate: (-candidate.score, candidate.passage.passage_id))
    return tuple(candidates[:k])
