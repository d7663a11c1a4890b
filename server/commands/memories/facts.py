"""recollect facts: what pages state plainly, into a graph that answers."""

from dataclasses import asdict

import typer

from server.installation import Installation, check_manifest
from server.page_facts import read_facts
from server.settings.config import load
from server.terminal.console import log_to_stderr, print_json
from server.terminal.options import AsJson, ConfigFile, Data, StoreUrl, Verbose

NAME = "facts"
EXAMPLES = "Examples:\n\nrecollect facts\n\nrecollect facts --data trial --json"


def run(
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Read the facts of all pages (in data, definitions, tables, sentences) into a graph that answers questions."""
    log_to_stderr(is_verbose=verbose)
    config = load(config_file, data=data, store=store)
    with Installation(config) as installation:
        check_manifest(installation.store(), installation.encoder(), config)
        count = read_facts(config, installation.store())
    if as_json:
        print_json(asdict(count))
    else:
        typer.echo(
            f"{count.facts:,} facts in {count.passages:,} passages; "
            f"{count.pages_read:,} pages were new or changed, {count.pages_gone:,} are gone"
        )
