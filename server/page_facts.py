"""What pages state plainly, brought up to date: by the command, and once it was asked for after crawls and pushes."""

import logging
from contextlib import closing
from functools import partial

from crawler.errors import RecollectError
from indexer.document import Head, Passage
from indexer.facts.keep import FactCount, keep_facts
from indexer.store import Filters, Store
from server.assemble import open_store
from server.places import facts_path
from server.settings.config import Config

logger = logging.getLogger(__name__)


def read_facts(config: Config, store: Store) -> FactCount:
    """Read the pages that are new or have changed; records of sources are none. Raises StoreLocked, MissingExtra."""
    records = {source.name for source in config.sources}
    heads = (head for head in store.scan() if head.source not in records)
    return keep_facts(heads, partial(_passages, store), facts_path(config))


def keep_current(config: Config) -> bool:
    """The same after pages came or went, where facts were ever read into this folder.

    What goes wrong is only logged; False then, since the facts are not those of the pages now.
    """
    if not facts_path(config).exists():
        return True
    try:
        with closing(open_store(config, is_writing=False)) as store:
            count = read_facts(config, store)
    except RecollectError as error:
        logger.warning("the facts of pages stay as they were: %s", error)
        return False
    logger.info("%d facts, read anew from %d pages", count.facts, count.pages_read)
    return True


def _passages(store: Store, head: Head) -> list[Passage]:
    """Every passage, whoever may see it; an answer is held against the asker's groups when it is given."""
    return store.passages(head.doc_id, Filters(groups=head.access))
