"""Settings of a crawl: those of its rooms, under one name."""

from dataclasses import dataclass

from crawler.render.config import RenderConfig
from crawler.visit.config import EventLogConfig, SitemapConfig, VisitConfig


@dataclass(frozen=True)
class CrawlConfig(VisitConfig, SitemapConfig, RenderConfig, EventLogConfig):
    """What to crawl and how gently. Defaults suit somebody else's site; times are seconds, sizes bytes.

    Each room reads its own part only (``ScopeConfig``, ``FetchConfig``, ``PaceConfig``, ``ExtractConfig`` and so on),
    whose docstring says what its settings mean. The parts are inherited, not held: a person writes one flat section
    ``crawl``, a crawl is one value, and yet a room can neither read nor import what is another's. Slots would not
    allow that.

    ``max_pages`` counts the pages of a round, ``max_pages_per_site`` those of each origin. After ``max_seconds`` the
    crawl stops and goes on there next time. ``remove_orphans``: pages that no seed, no sitemap and no page leads to any
    more are gone. When more than ``max_purge_share`` of the index is gone, nothing is removed.
    """

    max_pages: int | None = None
    max_pages_per_site: int | None = None
    max_seconds: float | None = None
    lease_s: float = 600.0
    max_purge_share: float = 0.2
    remove_orphans: bool = False
