"""The embedded store keeps every promise of the Store seam."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.config import EmbeddedConfig
from indexer.embedded.store import EmbeddedStore
from indexer.store import Store

pytest.register_assert_rewrite("tests.contracts.store_suite")

from tests.contracts.store_suite import OpenStore, StoreSuite  # noqa: E402 - after its assertions are made to explain


class TestEmbeddedStore(StoreSuite):
    config = EmbeddedConfig()

    @pytest.fixture
    def writer(self, tmp_path: Path) -> Iterator[Store]:
        store = EmbeddedStore(tmp_path / "index", writable=True, config=self.config)
        yield store
        store.close()

    @pytest.fixture
    def open_reader(self, writer: Store, tmp_path: Path) -> Iterator[OpenStore]:
        opened: list[Store] = []

        def open_one() -> Store:
            opened.append(EmbeddedStore(tmp_path / "index", config=self.config))
            return opened[-1]

        yield open_one
        for store in opened:
            store.close()


class TestEmbeddedStoreWithSnapshots(TestEmbeddedStore):
    """The same with a vector snapshot after nearly every batch."""

    config = EmbeddedConfig(snapshot_rows=1)


class TestEmbeddedStoreWithGraph(TestEmbeddedStore):
    """The same with vectors in a graph from the first one on."""

    config = EmbeddedConfig(snapshot_rows=1, graph_rows=1)
    is_dense_exact = False
