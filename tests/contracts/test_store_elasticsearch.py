"""The Elasticsearch store keeps every promise of the Store seam."""

import uuid
from collections.abc import Iterator

import pytest

from indexer.elasticsearch.config import ElasticsearchConfig
from indexer.elasticsearch.store import ElasticsearchStore
from indexer.store import Store

pytest.register_assert_rewrite("tests.contracts.store_suite")

from tests.contracts.store_suite import OpenStore, StoreSuite  # noqa: E402 - after its assertions are made to explain


@pytest.mark.elasticsearch
class TestElasticsearchStore(StoreSuite):
    is_dense_exact = False

    @pytest.fixture
    def config(self, elasticsearch_url: str) -> ElasticsearchConfig:
        return ElasticsearchConfig(hosts=(elasticsearch_url,), index=f"recollect-test-{uuid.uuid4().hex}")

    @pytest.fixture
    def writer(self, config: ElasticsearchConfig) -> Iterator[Store]:
        store = ElasticsearchStore(config)
        yield store
        store.drop()
        store.close()

    @pytest.fixture
    def open_reader(self, writer: Store, config: ElasticsearchConfig) -> Iterator[OpenStore]:
        opened: list[Store] = []

        def open_one() -> Store:
            opened.append(ElasticsearchStore(config))
            return opened[-1]

        yield open_one
        for store in opened:
            store.close()
