"""Which sites are due, and who may begin with them: each due run is given out once, to the first who asks."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from uuid import uuid4

from server.ledger.record import Ledger, Record, Timing
from server.settings.cron import ADAPTIVE, next_run_s, zone_named
from server.settings.sites import SchedulerConfig, SiteConfig

logger = logging.getLogger(__name__)

Clock = Callable[[], float]
"""Seconds since 1970."""

BACKWARDS_S = 3600.0
"""A clock set back by less than this repeats no run; set back by more, the old time counts as a mistake."""


WANTED_NOW_S = 0.0
"""``Record.wake_after_s`` where somebody wants a crawl at once."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a site that was given out."""

    site: str
    run_id: str


def timed(site: SiteConfig, timing: Timing) -> SiteConfig:
    """The site with the schedule that holds for it."""
    return site if timing.schedule is None else replace(site, schedule=timing.schedule)


def due_s(
    site: SiteConfig, record: Record, now_s: float, config: SchedulerConfig, timing: Timing = Timing()
) -> float | None:
    """When the site is to be crawled next; the past or ``now_s`` for at once, None for never by itself.

    A site never crawled is due at once, unless it has no schedule: then it is due where somebody wants it now. Runs
    missed meanwhile are one run. While it is paused, only who wants it now has it crawled.
    """
    site = timed(site, timing)
    if timing.is_paused and record.wake_after_s != WANTED_NOW_S:
        return None
    if not site.schedule:
        return None if record.wake_after_s is None else min(record.finished_s, now_s) + record.wake_after_s
    if not record.served_s:
        return now_s
    moments = []
    if record.wake_after_s is not None:
        moments.append(min(record.finished_s, now_s) + record.wake_after_s)
    if site.schedule != (ADAPTIVE,):
        after_s = record.served_s if record.served_s - now_s < BACKWARDS_S else now_s
        moments.append(next_run_s(site.schedule, after_s, zone_named(config.time_zone)))
    elif not moments:
        moments.append(min(record.served_s, now_s) + config.max_interval_s)
    return min(moments)


class Plan:
    """Gives out the runs of these sites, each once among all processes that share the ledger."""

    def __init__(self, sites: Iterable[SiteConfig], ledger: Ledger, config: SchedulerConfig, clock: Clock) -> None:
        self._sites = {site.name: site for site in sites}
        self._ledger = ledger
        self._config = config
        self._clock = clock

    def take_due(self) -> list[Run]:
        """Begin every run that is due, the highest priority first."""
        now_s = self._clock()
        sites = sorted(self._sites.values(), key=lambda site: -site.priority)
        return [run for site in sites if self._is_due(site, now_s) and (run := self._begin(site.name, now_s))]

    def take(self, name: str) -> Run | None:
        """Begin a run now, whatever the schedule says; None where one is under way."""
        return self._begin(name, self._clock())

    def unfinished(self) -> list[Run]:
        """Runs under way that nobody works on now: what a process that was killed left behind."""
        records = [self._ledger.record(name) for name in self._sites]
        return [
            Run(record.name, record.run_id)
            for record in records
            if record.run_id and not self._ledger.is_held(record.name)
        ]

    def give_back(self, run: Run) -> None:
        """A run that could not be handed over is due again at once."""
        seen = self._ledger.record(run.site)
        if seen.run_id == run.run_id:
            self._ledger.put(replace(seen, run_id="", wake_after_s=WANTED_NOW_S), seen)

    def record(self, name: str) -> Record:
        """What is known of a site."""
        return self._ledger.record(name)

    def next_s(self) -> float | None:
        """Seconds until a run is to begin; None when none ever is."""
        now_s = self._clock()
        moments = [moment_s for site in self._sites.values() if (moment_s := self._moment_s(site, now_s)) is not None]
        return max(0.0, min(moments) - now_s) if moments else None

    def _is_due(self, site: SiteConfig, now_s: float) -> bool:
        moment_s = self._moment_s(site, now_s)
        return moment_s is not None and moment_s <= now_s

    def _moment_s(self, site: SiteConfig, now_s: float) -> float | None:
        """When a run of the site is to begin, or the one under way to be begun again unless somebody works on it."""
        record = self._ledger.record(site.name)
        if not record.run_id:
            return due_s(site, record, now_s, self._config, self._ledger.timing(site.name))
        if self._ledger.is_held(site.name):
            return None
        # Its worker was killed; or it waits, or is lost on the way to a worker, which only time can tell apart.
        return now_s if record.is_working else min(record.seen_s, now_s) + self._config.lost_after_s

    def _begin(self, name: str, now_s: float) -> Run | None:
        seen = self._ledger.record(name)
        run = Run(name, uuid4().hex)
        record = replace(seen, run_id=run.run_id, is_working=False, served_s=now_s, seen_s=now_s, wake_after_s=None)
        if not seen.run_id:
            record = replace(record, started_s=0.0, running={})
        elif self._is_due(self._sites[name], now_s):
            logger.warning("%s: the worker that crawled it is gone; the crawl goes on where it was", name)
        else:
            return None
        return run if self._ledger.put(record, seen) else None
