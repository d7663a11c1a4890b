"""What is stored: documents, their passages, and the passages' vectors."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from crawler.block import Block
from crawler.page import SECTION_SEPARATOR, Section, Stated

Vectors = npt.NDArray[np.float32]
"""(n, dim) float32, every row of unit length."""

Place = tuple[str, tuple[str, ...]]
"""A document's id, and the headings above a part of it."""


def doc_id_of(key: str) -> str:
    """Stable document id: the first 128 bits of SHA-256 of the canonical URL or source key, in hex (32 characters)."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@lru_cache(maxsize=8192)
def passage_id_of(doc_id: str, ordinal: int) -> str:
    """``DOC_ID-ORDINAL``, the ordinal padded so that ids sort in reading order."""
    return f"{doc_id}-{ordinal:05d}"


@dataclass(frozen=True, slots=True)
class Head:
    """All that is known of a document except its text; every passage and every hit carries it.

    ``url`` is the canonical URL (or a ``file:`` URI for an imported file). ``site`` is host[:port], lower case, or the
    import's name. ``source`` names where it came from (``web``, ``files``, ``beir`` ... or a configured name).
    ``access`` lists the groups that may see it; empty means everybody. ``content_hash`` covers everything that is
    indexed, so that equal hashes mean nothing to do. ``stated`` is what a page states in data for machines, no part of
    its text. Times are UTC.
    """

    doc_id: str
    url: str
    title: str
    content_hash: str
    site: str = ""
    path: str = "/"
    source: str = "web"
    language: str | None = None
    description: str = ""
    modified_at: datetime | None = None
    fetched_at: datetime | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    access: tuple[str, ...] = ()
    stated: tuple[Stated, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it enters the indexer: its head and its text in sections (offsets as in ``crawler.page``)."""

    head: Head
    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        """The sections' texts joined by ``SECTION_SEPARATOR``; passage offsets count in this text."""
        return SECTION_SEPARATOR.join(section.text for section in self.sections)


@dataclass(frozen=True, slots=True)
class Passage:
    """A findable piece of a document; ``document.text[start_char:end_char] == text``.

    ``blocks`` say what its stretches are, in the offsets of the document's text; one that a passage cuts is cut too.
    """

    head: Head
    ordinal: int
    text: str
    heading_path: tuple[str, ...] = ()
    anchor: str | None = None
    start_char: int = 0
    end_char: int = 0
    page_number: int | None = None
    blocks: Sequence[Block] = ()

    @property
    def place(self) -> Place:
        """The section that it stands in, which passages of one document share."""
        return self.head.doc_id, self.heading_path

    @property
    def passage_id(self) -> str:
        """Deterministic: ``DOC_ID-ORDINAL``, the ordinal padded so that ids sort in reading order."""
        return passage_id_of(self.head.doc_id, self.ordinal)

    @property
    def text_to_encode(self) -> str:
        """What the encoder and the scorer read: title and headings give a short passage its context."""
        return "\n".join((*dict.fromkeys((self.head.title, *self.heading_path)), self.text)).strip()


@dataclass(frozen=True, slots=True)
class EncodedDocument:
    """A document ready for a store: row i of ``vectors`` belongs to passage i. A document may have no passages."""

    head: Head
    passages: tuple[Passage, ...]
    vectors: Vectors
