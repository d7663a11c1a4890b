"""recollect urltest: what a crawl would do with one URL; a dry run that writes nothing."""

import asyncio
from textwrap import shorten
from typing import Annotated, Any

import typer

from crawler.outcome import Outcome
from crawler.urls.url import canonicalise
from server.commands.crawl import sort_targets
from server.errors import BadInput
from server.probe.probe import Probe
from server.settings.config import Config, load
from server.terminal.console import log_to_stderr, note, print_error, print_json
from server.terminal.options import AsJson, ConfigFile, Verbose

NAME = "urltest"
EXAMPLES = (
    "Examples:\n\nrecollect urltest https://docs.example.com/guide/\n\n"
    "recollect urltest recollect.yml https://docs.example.com/guide/\n\n"
    "recollect urltest crawler.yml https://docs.example.com/guide/ --json"
)
SHOWN = 10
"""Links, sections, and blocks of each section that are printed; ``--json`` has all of them."""

BLOCK_FACTS = ("level", "number", "depth", "group", "language", "term", "row_header", "caption")
BLOCK_CHARS = 80

EXIT_FAILED = 1
Json = dict[str, Any]


def run(
    targets: Annotated[
        list[str], typer.Argument(metavar="[CONFIG] URL", help="The page to try; a config file before it if wanted")
    ],
    config_file: ConfigFile = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Try one page: is it in scope, what is answered, what is read, how is it split? Nothing is indexed or written."""
    log_to_stderr(is_verbose=verbose)
    config_file, urls = sort_targets(targets, config_file)
    if len(urls) != 1:
        raise BadInput(f"{len(urls)} URLs are given", "Give the one URL to try, after a config file if there is one")
    notes: list[str] = []
    config = load(config_file, notes=notes)
    for line in notes:
        note(f"differs: {line}")
    trial = asyncio.run(try_url(config, canonicalise(urls[0], config.crawl.tracking_parameters)))
    if as_json:
        print_json(trial)
    else:
        print_trial(trial)
    if "error" in trial:
        print_error(trial["error"]["what"], trial["error"]["cure"])
    if trial["outcome"] is Outcome.FAILED:
        raise typer.Exit(EXIT_FAILED)


async def try_url(config: Config, url: str) -> Json:
    """The document of ``urltest --json`` for a canonical URL."""
    async with Probe(config, url) as probe:
        return await probe.page(url)


def print_trial(trial: Json) -> None:
    """The document in words."""
    typer.echo(trial["url"])
    reason = trial["reason"].replace("_", " ")
    _line("crawl", trial["outcome"] + (f": {reason}" if reason not in ("", trial["outcome"]) else ""))
    if words := trial["reason"].words:
        _line("", words)
    _line("rules", decision(trial["scope"]))
    _line("robots", robots_words(trial["robots"]))
    if "status" not in trial:
        return
    _line("status", f"{trial['status']}{', signed in' if trial['is_signed_in'] else ''}")
    if "redirect" in trial:
        _line("leads to", trial["redirect"]["url"])
        _line("", decision(trial["redirect"]))
    for name, value in trial["headers"].items():
        _line("header", f"{name}: {value}")
    if "title" in trial:
        _print_page(trial)


def decision(trial: Json) -> str:
    """What the rules say, in words."""
    return f"{'allow it' if trial['is_allowed'] else 'leave it out'}{': ' + trial['rule'] if trial['rule'] else ''}"


def robots_words(trial: Json) -> str:
    """What robots.txt says, in words."""
    if trial["is_ignored"]:
        return "is not asked (obey_robots is false)"
    if "error" in trial:
        return "cannot be read, so nothing is fetched"
    delay = f" (crawl delay {trial['crawl_delay_s']:g} s)" if trial["crawl_delay_s"] else ""
    line = f": {trial['line']}" if trial["line"] else ", no line is about it"
    return f"{'allows it' if trial['is_allowed'] else 'forbids it'}{line}{delay}"


def _print_page(trial: Json) -> None:
    size = f"{trial['size_bytes']:,} bytes" + (f", {trial['charset']}" if trial["charset"] else "")
    _line("type", f"{trial['type']}, {size}")
    for name in ("title", "language", "description", "canonical", "modified_at"):
        if trial[name]:
            _line({"modified_at": "modified"}.get(name, name), trial[name])
    for key, value in trial["metadata"].items():
        _line("metadata", f"{key}: {value}")
    for word in ("noindex", "nofollow"):
        if trial[f"is_{word}"]:
            _line("says", f"{word} (in the page or its X-Robots-Tag)")
    for text in trial["notes"]:
        _line("note", text)
    links = trial["links"]
    left_out = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in links["left_out"].items())
    _line("links", f"{links['count']}, {links['followed']} followed{'; left out: ' + left_out if left_out else ''}")
    for link in links["found"][:SHOWN]:
        _line("", f"{'+' if link['is_allowed'] else '-'} {link['url']}{'  ' + link['rule'] if link['rule'] else ''}")
    _more(len(links["found"]))
    _line("sections", str(len(trial["sections"])))
    for section in trial["sections"][:SHOWN]:
        path = " > ".join(section["heading_path"]) or "(before any heading)"
        anchor = f" #{section['anchor']}" if section["anchor"] else ""
        _line("", f"{path}{anchor}, {len(section['text']):,} characters")
        _print_blocks(section["blocks"])
    _more(len(trial["sections"]))
    pieces = [passage["word_pieces"] for passage in trial["passages"]]
    spread = f", {min(pieces)} to {max(pieces)} each" if pieces else ""
    _line("passages", f"{len(pieces)} of about {sum(pieces):,} word pieces{spread}")


def _print_blocks(blocks: list[Json]) -> None:
    for block in blocks[:SHOWN]:
        _line("", f"  {block_words(block)}")
    if len(blocks) > SHOWN:
        _line("", f"  and {len(blocks) - SHOWN:,} more, all with --json")


def block_words(block: Json) -> str:
    """A block in one line: its kind, what is known of it, and the beginning of its text."""
    about = [f"{name} {block[name]}" for name in BLOCK_FACTS if name in block]
    about += [f"columns {', '.join(block['columns'])}"] if block.get("columns") else []
    about += ["header"] if block.get("is_header") else []
    words = " ".join(block["text"].split())
    kind = f"{block['kind'].replace('_', ' ')}{' (' + '; '.join(about) + ')' if about else ''}"
    return f"{kind}: {shorten(words, BLOCK_CHARS, placeholder=' ...')}" if words else kind


def _more(count: int) -> None:
    if count > SHOWN:
        _line("", f"and {count - SHOWN:,} more, all with --json")


def _line(name: str, text: str) -> None:
    typer.echo(f"  {name:12}{text}")
