"""Settings of sites and of their schedule."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from crawler.config import CrawlConfig
from crawler.errors import BadUrl
from crawler.urls.url import canonicalise, origin_of
from server.settings.cron import check_patterns, zone_named

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_NOT_NAME = re.compile(r"[^A-Za-z0-9._-]+")
USUAL_PRIORITY = 5


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """One site of an index.

    ``schedule``: cron patterns, or ``adaptive``; empty for the schedule at the top of the file. ``priority`` is from 1
    to 9: how long a turn this site gets while others wait, 5 being the usual one. ``crawl`` holds its own settings;
    what it does not name is as in the section ``crawl``.
    """

    name: str = ""
    seeds: tuple[str, ...] = ()
    schedule: tuple[str, ...] = ()
    priority: int = USUAL_PRIORITY
    crawl: CrawlConfig = CrawlConfig()

    def __post_init__(self) -> None:
        wrong = []
        if not _NAME.fullmatch(self.name):
            wrong.append(f"name {self.name!r} must be of letters, digits, dots, dashes and underscores")
        if not self.seeds:
            wrong.append("seeds names no URL to begin with")
        if not 1 <= self.priority <= 9:
            wrong.append(f"priority {self.priority} is not between 1 and 9")
        if wrong:
            # Neither name nor seeds has a default that is right, so one mistake must not hide another.
            raise ValueError("; ".join(wrong))
        check_patterns(self.schedule)


@dataclass(frozen=True, slots=True)
class SchedulerConfig:
    """How the schedule is kept; times are seconds.

    ``time_zone`` is that of the cron patterns. ``concurrency`` sites are crawled at the same time; while others wait,
    one stops after ``slice_s`` and goes on behind them. An ``adaptive`` site rests at least ``min_interval_s`` and at
    most ``max_interval_s``. A crawl that could not begin, because the index was being written, is tried again after
    ``retry_s``. With Redis, a crawl whose worker has not been heard of for ``lock_expiry_s`` counts as dead; a run of
    which no worker has shown a sign for ``lost_after_s`` is begun again. The clock is looked at every ``poll_s``:
    it may be set, and other processes begin and end runs.
    """

    time_zone: str = "UTC"
    concurrency: int = 4
    slice_s: float = 240.0
    min_interval_s: float = 900.0
    max_interval_s: float = 7 * 24 * 3600.0
    retry_s: float = 300.0
    lock_expiry_s: float = 60.0
    lost_after_s: float = 6 * 3600.0
    poll_s: float = 30.0

    def __post_init__(self) -> None:
        zone_named(self.time_zone)
        if self.concurrency < 1:
            raise ValueError(f"concurrency {self.concurrency} is less than 1")
        for name in ("slice_s", "min_interval_s", "retry_s", "lock_expiry_s", "poll_s"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be more than 0")


def check_sites(sites: Sequence[SiteConfig], seeds: Sequence[str], schedule: Sequence[str]) -> None:
    """Raise ValueError where the sites do not go together."""
    check_patterns(schedule)
    if sites and seeds:
        raise ValueError("seeds and sites are both given; move the seeds into a site")
    names: set[str] = set()
    owners: dict[str, str] = {}
    for site in sites:
        if site.name in names:
            raise ValueError(f"sites: two are named {site.name!r}")
        names.add(site.name)
        # Two crawls of one origin would take each other's pages for vanished or out of scope.
        for origin in _origins(site):
            if owners.setdefault(origin, site.name) != site.name:
                raise ValueError(f"sites: {origin} is in {owners[origin]!r} and in {site.name!r}; make them one site")


def _origins(site: SiteConfig) -> set[str]:
    try:
        return {origin_of(canonicalise(seed)) for seed in site.seeds}
    except BadUrl as error:
        raise ValueError(f"sites: {site.name}: {error.what}") from error


def all_sites(
    sites: Sequence[SiteConfig], seeds: Sequence[str], schedule: Sequence[str], crawl: CrawlConfig
) -> tuple[SiteConfig, ...]:
    """The sites with the common schedule filled in; plain seeds are one site, named for the first one's host."""
    if not sites and seeds:
        host = _NOT_NAME.sub("-", urlsplit(seeds[0]).hostname or "").strip("-._")[:64]
        return (SiteConfig(host or "site", tuple(seeds), tuple(schedule), crawl=crawl),)
    return tuple(site if site.schedule else replace(site, schedule=tuple(schedule)) for site in sites)
