"""recollect worker: indexes what crawls hand over."""

from typing import Annotated

import typer

from server.assemble import run_worker
from server.config import load
from server.console import log_to_stderr
from server.errors import BadInput
from server.installation import Installation
from server.options import Broker, ConfigFile, Data, StoreUrl, Verbose

NAME = "worker"
EXAMPLES = (
    "Examples:\n\nrecollect worker --broker redis://localhost:6379/0 --store http://localhost:9200/docs\n\n"
    "recollect worker --config recollect.yml --concurrency 4"
)


def run(
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    broker: Broker = None,
    concurrency: Annotated[
        int, typer.Option("--concurrency", min=1, help="Batches indexed at the same time, each in its own process")
    ] = 1,
    verbose: Verbose = False,
) -> None:
    """Index the documents that crawls and imports hand over through the broker, until Ctrl-C."""
    log_to_stderr(is_verbose=verbose)
    config = load(config_file, data=data, store=store, broker=broker)
    if not config.broker:
        raise BadInput("A worker needs a broker", "Name it with --broker, such as redis://localhost:6379/0")
    if not config.store and concurrency > 1:
        raise BadInput("An embedded index takes one writer, not several", "Leave --concurrency out, or use --store")
    raise typer.Exit(run_worker(config, Installation(config, is_writing=True).indexer, concurrency))
