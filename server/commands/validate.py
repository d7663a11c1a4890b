"""recollect validate: is a config file right?"""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.errors import BadUrl
from crawler.outcome import Outcome, Reason
from crawler.urls.scope import Scope
from crawler.urls.url import canonicalise, origin_of
from server.commands.urltest import robots_words
from server.probe.seed import seeds_told
from server.settings.config import Config, load, masked, problems
from server.terminal.console import log_to_stderr, note, print_error, print_json
from server.terminal.options import AsJson

NAME = "validate"
EXAMPLES = (
    "Examples:\n\nrecollect validate recollect.yml\n\nrecollect validate crawler.yml --json\n\n"
    "recollect validate recollect.yml --live"
)
EXIT_WRONG = 2
EXIT_SEED_FAILED = 1
"""Exit status when the file is right and no crawl can begin at a seed."""

Json = dict[str, Any]


def run(
    file: Annotated[Path, typer.Argument(metavar="CONFIG", help="recollect.yml, or a crawler.yml of Elastic's")],
    live: Annotated[bool, typer.Option("--live", help="Also ask each seed: host, robots.txt, sitemaps, page")] = False,
    as_json: AsJson = False,
) -> None:
    """Read a config file and tell everything that is wrong in it; nothing is crawled."""
    log_to_stderr(is_verbose=False)
    found = [str(problem) for problem in problems(file)]
    differences: list[str] = []
    settings: Any = None
    if not found:
        config = load(file, notes=differences)
        found = crawl_problems(config)
        settings = masked(config)
    seeds = asyncio.run(seeds_told(config)) if live and not found else []
    if as_json:
        report = {"is_valid": not found, "problems": found, "differences": differences, "settings": settings}
        print_json(report | ({"seeds": seeds} if live else {}))
    else:
        for line in differences:
            note(f"differs: {line}")
        for line in found:
            typer.echo(line)
        if not found:
            typer.echo(f"{file} is valid")
        for seed in seeds:
            print_seed(seed)
    if found:
        raise typer.Exit(EXIT_WRONG)
    # The links of a page that is not to be indexed are followed all the same.
    if any(
        seed["outcome"] in (Outcome.FAILED, Outcome.SKIPPED) and seed["reason"] is not Reason.NOINDEX for seed in seeds
    ):
        raise typer.Exit(EXIT_SEED_FAILED)


def print_seed(report: Json) -> None:
    """What is at a seed, in words."""
    typer.echo(report["url"])
    if report["addresses"]:
        typer.echo(f"  host      {', '.join(report['addresses'])}")
    typer.echo(f"  robots    {robots_words(report['robots'])}")
    for sitemap, count in report["sitemaps"].items():
        typer.echo(f"  sitemap   {sitemap}, {count:,} pages")
    reason = report["reason"].replace("_", " ")
    title = f": {report['title']}" if report.get("title") else f": {reason}" if reason else ""
    typer.echo(
        f"  page      {report.get('status', '')} {report['outcome']}{title}".replace("  page       ", "  page      ")
    )
    if "redirect" in report:
        typer.echo(f"            -> {report['redirect']['url']}")
    if "error" in report:
        print_error(report["error"]["what"], report["error"]["cure"])


def crawl_problems(config: Config) -> list[str]:
    """Seeds and sitemaps that are no web addresses, and seeds that the rules leave out."""
    found = []
    for site in config.all_sites():
        for name, urls in (("seeds", site.seeds), ("sitemaps", site.crawl.sitemaps)):
            for i, url in enumerate(urls):
                try:
                    canonical = canonicalise(url)
                except BadUrl as error:
                    found.append(f"{name}[{i}]: {error}")
                    continue
                refusal = Scope(site.crawl, {origin_of(canonical)}).explain(canonical) if name == "seeds" else None
                if refusal is not None:
                    found.append(f"{name}[{i}]: {url} is left out by {refusal.detail}")
    return found
