"""The Store seam: where passages live and candidates come from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from indexer.asking.asked import Asked
from indexer.asking.spelling import Pattern, Spelling
from indexer.document import EncodedDocument, Head, Passage, Vectors
from indexer.manifest import Manifest

Sort = Literal["relevance", "newest", "oldest"]
FACET_FIELDS = ("site", "path", "language", "source")
"""Facetable fields; metadata keys are asked for as ``metadata.KEY``."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents may be shown. Values inside one field are alternatives; fields are combined with AND.

    ``path`` holds path prefixes by whole segments (``/docs`` matches ``/docs`` and ``/docs/a``, not ``/docsother``).
    ``modified_from`` is inclusive, ``modified_before`` exclusive, both UTC; a document without a date passes neither.
    ``groups`` are the asker's access groups: a document with an access list is shown only if one of them is on it;
    ``None`` means no asker, so only public documents.
    """

    site: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    metadata: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    modified_from: datetime | None = None
    modified_before: datetime | None = None
    groups: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage and the raw score its list gave it (BM25, or cosine in [-1, 1]).

    ``words`` is what ``asking.stems.numbered`` makes of its ``text_to_encode``, where the store keeps that.
    """

    passage: Passage
    score: float
    words: bytes | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Two lists, each best first, ties by passage id; ``matched_documents`` counts the documents matching lexically."""

    lexical: tuple[Candidate, ...] = ()
    dense: tuple[Candidate, ...] = ()
    matched_documents: int = 0


@dataclass(frozen=True, slots=True)
class StoreCount:
    """How many documents and passages a store holds."""

    documents: int
    passages: int


class Store(Protocol):
    """Passages, findable by words and by vectors.

    Promises of every implementation (each one a test in tests/contracts):
    - ``replace`` removes all old passages of a document before the new ones count; a document may have got shorter.
    - A crash leaves the old or the new version of a document, never a mix; doing the batch again completes it.
    - What ``replace`` or ``delete`` did is visible to the next read after it returned, in every process.
    - Lists are sorted best first, ties by passage id; the same query gives the same list, and the list for a smaller
      ``k`` is a prefix of the list for a larger one (up to approximation of the vector search).
    - Candidates carry the passage text; nothing needs a second read; vectors never travel back with them.
    - The filters, access included, hold inside every reading method that takes them.
    - Foreign errors come out as ``indexer.errors`` classes; ``StoreUnavailable`` is the only one worth a retry.
    - Thread-safe. Opening for reading never blocks on a writer.
    """

    def check(self, manifest: Manifest) -> None:
        """Create the index if absent; raise ManifestMismatch, naming what differs and how to rebuild, if it differs."""

    def manifest(self) -> Manifest | None:
        """The manifest the index was made with; None where there is no index yet."""

    def replace(self, batch: Sequence[EncodedDocument]) -> None:
        """Store these documents in place of whatever was stored under their ids. Safe to repeat."""

    def delete(self, doc_ids: Sequence[str]) -> int:
        """Remove documents with all their passages; unknown ids are ignored. Returns how many were there."""

    def content_hashes(self, doc_ids: Sequence[str]) -> dict[str, str]:
        """doc_id -> content hash, for those stored completely."""

    def known_vectors(self, doc_ids: Sequence[str]) -> dict[str, Vectors]:
        """``passage.text_to_encode`` -> its vector (dim,), of these documents' stored passages, to save encoding."""

    def candidates(
        self,
        text: str | Asked,
        vector: Vectors | None,
        k: int,
        filters: Filters = Filters(),
        sort: Sort = "relevance",
    ) -> Candidates:
        """Best ``k`` passages by words and, when ``vector`` (dim,) is given, best ``k`` by cosine; one round trip.

        ``text`` is what a person typed: any characters are legal and none are operators, except that "quoted words"
        must occur as they stand; an ``Asked`` says more than that. Empty text matches every document (score 0). With
        another ``sort`` the lexical list is ordered by ``modified_at`` (documents without a date last) and the dense
        list is empty.
        """

    def get(self, passage_ids: Sequence[str], filters: Filters = Filters()) -> list[Passage]:
        """The passages that exist and may be shown, in the order asked for."""

    def passages(self, doc_id: str, filters: Filters = Filters()) -> list[Passage]:
        """All passages of one document in reading order; empty if unknown or not to be shown."""

    def spellings(self, patterns: Sequence[Pattern], filters: Filters = Filters()) -> list[list[Spelling]]:
        """For each pattern the words of the index that fit it and that passages to be shown hold; one round trip.

        ``near``: fewest edits first; then, as with the others, those of most passages, then A to Z. At most
        ``MAX_SPELLINGS``, of ``near`` all.
        """

    def suggest(self, prefix: str, k: int = 10, filters: Filters = Filters()) -> list[str]:
        """Titles, then headings, with a word that begins with ``prefix`` (any case, accents may be left out).

        Of each the commonest first, then A to Z; parts of identifiers are words, numbers of sections are left out.
        """

    def facets(
        self, text: str | Asked, fields: Sequence[str], filters: Filters = Filters(), size: int = 10
    ) -> dict[str, list[tuple[str, int]]]:
        """Per field the commonest values and their number of documents among those that match ``text`` lexically.

        Fields are those of ``FACET_FIELDS`` or ``metadata.KEY``; ``path`` counts first-segment prefixes such as
        ``/docs``. Commonest first, ties A to Z. A filter on a field also narrows that field's own counts.
        """

    def scan(self) -> Iterator[Head]:
        """Every document's head, by doc_id, without an access filter: for maintenance, never for askers."""

    def version(self) -> str:
        """A text that is another one after every ``replace`` and ``delete`` that changed something, and the same in
        every process while nobody writes; empty where there is no index, or that cannot be told. One short call.
        """

    def count(self) -> StoreCount:
        """Documents and passages stored now."""

    def close(self) -> None:
        """Release files, locks and connections; safe to call twice."""
