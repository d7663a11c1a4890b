"""What pages state plainly, brought up to date: by the command, and after a crawl or import once that was asked for."""

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


def keep_current(config: Config) -> FactCount | None:
    """The same after a crawl or import, where facts were ever read into this folder; what goes wrong is only logged."""
    if not facts_path(config).exists():
        return None
    try:
        with closing(open_store(config, is_writing=False)) as store:
            count = read_facts(config, store)
    except RecollectError as error:
        logger.warning("the facts of pages stay as they were: %s", error)
        return None
    logger.info("%d facts, read anew from %d pages", count.facts, count.pages_read)
    return count


def _passages(store: Store, head: Head) -> list[Passage]:
    """Every passage, whoever may see it; an answer is held against the asker's groups when it is given."""
    return store.passages(head.doc_id, Filters(groups=head.access))
