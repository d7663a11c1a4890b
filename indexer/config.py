"""Settings of the indexer."""

from dataclasses import dataclass

INDEX_FILE = "index.sqlite"
"""The file of an embedded index, by which a folder is known to hold one."""


@dataclass(frozen=True, slots=True)
class IndexConfig:
    """How documents are split and stored.

    ``passage_tokens`` is what a divided section's passages aim at, and ``max_passage_tokens`` what no passage exceeds,
    both in estimated word pieces; a section up to the maximum stays whole. ``batch_documents`` are encoded and stored
    together; a batch that is not full is stored when its first document has waited ``batch_wait_s``.
    """

    passage_tokens: int = 200
    max_passage_tokens: int = 350
    batch_documents: int = 64
    batch_wait_s: float = 10.0


@dataclass(frozen=True, slots=True)
class EmbeddedConfig:
    """How the embedded store keeps its folder.

    ``snapshot_rows`` passages may be new since the last vector snapshot before another is written (or a tenth of the
    index, where that is more). From ``graph_rows`` passages on, vectors are searched through an HNSW graph and not one
    by one: up to there the exact search takes two milliseconds. ``busy_timeout_s`` is how long SQLite is waited for.
    """

    snapshot_rows: int = 8192
    graph_rows: int = 20_000
    graph_links: int = 24
    graph_build_width: int = 100
    graph_search_width: int = 512
    word_buffer_bytes: int = 64_000_000
    busy_timeout_s: float = 10.0
