"""Taking out of the index what a round found gone, unless it is so much that the site, or the crawl, must be broken."""

import logging
from collections.abc import Callable

from crawler.bridge import Put
from crawler.frontier.seam import Memory
from crawler.outcome import Outcome, Reason
from crawler.page import Gone, Page
from crawler.report import CrawlEvent

logger = logging.getLogger(__name__)

ALWAYS_REMOVED = 10
"""Losing so many pages is never suspicious: on a small site one deleted page is a large share."""

BATCH = 500


async def purge(
    memory: Memory,
    put: Put[Page | Gone],
    max_share: float,
    *,
    tell: Callable[[CrawlEvent], None],
    is_agreed: bool,
) -> int:
    """Hand out the removals of the round, or none of them; returns how many were held back.

    Pages that live on under another address (a redirect, a canonical link, a copy) are no losses, as long as there are
    as many of those: a whole site that redirects to its front page is lost. ``is_agreed`` removes whatever is gone.
    What the others came to was told when they were visited; ``tell`` hears of orphans, which were found by no visit.
    """
    losses = memory.losses()
    lost = losses.removals - losses.moved
    if not is_agreed and lost > max(ALWAYS_REMOVED, max_share * losses.indexed):
        logger.warning(
            "%d of %d indexed pages are gone, more than max_purge_share allows (%g): none of them is removed",
            lost,
            losses.indexed,
            max_share,
        )
        return losses.removals
    after = ""
    while batch := memory.removals(after, BATCH):
        for after, reason in batch:
            await put(Gone(after, reason))
            if reason is Reason.ORPHAN:
                tell(CrawlEvent(after, Outcome.GONE, reason, detail=reason.words))
    return 0
