"""Stores of either kind that are there for one test or one file of tests."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from uuid import uuid4

import httpx

from indexer.elasticsearch.config import ElasticsearchConfig
from indexer.elasticsearch.store import ElasticsearchStore


@contextmanager
def elasticsearch_store(url: str) -> Iterator[ElasticsearchStore]:
    """An empty index in the cluster at ``url``, deleted afterwards."""
    name = f"test-{uuid4().hex[:12]}"
    with closing(ElasticsearchStore(ElasticsearchConfig(hosts=(url,), index=name))) as store:
        try:
            yield store
        finally:
            httpx.delete(f"{url}/{name}-*")
