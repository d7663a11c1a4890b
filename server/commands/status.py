"""recollect status: what is in the index."""

import typer

from server.schedule.status import print_status
from server.settings.config import load
from server.standing import status
from server.terminal.console import log_to_stderr, print_json
from server.terminal.options import AsJson, Broker, ConfigFile, Data, StoreUrl, Verbose

NAME = "status"
EXAMPLES = "Examples:\n\nrecollect status\n\nrecollect status --data trial --json"


def run(
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    broker: Broker = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Show what is indexed, how it was made, and where crawls stand."""
    log_to_stderr(is_verbose=verbose)
    found = status(load(config_file, data=data, store=store, broker=broker))
    if as_json:
        print_json(found)
        return
    typer.echo(f"index      {found['index']}")
    typer.echo(f"documents  {found['documents']:,} in {found['passages']:,} passages")
    if found["manifest"]:
        typer.echo("made with  " + ", ".join(f"{key} {value}" for key, value in found["manifest"].items()))
    if found["size_bytes"] is not None:
        typer.echo(f"on disk    {found['size_bytes'] / 1e6:,.1f} MB")
    for state, count in found["crawl"].items():
        typer.echo(f"crawl      {count:,} URLs {state}")
    if found["gone_in_index"]:
        typer.echo(
            f"gone       {found['gone_in_index']:,} pages, yet in the index: a crawl is under way, or they are more "
            "than crawl.max_purge_share allows"
        )
    for name, count in (found["queue"] or {}).items():
        typer.echo(f"queue      {count:,} {name.replace('_', ' ')}")
    print_status(found["schedule"], lambda line: typer.echo(f"site       {line}"))
