"""Crawls a site for a while: one slice of a run, which others may follow."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

from crawler.errors import RecollectError
from crawler.frontier.seam import Frontier
from crawler.report import CrawlEvent, CrawlReport
from indexer.errors import StoreLocked, StoreUnavailable
from indexer.sink import IndexReport, Sink
from server.assemble import make_crawler
from server.crawling import Enough, Place, crawl_into
from server.errors import described
from server.ledger.record import Hold, Ledger, Record
from server.page_facts import keep_current
from server.schedule.plan import Clock, Run, timed
from server.settings.config import Config, mask_url
from server.settings.cron import ADAPTIVE
from server.settings.sites import USUAL_PRIORITY, SiteConfig

logger = logging.getLogger(__name__)

NOTE_EVERY_S = 5.0
"""How often a crawl notes down how far it is."""

PAUSE_S, LET_GO_S = 0.05, 5.0
"""How often, and how long, to look whether the run before has let go of its site."""

LIMITS = ("max_pages", "max_pages_per_site", "max_seconds")


class Slices:
    """Works on runs; any number of threads and processes may, each on a site of its own."""

    def __init__(
        self,
        config: Config,
        ledger: Ledger,
        open_place: Callable[[], AbstractContextManager[Place]],
        clock: Clock = time.time,
    ) -> None:
        """``open_place`` opens the index and the memory of crawls for one slice."""
        self._config = config
        self._sites = {site.name: site for site in config.all_sites()}
        self._ledger = ledger
        self._open_place = open_place
        self._clock = clock

    def work(self, run: Run, is_enough: Callable[[float], bool]) -> bool:
        """Crawl until the run is at its end, or ``is_enough`` says so of the seconds worked; True if more is to do.

        ``is_enough`` hears seconds of the usual priority. Runs that others work on, or that have ended, are left alone.
        """
        site = self._sites.get(run.site)
        if site is None:
            logger.warning("%s is no site of this configuration; its crawl is dropped", run.site)
            return False
        site = timed(site, self._ledger.timing(run.site))
        for _ in range(int(LET_GO_S / PAUSE_S)):
            with self._ledger.hold(run.site) as hold:
                record = self._ledger.record(run.site)
                is_ours = record.run_id == run.run_id
                if hold is not None and is_ours:
                    slice_ = _Slice(site, record, hold, self._ledger, self._clock, is_enough)
                    slice_.note(is_working=True)
                    return self._crawl(slice_)
            if not is_ours or record.is_working:
                logger.info("%s: another process crawls it, or has done so", run.site)
                return False
            # Whoever ended the run before has written so, and is about to let go.
            time.sleep(PAUSE_S)
        return True

    def _crawl(self, slice_: "_Slice") -> bool:
        try:
            with self._open_place() as (sink, frontier):
                slice_.crawl(self._config, sink, frontier)
                wake_after_s = self._rest_s(slice_.site, frontier)
            if slice_.is_complete:
                keep_current(self._config)
        except (StoreLocked, StoreUnavailable) as error:
            logger.warning("%s: %s; tried again in %.0f s", slice_.site.name, error, self._config.scheduler.retry_s)
            slice_.finish("postponed", error.what, self._config.scheduler.retry_s)
        except RecollectError as error:
            logger.error("%s: %s", slice_.site.name, error)
            slice_.finish("failed", error.what, self._rest_after_failure_s(slice_.site))
        except Exception as error:
            logger.exception("%s: the crawl failed in a way that nobody foresaw", slice_.site.name)
            slice_.finish("failed", described(error), self._rest_after_failure_s(slice_.site))
        else:
            if not slice_.is_complete:
                slice_.note(is_working=False)
                return not slice_.is_lost
            slice_.finish("done", slice_.detail, wake_after_s)
        return False

    def _rest_s(self, site: SiteConfig, frontier: Frontier) -> float | None:
        """How long an adaptive site rests: until the first of its pages is due, within bounds."""
        if site.schedule != (ADAPTIVE,):
            return None
        config, due_s = self._config.scheduler, frontier.next_due_s(frontier.origins())
        return config.max_interval_s if due_s is None else min(max(due_s, config.min_interval_s), config.max_interval_s)

    def _rest_after_failure_s(self, site: SiteConfig) -> float | None:
        return self._config.scheduler.min_interval_s if site.schedule == (ADAPTIVE,) else None


class _Slice:
    def __init__(
        self,
        site: SiteConfig,
        record: Record,
        hold: Hold,
        ledger: Ledger,
        clock: Clock,
        is_enough: Callable[[float], bool],
    ) -> None:
        self.site = site
        self.is_complete = False
        self.is_lost = False
        self.detail = ""
        self._record, self._hold, self._ledger, self._clock = record, hold, ledger, clock
        self._is_enough = is_enough
        self._before = Counter(record.running)
        self._counts: Counter[str] = Counter()
        self._began_s = self._noted_s = time.monotonic()

    def crawl(self, config: Config, sink: Sink, frontier: Frontier) -> None:
        """Pages into the sink until all are there or it is enough."""
        crawler = make_crawler(replace(config, crawl=self.site.crawl), frontier)
        is_adaptive = self.site.schedule == (ADAPTIVE,)
        done = crawl_into(sink, crawler, config, self.site.seeds, self._on_event, only_due=is_adaptive)
        self.is_complete = done.is_complete
        self._count(done.index)
        self.detail = left_undone(done.crawl, done.index)

    def note(self, *, is_working: bool) -> None:
        """Write down that the run is under way, and how far it is."""
        now_s = self._clock()
        self._put(
            replace(
                self._record,
                is_working=is_working,
                seen_s=now_s,
                started_s=self._record.started_s or now_s,
                running=dict(self._before + self._counts),
            )
        )

    def finish(self, outcome: str, detail: str, wake_after_s: float | None) -> None:
        """Write down how the run ended. What fell due meanwhile is done with it."""
        now_s = self._clock()
        self._put(
            replace(
                self._record,
                run_id="",
                is_working=False,
                served_s=now_s,
                finished_s=now_s,
                outcome=outcome,
                detail=mask_url(detail),
                counts=dict(self._before + self._counts),
                running={},
                wake_after_s=wake_after_s,
            )
        )
        if not self.is_lost:
            counts = ", ".join(f"{count:,} {name}" for name, count in self._record.counts.items())
            logger.info("%s: %s (%s)", self.site.name, outcome, counts or "nothing new")

    def _put(self, record: Record) -> None:
        if self._ledger.put(record, self._record):
            self._record = record
        else:
            self.is_lost = True

    def _on_event(self, event: CrawlEvent) -> None:
        self._counts[event.outcome] += 1
        now_s = time.monotonic()
        if now_s - self._noted_s > NOTE_EVERY_S:
            self._noted_s = now_s
            self.note(is_working=True)
        self.is_lost = self.is_lost or self._hold.is_lost()
        weight = self.site.priority / USUAL_PRIORITY
        if self.is_lost or self._is_enough((now_s - self._began_s) / weight):
            raise Enough

    def _count(self, report: IndexReport) -> None:
        for name in ("indexed", "unchanged", "deleted", "queued"):
            self._counts[name] += getattr(report, name)
        self._counts["set_aside"] += len(report.failed)


def left_undone(crawled: CrawlReport, indexed: IndexReport) -> str:
    """What a crawl that came to its end refused or left, in words; empty for nothing."""
    lines = []
    if crawled.purge_held:
        lines.append(
            f"{crawled.purge_held:,} pages that are gone stay in the index, since they are more than "
            "crawl.max_purge_share allows; recollect crawl --yes removes them"
        )
    lines.extend(f"{crawled.skipped[name]:,} URLs are left: crawl.{name}" for name in LIMITS if name in crawled.skipped)
    if indexed.failed:
        url, why = next(iter(indexed.failed.items()))
        lines.append(f"{len(indexed.failed):,} pages could not be indexed, such as {url}: {why}")
    return "; ".join(lines)
