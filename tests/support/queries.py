"""Rankers over pages made by hand, and cases of queries as tables."""

from collections.abc import Sequence
from pathlib import Path

from indexer.config import IndexConfig
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from indexer.store import Store
from ranker.hit import Results
from ranker.rank import Ranker
from tests.support.query_pages import Row, pages

ENCODER = HashingEncoder()


def filled(store: Store, rows: Sequence[Row]) -> Ranker:
    """A ranker over a store that holds these pages."""
    assert Indexer(store, ENCODER, IndexConfig()).index(pages(rows)).indexed == len(rows)
    return Ranker(store, ENCODER)


def keys(results: Results) -> list[str]:
    """The keys of the pages found, in order."""
    return [Path(hit.passage.head.path).name for hit in results.hits]


def cases(table: str) -> list[tuple[str, str]]:
    """``query => key`` a line."""
    lines = (line.rpartition(" => ") for line in table.strip().splitlines())
    return [(query.strip(), key.strip()) for query, _, key in lines]
