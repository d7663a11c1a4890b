"""recollect queries: what people look for, and where the site lets them down."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from server.assemble import query_file
from server.errors import BadInput
from server.exporting import export_judgements
from server.installation import Installation
from server.querylog.file import QueryFile
from server.querylog.report import Counted, QueryList, counted, days, stages
from server.querylog.table import csv_text
from server.querylog.tell import COLUMNS, counted_json, judgement_json, queries_json
from server.request import parse_time
from server.settings.config import load
from server.terminal.console import note, print_json, stdout
from server.terminal.options import AsJson, ConfigFile, Data, StoreUrl

NAME = "queries"
EXAMPLES = (
    "Examples:\n\nrecollect queries\n\nrecollect queries --show empty --since 2026-01-01\n\n"
    "recollect queries --show refused --csv > refused.csv\n\nrecollect queries --judgements > judged.ndjson"
)
SINCE_DAYS = 30


def run(
    show: Annotated[QueryList, typer.Option("--show", help="Which queries, and in which order")] = QueryList.TOP,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Count from then; else 30 days")] = None,
    size: Annotated[int, typer.Option("--size", "-n", help="How many queries", min=1)] = 20,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a table for a spreadsheet")] = False,
    judgements: Annotated[
        bool, typer.Option("--judgements", help="Print what was judged, as eval and tune read it, and nothing else")
    ] = False,
    beir: Annotated[
        Path | None,
        typer.Option("--beir", metavar="DIR", help="Write what was judged and all pages into a folder for eval"),
    ] = None,
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Show the commonest queries, or those without results, seldom clicked, slow or refused."""
    if as_csv + as_json + judgements + (beir is not None) > 1:
        raise BadInput("--json, --csv, --judgements and --beir exclude each other", "Give one of them")
    config = load(config_file, data=data, store=store)
    file = query_file(config)
    if judgements:
        print_judgements(file)
        return
    if beir is not None:
        with Installation(config) as installation:
            judged = export_judgements(beir, file.judgements(), installation.store())
        note(f"{len(judged.queries):,} judged queries are in {beir}; measure on them with: recollect eval {beir}")
        return
    begins = parse_time(since, "since") if since else datetime.now(UTC) - timedelta(days=SINCE_DAYS)
    found = counted(file, show, begins, size)
    if as_json:
        print_json(queries_json(show, begins, found, days(file, begins), stages(file, begins)))
    elif as_csv:
        sys.stdout.write(csv_text(COLUMNS, ([row[name] for name in COLUMNS] for row in map(counted_json, found))))
    elif found:
        _print(show, begins, found)
    elif config.serve.query_log == "off":
        note("serve.query_log is off: nothing is written down.")
    else:
        note(f"No such query since {begins:%Y-%m-%d}.")


def print_judgements(file: QueryFile) -> None:
    """One JSON object a line, for ``recollect eval`` and ``recollect tune``."""
    for one in file.judgements():
        typer.echo(json.dumps(judgement_json(one)))


def _print(show: QueryList, since: datetime, found: list[Counted]) -> None:
    table = Table(title=f"Queries since {since:%Y-%m-%d}: {show}", box=None, title_justify="left")
    for name in ("query", "asked", "empty", "refused", "clicked", "useful", "mean ms"):
        table.add_column(name, justify="left" if name == "query" else "right")
    for one in found:
        counts = (str(one.asked), str(one.empty), str(one.refused), f"{one.click_share:.0%}")
        said = f"{one.useful} of {one.useful + one.not_useful}" if one.useful + one.not_useful else ""
        table.add_row(Text(one.query), *counts, said, f"{one.mean_ms:,.0f}")
    stdout().print(table)
