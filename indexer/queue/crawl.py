"""What a worker does with a site to crawl: a slice of it, then the others that wait, then the next slice."""

import logging
from collections.abc import Callable
from typing import Any

from indexer.queue.config import TaskConfig

logger = logging.getLogger(__name__)

CRAWL = "recollect.crawl_site"

CrawlSlice = Callable[[str, str], bool]
"""Crawls a site for a while in the run of this id; True if more is to do."""


def register_crawl(app: Any, crawl_slice: CrawlSlice | None, config: TaskConfig) -> None:
    """Make the task known to the app; ``crawl_slice`` is not needed by those who only send.

    A message may come twice: ``crawl_slice`` leaves runs alone that others work on or that have ended.
    """

    @app.task(name=CRAWL, bind=True, shared=False, max_retries=None)  # type: ignore[untyped-decorator]
    def crawl_site(task: Any, site: str, run_id: str) -> None:
        if crawl_slice is None:
            raise RuntimeError("this app was made for sending only")
        logger.info("%s: crawling", site)
        if crawl_slice(site, run_id):
            # Behind the others, so that a huge site cannot keep a small one waiting.
            task.apply_async((site, run_id), queue=config.crawl_queue)
