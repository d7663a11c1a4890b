"""Starting and stopping a site's crawl by hand, from any process that reaches the ledger."""

import logging
import multiprocessing
import os
import time
from contextlib import closing
from dataclasses import replace
from typing import Any

from crawler.errors import RecollectError
from server.assemble import make_task_app, schedule_ledger
from server.errors import BadInput, ScheduleTaken, ServerError
from server.ledger.record import Ledger, Timing
from server.places import has_schedule
from server.schedule.beat import send
from server.schedule.child import NICENESS
from server.schedule.local import LEADER, SharedWriter
from server.schedule.plan import WANTED_NOW_S, Clock, Plan, Run
from server.schedule.slice import Slices
from server.settings.config import Config
from server.settings.cron import check_patterns
from server.settings.typed import nearest

STOPPED = "stopped"
ATTEMPTS = 10
"""How often to write what a crawl writes over while it notes down how far it is."""

log = logging.getLogger(__name__)


def start(config: Config, name: str, clock: Clock = time.time) -> None:
    """Have a site crawled: by the workers, by whoever keeps the schedule, or by a process made for it.

    Raises BadInput for a site that is not there, ScheduleTaken where it is being crawled, StoreUnavailable.
    """
    check_site(config, name)
    with closing(schedule_ledger(config)) as ledger:
        plan = Plan(config.all_sites(), ledger, config.scheduler, clock)
        if config.broker:
            hand_over(config, plan, name)
        elif ledger.is_held(LEADER):
            _make_due(ledger, name)
        elif ledger.is_held(name):
            raise _taken(name)
        else:
            process = multiprocessing.get_context("spawn").Process(
                target=_crawl_alone, args=(config, name), daemon=True
            )
            process.start()


def stop(config: Config, name: str, by: str, clock: Clock = time.time) -> None:
    """End a site's crawl: it stops at one of its next pages, what was read is kept, and the next one goes on.

    ``by`` says who wants it. Raises BadInput where none is under way, StoreUnavailable.
    """
    check_site(config, name)
    with closing(schedule_ledger(config)) as ledger:
        for _ in range(ATTEMPTS):
            seen, now_s = ledger.record(name), clock()
            if not seen.run_id:
                raise BadInput(f"{name} is not being crawled", "See how it stands on the page of sites")
            # Whoever works on the run finds it gone when it next notes down how far it is.
            ended = replace(
                seen,
                run_id="",
                is_working=False,
                served_s=now_s,
                finished_s=now_s,
                outcome=STOPPED,
                detail=f"by {by}",
                counts=seen.running,
                running={},
            )
            if ledger.put(ended, seen):
                return
    raise ScheduleTaken(f"{name} cannot be stopped now: its crawl is writing", "Try again")


def decide(config: Config, name: str, timing: Timing) -> Timing:
    """Decide when a site is crawled from now on; returns what held before.

    Raises BadInput for a site that is not there or patterns that are wrong, StoreUnavailable.
    """
    check_site(config, name)
    try:
        check_patterns(timing.schedule or ())
    except ValueError as error:
        raise BadInput(str(error), "Go back and mend it") from error
    with closing(schedule_ledger(config)) as ledger:
        before = ledger.timing(name)
        ledger.decide(name, timing)
    return before


def decided(config: Config, name: str) -> Timing:
    """What was decided about a site last. Raises BadInput for one that is not there, StoreUnavailable."""
    check_site(config, name)
    if not has_schedule(config):
        return Timing()
    with closing(schedule_ledger(config)) as ledger:
        return ledger.timing(name)


def is_kept(config: Config) -> bool:
    """Whether a process of this machine keeps the schedule now; with a broker, that cannot be told."""
    if not has_schedule(config):
        return False
    with closing(schedule_ledger(config)) as ledger:
        return ledger.is_held(LEADER)


def has_own_times(config: Config) -> bool:
    """Whether any site is crawled by itself, by the settings or by what was decided since."""
    sites = config.all_sites()
    if any(site.schedule for site in sites):
        return True
    if not has_schedule(config):
        return False
    with closing(schedule_ledger(config)) as ledger:
        return any(ledger.timing(site.name).schedule for site in sites)


def crawl_now(config: Config, ledger: Ledger, name: str) -> None:
    """Crawl one site here, to its end. Raises ServerError with what came of it unless it is done."""
    plan = Plan(config.all_sites(), ledger, config.scheduler, time.time)
    run = plan.take(name)
    # What a killed process left is gone on with.
    run = run or next((left for left in plan.unfinished() if left.site == name), None)
    if run is None:
        raise _taken(name)
    Slices(config, ledger, SharedWriter(config).open).work(run, lambda _: False)
    record = plan.record(name)
    if record.outcome != "done":
        raise ServerError(f"{name}: {record.outcome}: {record.detail}")


def hand_over(config: Config, plan: Plan, name: str) -> None:
    """Have the workers crawl a site now. Raises ScheduleTaken, StoreUnavailable."""
    run: Run | None = plan.take(name)
    if run is None:
        raise _taken(name)
    app: Any = make_task_app(config)
    try:
        send(app, config, run)
    except Exception:
        plan.give_back(run)
        raise
    finally:
        app.close()


def check_site(config: Config, name: str) -> None:
    """Raise BadInput where there is no such site."""
    names = [site.name for site in config.all_sites()]
    if name not in names:
        raise BadInput(f"There is no site {name!r}", nearest(name, names, "") if names else "Name sites in the config")


def _make_due(ledger: Ledger, name: str) -> None:
    for _ in range(ATTEMPTS):
        seen = ledger.record(name)
        if seen.run_id:
            raise _taken(name)
        if ledger.put(replace(seen, wake_after_s=WANTED_NOW_S), seen):
            return
    raise _taken(name)


def _taken(name: str) -> ScheduleTaken:
    return ScheduleTaken(f"{name} is being crawled by another process", "Watch it with: recollect schedule --list")


def _crawl_alone(config: Config, name: str) -> None:
    """What the process does; it ends with its parent, and what it leaves is gone on with."""
    os.nice(NICENESS)
    with closing(schedule_ledger(config)) as ledger:
        try:
            crawl_now(config, ledger, name)
        except RecollectError as error:
            log.warning("%s", error)
