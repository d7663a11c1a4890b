"""Where a crawl goes on, and where it begins anew: a sink and a memory of crawls that belong together."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from crawler.frontier.seam import Frontier
from indexer.index import Indexer, manifest_of
from indexer.sink import Sink
from server.assemble import open_frontier, rebuilt_frontier, rebuilt_store
from server.errors import BadInput
from server.installation import Installation

Place = tuple[Sink, Frontier]


@contextmanager
def continuing(installation: Installation) -> Iterator[Place]:
    """The present index, and what earlier crawls into it remember."""
    sink = installation.sink()
    with closing(open_frontier(installation.config, installation.count_documents())) as frontier:
        yield sink, frontier


@contextmanager
def rebuilding(installation: Installation) -> Iterator[Place]:
    """An empty index and memory; at the end of the block both take the place of the present ones.

    The present index answers until then, and stays if the block fails. Raises BadInput where an index cannot be
    rebuilt beside itself.
    """
    config = installation.config
    if not config.store:
        raise BadInput("An embedded index is not rebuilt in place", "Index into another folder: --data OTHER")
    if config.broker:
        raise BadInput("Workers cannot rebuild an index", "Rebuild without --broker")
    encoder = installation.encoder()
    # The index changes places first: an old memory beside a new index only costs requests.
    with rebuilt_frontier(config) as frontier, rebuilt_store(config, manifest_of(encoder, config.index)) as store:
        yield Indexer(store, encoder, config.index), frontier
