"""recollect sync: what databases, graphs and key-value stores hold, into the index."""

from contextlib import closing
from typing import Annotated, Any

import typer

from crawler.errors import RecollectError
from indexer.sources.config import SourceConfig
from indexer.sources.memory import SourceMemory
from indexer.sources.sync import SyncReport, sync
from server.assemble import make_source
from server.errors import BadInput
from server.installation import Installation
from server.places import sources_path
from server.settings.config import Config, load
from server.terminal.console import Bar, log_to_stderr, note, print_json, print_problem, progress
from server.terminal.options import EXIT_PURGE_HELD, AsJson, Broker, ConfigFile, Data, RemoveAll, StoreUrl, Verbose

NAME = "sync"
EXAMPLES = "Examples:\n\nrecollect sync\n\nrecollect sync products --config shop.yml --json"


def run(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Sources; all without a name")] = None,
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    broker: Broker = None,
    full: Annotated[bool, typer.Option("--full", help="Read all records, whatever changed")] = False,
    yes: RemoveAll = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Index what the sources of the config file hold: what changed is indexed, what is gone is removed."""
    log_to_stderr(is_verbose=verbose)
    config = load(config_file, data=data, store=store, broker=broker)
    reports: dict[str, dict[str, Any]] = {}
    with (
        Installation(config, is_writing=not config.broker) as installation,
        closing(SourceMemory(sources_path(config))) as memory,
    ):
        for source in chosen(config, names or []):
            reports[source.name] = _synced(installation, memory, source, is_full=full, agrees=yes, as_json=as_json)
    if as_json:
        print_json({"sources": reports})
    if any("error" in report or report["bad"] or report["failed"] for report in reports.values()):
        raise typer.Exit(1)
    if any(report["held_back"] for report in reports.values()):
        raise typer.Exit(EXIT_PURGE_HELD)


def chosen(config: Config, names: list[str]) -> list[SourceConfig]:
    """The sources of these names, all where there are none. Raises BadInput for a name that no source has."""
    known = {source.name: source for source in config.sources}
    if not known:
        raise BadInput("No sources are configured", "Describe them in recollect.yml under sources")
    for name in names:
        if name not in known:
            raise BadInput(f"No source is named {name}", f"There are {', '.join(known)}")
    return [known[name] for name in names] if names else list(config.sources)


def _synced(
    installation: Installation,
    memory: SourceMemory,
    config: SourceConfig,
    *,
    is_full: bool,
    agrees: bool,
    as_json: bool,
) -> dict[str, Any]:
    """One source; what is wrong with it keeps no other from being read."""
    try:
        with (
            progress(f"Reading {config.name}") as bar,
            closing(make_source(config, installation.config.data)) as source,
        ):
            report = sync(
                source,
                installation.sink(),
                memory,
                max_purge_share=installation.config.crawl.max_purge_share,
                agrees_to_losses=agrees,
                is_full=is_full,
                on_progress=lambda so_far: _show(bar, config.name, so_far),
            )
    except RecollectError as error:
        if not as_json:
            print_problem(error)
        return {"error": error.what, "cure": error.cure, "bad": {}, "failed": {}, "held_back": 0}
    done = report_json(report)
    if not as_json:
        print_report(config.name, done)
    return done


def _show(bar: Bar, name: str, report: SyncReport) -> None:
    bar.update(f"Reading {name}: {report.read:,} records, {report.index.indexed:,} changed", 0, 0)


def report_json(report: SyncReport) -> dict[str, Any]:
    """What became of a source, as JSON values."""
    return {
        "read": report.read,
        "indexed": report.index.indexed,
        "unchanged": report.index.unchanged,
        "deleted": report.index.deleted,
        "encoded": report.index.encoded,
        "queued": report.index.queued,
        "held_back": report.held_back,
        "bad": report.bad,
        "failed": dict(report.index.failed),
    }


def print_report(name: str, report: dict[str, Any]) -> None:
    """The same in words."""
    for key, why in {**report["bad"], **report["failed"]}.items():
        note(f"{name}: {key}: {why}")
    done = f"{report['queued']:,} handed to the workers" if report["queued"] else f"{report['indexed']:,} indexed"
    typer.echo(
        f"{name}: {report['read']:,} records read, {done}, {report['unchanged']:,} unchanged, "
        f"{report['deleted']:,} removed"
    )
    if report["held_back"]:
        note(
            f"{name}: {report['held_back']:,} records are gone, more than crawl.max_purge_share allows; "
            "recollect sync --yes removes them"
        )
