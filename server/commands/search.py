"""recollect search: ranked passages in the terminal."""

from dataclasses import replace
from typing import Annotated

import typer

from indexer.store import Filters
from server.installation import Installation
from server.request import MODES, SORTS, make_query
from server.settings.config import load
from server.shapes import results_json
from server.terminal.console import log_to_stderr, print_json, stdout
from server.terminal.narrowing import takes_filters
from server.terminal.options import AsJson, ConfigFile, Data, StoreUrl, Verbose
from server.terminal.shown import print_preview, print_results

NAME = "search"
EXAMPLES = (
    'Examples:\n\nrecollect search "open a file for appending"\n\n'
    'recollect search "rate limit" --path /api --explain\n\n'
    'recollect search "release notes" --sort newest --facet site --json'
)


@takes_filters
def run(
    query: Annotated[str, typer.Argument(help="What to look for")],
    filters: Filters = Filters(),
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    page: Annotated[int, typer.Option("--page", help="Which page of results, from 1")] = 1,
    size: Annotated[int, typer.Option("--size", help="Results on a page")] = 10,
    mode: Annotated[str | None, typer.Option("--mode", help="One of: " + ", ".join(MODES))] = None,
    sort: Annotated[str, typer.Option("--sort", help="One of: " + ", ".join(SORTS))] = "relevance",
    facet: Annotated[list[str] | None, typer.Option("--facet", help="Count this field's values; repeatable")] = None,
    as_typed: Annotated[bool, typer.Option("--as-typed", help="Take words that the index lacks as they are")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Show the order with and without rank.steer")] = False,
    every: Annotated[bool, typer.Option("--all", help="List pages that say the same as results of their own")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show every stage's rank, score and time")] = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Find the passages that answer a query, best first."""
    log_to_stderr(is_verbose=verbose)
    asked = make_query(
        query,
        filters,
        page=page,
        size=size,
        sort=sort,
        facets=facet or (),
        mode=mode,
        corrects=not as_typed,
        collapses=not every,
    )
    with Installation(load(config_file, data=data, store=store)) as installation:
        results = installation.ranker().search(asked)
        plain = installation.ranker().search(replace(asked, is_steered=False)) if preview else results
    first_rank = (page - 1) * size + 1
    if preview and as_json:
        print_json({"steered": results_json(results, first_rank), "plain": results_json(plain, first_rank)})
    elif preview:
        print_preview(stdout(), results, plain, first_rank)
    elif as_json:
        print_json(results_json(results, first_rank))
    else:
        print_results(stdout(), results, first_rank, explain=explain)
