"""recollect worker: crawls the sites that the schedule sends, and indexes what crawls hand over."""

from enum import StrEnum
from typing import Annotated

import typer

from server.assemble import run_worker
from server.errors import BadInput
from server.installation import Installation
from server.schedule.worker import WorkerSlices
from server.settings.config import load
from server.terminal.console import log_to_stderr
from server.terminal.options import Broker, ConfigFile, Data, StoreUrl, Verbose

NAME = "worker"
EXAMPLES = (
    "Examples:\n\nrecollect worker --broker redis://localhost:6379/0 --store http://localhost:9200/docs\n\n"
    "recollect worker --config recollect.yml --concurrency 4\n\nrecollect worker --only crawl"
)


class Duty(StrEnum):
    """What a worker may be kept to."""

    INDEX = "index"
    CRAWL = "crawl"


def run(
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    broker: Broker = None,
    concurrency: Annotated[
        int, typer.Option("--concurrency", min=1, help="Batches indexed at the same time, each in its own process")
    ] = 1,
    only: Annotated[
        Duty | None,
        typer.Option("--only", help="Only index what others crawl, or only crawl and leave indexing to others"),
    ] = None,
    verbose: Verbose = False,
) -> None:
    """Crawl what the schedule sends and index what crawls and imports hand over, until Ctrl-C."""
    log_to_stderr(is_verbose=verbose)
    config = load(config_file, data=data, store=store, broker=broker)
    if not config.broker:
        raise BadInput("A worker needs a broker", "Name it with --broker, such as redis://localhost:6379/0")
    is_indexing = only is not Duty.CRAWL
    if not config.store and concurrency > 1 and is_indexing:
        raise BadInput("An embedded index takes one writer, not several", "Leave --concurrency out, or use --store")
    installation = Installation(config, is_writing=is_indexing)
    crawl_slice = WorkerSlices(config, installation.indexer if is_indexing else installation.sink)
    queues = {Duty.INDEX: config.queue.queue, Duty.CRAWL: config.queue.crawl_queue}
    names = [name for duty, name in queues.items() if only in (None, duty)]
    raise typer.Exit(run_worker(config, installation.indexer, crawl_slice, concurrency, names))
