"""recollect validate: is a config file right?"""

from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.errors import BadUrl
from crawler.scope import Scope
from crawler.url import canonicalise, origin_of
from server.config import Config, load, masked, problems
from server.console import note, print_json
from server.options import AsJson

NAME = "validate"
EXAMPLES = "Examples:\n\nrecollect validate recollect.yml\n\nrecollect validate crawler.yml --json"
EXIT_WRONG = 2


def run(
    file: Annotated[Path, typer.Argument(metavar="CONFIG", help="recollect.yml, or a crawler.yml of Elastic's")],
    as_json: AsJson = False,
) -> None:
    """Read a config file and tell everything that is wrong in it; nothing is crawled."""
    found = [str(problem) for problem in problems(file)]
    differences: list[str] = []
    settings: Any = None
    if not found:
        config = load(file, notes=differences)
        found = crawl_problems(config)
        settings = masked(config)
    if as_json:
        print_json({"is_valid": not found, "problems": found, "differences": differences, "settings": settings})
    else:
        for line in differences:
            note(f"differs: {line}")
        for line in found:
            typer.echo(line)
        if not found:
            typer.echo(f"{file} is valid")
    if found:
        raise typer.Exit(EXIT_WRONG)


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
