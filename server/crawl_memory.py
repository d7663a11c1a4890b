"""The memory of crawls into one index: opened, begun anew, and counted."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from crawler.frontier.seam import Frontier
from server.assemble import connect_frontier
from server.places import frontier_place, has_frontier
from server.settings.config import Config


def open_frontier(config: Config, indexed_documents: int) -> Frontier:
    """The memory of crawls into this index, in PostgreSQL or beside the embedded index, to be deleted with it.

    Where the index is empty but the memory says otherwise, it is forgotten: it would call pages unchanged that nobody
    holds any more. A crawl that was stopped before it indexed anything goes on.
    """
    frontier = connect_frontier(config, frontier_place(config))
    if not indexed_documents and not config.broker and frontier.holdings().indexed:
        frontier.forget()
    return frontier


@contextmanager
def rebuilt_frontier(config: Config) -> Iterator[Frontier]:
    """An empty memory of crawls; at the end of the block it takes the place of the present one."""
    with closing(connect_frontier(config, frontier_place(config, is_fresh=True))) as fresh:
        fresh.forget()
        yield fresh
        fresh.take_place_of(frontier_place(config))


def crawl_counts(config: Config) -> dict[str, int]:
    """How many URLs stand in each state; empty before the first crawl."""
    if not has_frontier(config):
        return {}
    with closing(connect_frontier(config, frontier_place(config))) as frontier:
        return {str(state): count for state, count in frontier.counts().items() if count}


def gone_in_index(config: Config) -> int:
    """How many pages are gone and yet in the index: a crawl is under way, or they were too many to remove."""
    if not has_frontier(config):
        return 0
    with closing(connect_frontier(config, frontier_place(config))) as frontier:
        return frontier.holdings().gone
