"""Settings of visiting: sitemaps, what is tried again and when a page is visited again, and the log of it."""

from dataclasses import dataclass
from pathlib import Path

from crawler.extract.config import ExtractConfig
from crawler.fetch.config import FetchConfig, PaceConfig
from crawler.urls.config import RobotsConfig, ScopeConfig, UrlConfig


@dataclass(frozen=True)
class SitemapConfig(RobotsConfig, FetchConfig, UrlConfig):
    """Which sitemaps are read: ``sitemaps``, and with ``use_sitemaps`` those that a site names itself."""

    use_sitemaps: bool = True
    sitemaps: tuple[str, ...] = ()
    max_sitemap_urls: int = 200_000
    max_sitemaps: int = 500
    max_sitemap_bytes: int = 50 * 1024 * 1024


@dataclass(frozen=True)
class RevisitConfig:
    """When a page is visited again. ``use_lastmod`` believes the dates of sitemaps as long as they prove right."""

    interval_s: float = 24 * 3600.0
    min_interval_s: float = 3600.0
    max_interval_s: float = 30 * 24 * 3600.0
    use_lastmod: bool = True


@dataclass(frozen=True)
class VisitConfig(PaceConfig, FetchConfig, ExtractConfig, RevisitConfig, ScopeConfig):
    """What becomes of one URL. An indexed page that is missing is asked for again ``missing_recheck_s`` later."""

    max_depth: int | None = None
    missing_recheck_s: float = 5.0


@dataclass(frozen=True)
class EventLogConfig:
    """``event_log`` takes a line for each URL; beyond its size it goes on in a new file, of which so many are kept."""

    event_log: Path | None = None
    max_event_log_bytes: int = 100_000_000
    max_event_logs: int = 5
