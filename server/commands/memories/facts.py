"""recollect facts: what pages state plainly, into a graph that answers."""

from collections.abc import Iterator

import typer

from indexer.document import Passage
from indexer.facts.keep import keep_facts
from indexer.sources.graph.kept import KeptGraph
from indexer.store import Filters, Store
from server.installation import Installation, check_manifest
from server.places import facts_path
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
    """Read the facts of all pages (definitions, tables, plain sentences) into a graph that answers questions."""
    log_to_stderr(is_verbose=verbose)
    config = load(config_file, data=data, store=store)
    with Installation(config) as installation:
        check_manifest(installation.store(), installation.encoder(), config)
        count = keep_facts(passages_of(installation.store()), KeptGraph(facts_path(config)))
    if as_json:
        print_json({"passages": count.passages, "facts": count.facts})
    else:
        typer.echo(f"{count.facts:,} facts in {count.passages:,} passages")


def passages_of(store: Store) -> Iterator[Passage]:
    """Every passage, whoever may see it; an answer is held against the asker's groups when it is given."""
    for head in store.scan():
        yield from store.passages(head.doc_id, Filters(groups=head.access))
