"""When a page is visited again: sooner when visits find it changed, later when they do not."""

from datetime import datetime

from crawler.visit.config import RevisitConfig

GROWTH = 1.4
SHRINKAGE = 0.8
"""The rates of Apache Nutch's AdaptiveFetchSchedule. The interval settles where six visits of ten find a change."""

FRESHNESS = 0.1
"""Of a page seen first: the share of its age for which it will likely stay as it is (RFC 9111 section 4.2.2)."""


def first_interval_s(config: RevisitConfig, modified_at: datetime | None, now_s: float) -> float:
    """Seconds until the second visit of a page that was last modified at ``modified_at``."""
    if modified_at is None:
        return _bounded(config.interval_s, config)
    return _bounded(max(config.interval_s, FRESHNESS * (now_s - modified_at.timestamp())), config)


def next_interval_s(config: RevisitConfig, interval_s: float, *, is_changed: bool) -> float:
    """Seconds until the next visit, after a visit ``interval_s`` after the one before; 0 means it was the first."""
    return _bounded((interval_s or config.interval_s) * (SHRINKAGE if is_changed else GROWTH), config)


def _bounded(interval_s: float, config: RevisitConfig) -> float:
    return min(max(interval_s, config.min_interval_s), config.max_interval_s)
