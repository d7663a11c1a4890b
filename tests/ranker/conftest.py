"""Both kinds of store, for one file of tests that fills them as it likes."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from indexer.embedded.store import EmbeddedStore
from indexer.store import Store
from tests.support.stores import elasticsearch_store


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An empty one; a file of tests that wants it filled has a fixture of this name that fills it."""
    with closing(EmbeddedStore(tmp_path_factory.mktemp("ranker") / "index", writable=True)) as store:
        yield store


@pytest.fixture(scope="module")
def elasticsearch(elasticsearch_url: str) -> Iterator[Store]:
    """The same on a server."""
    with elasticsearch_store(elasticsearch_url) as store:
        yield store


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def store(request: pytest.FixtureRequest) -> Store:
    """Each of the two, as the file of tests has filled it."""
    found: Store = request.getfixturevalue(request.param)
    return found
