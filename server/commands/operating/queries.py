"""recollect queries: what people look for, and where the site lets them down."""

import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from server.assemble import query_file
from server.errors import BadInput
from server.querylog.file import QueryFile
from server.querylog.report import Counted, Day, View, counted, days, stages
from server.querylog.table import csv_text
from server.request import parse_time
from server.settings.config import load
from server.shapes import stages_json, time_json
from server.terminal.console import note, print_json, stdout
from server.terminal.options import AsJson, ConfigFile, Data, StoreUrl

NAME = "queries"
EXAMPLES = (
    "Examples:\n\nrecollect queries\n\nrecollect queries --show empty --since 2026-01-01\n\n"
    "recollect queries --show refused --csv > refused.csv\n\nrecollect queries --judgements > judged.ndjson"
)
SINCE_DAYS = 30
COLUMNS = (
    "query",
    "searches",
    "answers",
    "empty",
    "refused",
    "degraded",
    "mean_ms",
    "max_ms",
    "clicks",
    "click_share",
    "position",
    "useful",
    "not_useful",
    "first",
    "last",
)


def run(
    show: Annotated[View, typer.Option("--show", help="Which queries, and in which order")] = View.TOP,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Count from then; else 30 days")] = None,
    size: Annotated[int, typer.Option("--size", "-n", help="How many queries", min=1)] = 20,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a table for a spreadsheet")] = False,
    judgements: Annotated[
        bool, typer.Option("--judgements", help="Print what was judged, as eval and tune read it, and nothing else")
    ] = False,
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
) -> None:
    """Show the commonest queries, or those without results, seldom clicked, slow or refused."""
    if as_csv + as_json + judgements > 1:
        raise BadInput("--json, --csv and --judgements exclude each other", "Give one of them")
    config = load(config_file, data=data, store=store)
    file = query_file(config)
    if judgements:
        print_judgements(file)
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
        typer.echo(json.dumps({"query": one.query, "url": one.url, "relevance": one.relevance, "judge": one.judge}))


def queries_json(
    show: View, since: datetime, found: list[Counted], by_day: list[Day], by_stage: dict[str, dict[str, float]]
) -> dict[str, Any]:
    """The document of ``--json``."""
    return {
        "show": str(show),
        "since": time_json(since),
        "queries": [counted_json(one) for one in found],
        "days": [day_json(day) for day in by_day],
        "stages": {kind: stages_json(times) for kind, times in by_stage.items()},
    }


def counted_json(one: Counted) -> dict[str, Any]:
    """One query with all that is counted of it."""
    return {
        "query": one.query,
        "searches": one.searches,
        "answers": one.answers,
        "empty": one.empty,
        "refused": one.refused,
        "degraded": one.degraded,
        "mean_ms": round(one.mean_ms, 1),
        "max_ms": round(one.max_ms, 1),
        "clicks": one.clicks,
        "click_share": round(one.click_share, 3),
        "position": None if one.position is None else round(one.position, 1),
        "useful": one.useful,
        "not_useful": one.not_useful,
        "first": time_json(one.first),
        "last": time_json(one.last),
    }


def day_json(day: Day) -> dict[str, Any]:
    """One day with all that is counted of it."""
    return {
        "day": f"{day.day:%Y-%m-%d}",
        "searches": day.searches,
        "answers": day.answers,
        "empty": day.empty,
        "refused": day.refused,
        "degraded": day.degraded,
        "clicks": day.clicks,
        "mean_ms": round(day.mean_ms, 1),
    }


def _print(show: View, since: datetime, found: list[Counted]) -> None:
    table = Table(title=f"Queries since {since:%Y-%m-%d}: {show}", box=None, title_justify="left")
    for name in ("query", "asked", "empty", "refused", "clicked", "useful", "mean ms"):
        table.add_column(name, justify="left" if name == "query" else "right")
    for one in found:
        counts = (str(one.asked), str(one.empty), str(one.refused), f"{one.click_share:.0%}")
        said = f"{one.useful} of {one.useful + one.not_useful}" if one.useful + one.not_useful else ""
        table.add_row(Text(one.query), *counts, said, f"{one.mean_ms:,.0f}")
    stdout().print(table)
