"""recollect why: what became of a URL, and what decided."""

import asyncio
from typing import Annotated, Any

import typer

from server.commands.urltest import robots_words
from server.probe.history import explained
from server.probe.probe import Probe
from server.probe.scope import scope_of
from server.schedule.status import site_lines
from server.settings.config import Config, load
from server.terminal.console import log_to_stderr, note, print_json
from server.terminal.options import AsJson, ConfigFile, Data, StoreUrl, Verbose

NAME = "why"
EXAMPLES = (
    "Examples:\n\nrecollect why https://docs.example.com/guide/\n\n"
    "recollect why https://docs.example.com/private/ --config recollect.yml --json\n\n"
    "recollect why https://docs.example.com/new/ --live"
)
Json = dict[str, Any]


def run(
    url: Annotated[str, typer.Argument(metavar="URL", help="The page to ask about")],
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    live: Annotated[bool, typer.Option("--live", help="Ask robots.txt now about a URL that no crawl has met")] = False,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Say what became of a URL in the crawls so far, what decided it, and whether it is in the index."""
    log_to_stderr(is_verbose=verbose)
    notes: list[str] = []
    config = load(config_file, data=data, store=store, notes=notes)
    for line in notes:
        note(line)
    known = explained(config, url)
    if "note" in known:
        note(known.pop("note"))
    if live and known["state"] == "unknown":
        known["live"] = asyncio.run(would(config, known["url"]))
    if as_json:
        print_json(known)
    else:
        print_explained(known)


async def would(config: Config, url: str) -> Json:
    """What a crawl would do with a URL that none has met: robots.txt is asked now, the page is not."""
    async with Probe(config, url) as probe:
        robots = await probe.robots_json(url)
    is_fetched = robots["is_allowed"] and scope_of(config, url)[1].refusal(url) is None
    return {"robots": robots, "is_fetched": is_fetched}


def print_explained(known: Json) -> None:
    """The document in words."""
    typer.echo(known["url"])
    reason = str(known.get("reason") or "").replace("_", " ")
    typer.echo(f"  state     {known['state']}" + (f": {reason}" if reason else ""))
    if known["meaning"]:
        typer.echo(f"            {known['meaning']}")
    if known["state"] == "unknown":
        typer.echo("            no crawl has met this URL")
    for name in ("detail", "status", "attempts", "referrer", "fetched_at", "due_at"):
        if known.get(name):
            words = {"referrer": "linked by", "fetched_at": "fetched", "due_at": "due again"}.get(name, name)
            typer.echo(f"  {words:10}{known[name]}")
    for step in known.get("chain", ()):
        typer.echo(f"  {step['by'].replace('_', ' '):9} -> {step['url']} ({step['state']})")
    scope = known["scope"]
    rule = f": {scope['rule']}" if scope["rule"] else ""
    typer.echo(f"  rules     {'allow it' if scope['is_allowed'] else 'leave it out'}{rule}")
    if "live" in known:
        typer.echo(f"  robots    {robots_words(known['live']['robots'])}")
        typer.echo(
            f"  crawl     {'would' if known['live']['is_fetched'] else 'would not'} fetch it once a link leads there"
        )
    typer.echo(f"  index     {known['passages']:,} passages" if known["is_indexed"] else "  index     not in it")
    if "removal" in known:
        typer.echo(f"            {known['removal']}")
    if known["schedule"] is not None:
        first, *further = site_lines(known["schedule"])
        typer.echo("\n".join((f"  schedule  {first}", *(f"          {line}" for line in further))))
