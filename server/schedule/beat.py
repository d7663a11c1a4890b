"""Keeps the schedule as Celery beat: a scheduler of its own that sends a task for each run that is due."""

import logging
from collections.abc import Callable
from typing import Any

from crawler.errors import RecollectError
from indexer.queue.crawl import CRAWL
from indexer.queue.quarantine import broker_errors
from server.schedule.local import sleep_s
from server.schedule.plan import Plan, Run
from server.settings.config import Config

logger = logging.getLogger(__name__)


def send(app: Any, config: Config, run: Run) -> None:
    """Hand a run to the workers. Raises StoreUnavailable when the broker does not answer."""
    with broker_errors(app):
        app.send_task(CRAWL, (run.site, run.run_id), queue=config.queue.crawl_queue, retry=False)


def make_beat(app: Any, config: Config, plan: Plan) -> Any:
    """A beat service over these runs. What is due is remembered in the plan's ledger, not in a file of beat's own."""
    from celery import beat

    class SiteScheduler(beat.Scheduler):  # type: ignore[misc]  # Celery has no types
        """Sends what the plan gives out."""

        def setup_schedule(self) -> None:
            """Nothing: the ledger has it."""

        def tick(self, *_: object, **__: object) -> float:
            """Send what is due; seconds until there may be more."""
            return send_due(lambda run: send(self.app, config, run), plan, config.scheduler.poll_s)

    return beat.Service(app, scheduler_cls=SiteScheduler, max_interval=config.scheduler.poll_s)


def send_due(send_run: Callable[[Run], None], plan: Plan, poll_s: float) -> float:
    """Send every run that is due; those that cannot be sent are due again. Returns seconds to sleep."""
    try:
        for run in plan.take_due():
            try:
                send_run(run)
            except RecollectError:
                plan.give_back(run)
                raise
            logger.info("%s: is due", run.site)
        next_s = plan.next_s()
    except RecollectError as error:
        logger.error("%s", error)
        return poll_s
    return sleep_s(next_s, poll_s)
