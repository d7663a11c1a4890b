"""recollect import: files, folders and corpora into the index."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from indexer.document import Document
from server.crawling import rebuilding
from server.importing.files import ImportOptions, Tally, documents
from server.installation import Installation
from server.page_facts import keep_current
from server.places import place_of_index
from server.settings.config import Config, load
from server.terminal.console import Bar, log_to_stderr, note, print_json, progress
from server.terminal.options import AsJson, Broker, ConfigFile, Data, Rebuild, StoreUrl, Verbose

NAME = "import"
EXAMPLES = (
    "Examples:\n\nrecollect import handbook/ notes.md\n\nrecollect import products.ndjson --source shop\n\n"
    "recollect import internal/ --access staff"
)
Json = dict[str, Any]


def run(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, folders, or corpora in BEIR's format")],
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    broker: Broker = None,
    source: Annotated[str | None, typer.Option("--source", metavar="NAME", help="Name of the source")] = None,
    access: Annotated[
        list[str] | None, typer.Option("--access", metavar="GROUP", help="Only for this group; repeat for several")
    ] = None,
    rebuild: Rebuild = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Index files: HTML, Markdown, text, PDF, Word, PowerPoint, Excel, CSV, NDJSON and corpora in BEIR's format."""
    log_to_stderr(is_verbose=verbose)
    config = load(config_file, data=data, store=store, broker=broker)
    report = import_into_index(
        config, paths, ImportOptions(source, tuple(access or ()), config.crawl), is_rebuild=rebuild
    )
    if as_json:
        print_json(report)
    else:
        print_report(report, config)
    if report["failed"]:
        raise typer.Exit(1)


def import_into_index(
    config: Config, paths: Sequence[Path], options: ImportOptions, *, is_rebuild: bool = False
) -> Json:
    """Index (or hand to the workers) what can be read, and return the report's document."""
    tally = Tally()
    with Installation(config, is_writing=not config.broker) as installation, progress("Importing") as bar:
        found = shown(documents(paths, options, tally), tally, bar)
        if is_rebuild:
            with rebuilding(installation) as (sink, _):
                report = sink.index(found)
        else:
            report = installation.sink().index(found)
        keep_current(config)
    return {
        "indexed": report.indexed,
        "unchanged": report.unchanged,
        "passages": report.passages,
        "encoded": report.encoded,
        "queued": report.queued,
        "skipped": dict(sorted(tally.skipped.items())),
        "notes": tally.notes,
        "failed": {**tally.failed, **report.failed},
    }


def shown(found: Iterator[Document], tally: Tally, bar: Bar) -> Iterator[Document]:
    """The same documents; the bar shows how many have passed, and how far the files are read."""
    for number, document in enumerate(found, 1):
        bar.update(f"Importing: {number:,} documents", tally.done, tally.files)
        yield document


def print_report(report: Json, config: Config) -> None:
    """The report in words."""
    for place, why in report["failed"].items():
        note(f"failed: {place}: {why}")
    for place, what in report["notes"].items():
        note(f"cut: {place}: {what}")
    for suffix, count in report["skipped"].items():
        note(f"skipped: {count:,} files with {suffix}, which nobody here reads")
    if config.broker:
        typer.echo(f"{report['queued']:,} documents were handed to the workers.")
    else:
        kept = f", {report['unchanged']:,} unchanged" if report["unchanged"] else ""
        total = f"Indexed {report['indexed']:,} documents in {report['passages']:,} passages{kept}"
        typer.echo(f"{total}: {place_of_index(config)}")
    if report["failed"]:
        typer.echo(f"{len(report['failed']):,} failed; see above.")
