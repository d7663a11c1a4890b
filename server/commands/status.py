"""recollect status: what is in the index."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from server.assemble import queue_counts
from server.crawl_memory import crawl_counts, gone_in_index
from server.installation import Installation
from server.places import place_of_index
from server.schedule.status import print_status, schedule_status
from server.settings.config import Config, load, masked
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


def status(config: Config) -> dict[str, Any]:
    """The document of ``status --json``."""
    with Installation(config) as installation:
        manifest = installation.store().manifest()
        count = installation.store().count() if manifest else None
    return {
        "index": place_of_index(config),
        "store": "elasticsearch" if config.store else "embedded",
        "documents": count.documents if count else 0,
        "passages": count.passages if count else 0,
        "manifest": asdict(manifest) if manifest else None,
        "size_bytes": None if config.store else size_of(config.data),
        "crawl": crawl_counts(config),
        "gone_in_index": gone_in_index(config),
        "schedule": [site for site in schedule_status(config, time.time) if site["schedule"] or site["outcome"]],
        "queue": queue_counts(config) if config.broker else None,
        "config": masked(config),
    }


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder; files that vanish meanwhile count as none."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            continue
    return total
