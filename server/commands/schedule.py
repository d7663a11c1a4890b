"""recollect schedule: crawls each site when it is due."""

import logging
import signal
import time
from contextlib import closing
from types import FrameType
from typing import Annotated

import typer

from server.assemble import make_task_app, schedule_ledger
from server.errors import BadInput
from server.ledger.record import Ledger
from server.schedule.beat import make_beat
from server.schedule.control import check_site, crawl_now, hand_over, has_own_times
from server.schedule.local import LocalScheduler
from server.schedule.plan import Plan
from server.schedule.status import print_status, schedule_status
from server.settings.config import Config, load
from server.terminal.console import log_to_stderr, note, print_json
from server.terminal.options import AsJson, Broker, ConfigFile, Data, StoreUrl, Verbose

NAME = "schedule"
EXAMPLES = (
    "Examples:\n\nrecollect schedule\n\nrecollect schedule --list\n\nrecollect schedule --now docs\n\n"
    "recollect schedule --config recollect.yml --broker redis://localhost:6379/0"
)


def run(
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    broker: Broker = None,
    list_sites: Annotated[
        bool, typer.Option("--list", help="Show each site's last run, what came of it, and the next one")
    ] = False,
    now: Annotated[str | None, typer.Option("--now", metavar="SITE", help="Crawl this site at once, then end")] = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Crawl each site when it is due, until Ctrl-C; with a broker, by sending the crawls to the workers."""
    log_to_stderr(is_verbose=verbose)
    config = load(config_file, data=data, store=store, broker=broker)
    if list_sites:
        show(config, as_json=as_json)
        return
    # Whoever runs this in the foreground wants to read what it does.
    logging.getLogger("server").setLevel(logging.INFO)
    with closing(schedule_ledger(config)) as ledger:
        if now is not None:
            crawl(config, ledger, now)
        else:
            keep(config, ledger)
    if as_json:
        show(config, as_json=True)


def show(config: Config, *, as_json: bool) -> None:
    """Print where each site's crawls stand."""
    sites = schedule_status(config, time.time)
    if as_json:
        print_json({"time_zone": config.scheduler.time_zone, "sites": sites})
    elif sites:
        print_status(sites, typer.echo)
    else:
        typer.echo("No site is configured. Name seeds or sites in the config file.")


def keep(config: Config, ledger: Ledger) -> None:
    """Keep the schedule until SIGTERM or Ctrl-C."""
    if not has_own_times(config):
        raise BadInput("No site has a schedule", 'Write one into the config file, such as: schedule: "0 3 * * *"')
    note(f"Keeps the schedule of {', '.join(site.name for site in config.all_sites())}")
    if config.broker:
        service = make_beat(
            make_task_app(config), config, Plan(config.all_sites(), ledger, config.scheduler, time.time)
        )
        signal.signal(signal.SIGTERM, _exit)
        service.start()
        return
    scheduler = LocalScheduler(config, ledger)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: scheduler.stop())
    scheduler.run()


def _exit(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def crawl(config: Config, ledger: Ledger, name: str) -> None:
    """Crawl one site, or have the workers crawl it."""
    check_site(config, name)
    if config.broker:
        hand_over(config, Plan(config.all_sites(), ledger, config.scheduler, time.time), name)
        note(f"{name} was handed to the workers")
    else:
        crawl_now(config, ledger, name)
