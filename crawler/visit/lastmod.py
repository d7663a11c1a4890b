"""How far the modification dates of sitemaps are believed. ``changefreq`` and ``priority`` are not looked at."""

import logging
from collections import Counter

from crawler.frontier.seam import Lease
from crawler.urls.url import origin_of
from crawler.visit.config import RevisitConfig

logger = logging.getLogger(__name__)

SPOT_CHECK = 16
"""Of so many pages that a sitemap calls unmodified one is asked for all the same, beginning with the first."""


class LastmodTrust:
    """Spares visits to pages that a sitemap calls unmodified, until a spot check finds one modified."""

    def __init__(self, config: RevisitConfig) -> None:
        self._config = config
        self._candidates: Counter[str] = Counter()
        self._distrusted: set[str] = set()

    def spares(self, lease: Lease, now_s: float) -> bool:
        """Whether the page need not be asked for: what is known of it is newer than its last modification.

        However old its date, every page is asked for once in ``max_interval_s``.
        """
        if not self._config.use_lastmod or not _is_called_unmodified(lease):
            return False
        if now_s - lease.fetched_at_s >= self._config.max_interval_s:
            return False
        origin = origin_of(lease.url)
        if origin in self._distrusted:
            return False
        self._candidates[origin] += 1
        return self._candidates[origin] % SPOT_CHECK != 1

    def found_changed(self, lease: Lease) -> None:
        """A page has changed; when its sitemap denied that, the dates of its site are not believed any longer."""
        origin = origin_of(lease.url)
        if _is_called_unmodified(lease) and origin not in self._distrusted:
            self._distrusted.add(origin)
            logger.warning(
                "%s has changed although its sitemap says otherwise; the sitemap's dates are ignored", lease.url
            )


def _is_called_unmodified(lease: Lease) -> bool:
    return lease.content_hash is not None and lease.lastmod_s is not None and lease.lastmod_s < lease.fetched_at_s
