"""recollect audit: who has changed what in the admin area."""

import json
from typing import Annotated, Any

import typer

from server.admin.desk import admin_file
from server.admin.entry.audit import Audit, Change
from server.request import parse_time
from server.settings.config import load
from server.shapes import time_json
from server.terminal.console import note, print_json
from server.terminal.options import AsJson, ConfigFile, Data

NAME = "audit"
EXAMPLES = "Examples:\n\nrecollect audit\n\nrecollect audit --since 2026-01-01 --json"


def run(
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only changes from then on")] = None,
    size: Annotated[int, typer.Option("--size", "-n", help="How many, the last first", min=1)] = 50,
    config_file: ConfigFile = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Show who has changed what in the admin area, and when."""
    begins = parse_time(since, "since") if since else None
    found = Audit(admin_file(load(config_file, data=data))).changes(size, begins)
    if as_json:
        print_json({"changes": [change_json(one) for one in found]})
        return
    for one in found:
        typer.echo(f"{one.at:%Y-%m-%d %H:%M:%S}  {one.who}: {one.what}")
        for name, value in (("before", one.before), ("after", one.after)):
            if value is not None:
                typer.echo(f"    {name:6} {json.dumps(value, ensure_ascii=False)}")
    if not found:
        note("Nothing was changed.")


def change_json(one: Change) -> dict[str, Any]:
    """One line of the log."""
    return {"at": time_json(one.at), "who": one.who, "what": one.what, "before": one.before, "after": one.after}
