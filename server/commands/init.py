"""recollect init: a config file to begin with."""

from pathlib import Path
from typing import Annotated

import typer

from server.errors import BadInput
from server.settings.config import DEFAULT_FILE
from server.terminal.console import note

NAME = "init"
EXAMPLES = "Examples:\n\nrecollect init https://docs.example.com/\n\nrecollect init --file search/recollect.yml"

TEMPLATE = """\
# Settings of Recollect. Every key is optional; what stands here commented out is its default.
# Any of them can also be set by a variable: crawl.max_pages by RECOLLECT_CRAWL__MAX_PAGES.
# Keep secrets out of this file: write ${{NAME}} and set the variable NAME.

seeds: [{seeds}]               # where a crawl begins; it stays on these sites
data: recollect-data           # the folder of the embedded index, relative to this file
# store: https://user:${{PASSWORD}}@localhost:9200/docs   # an Elasticsearch index instead
# broker: redis://localhost:6379/0                      # hand documents to `recollect worker`

crawl:
  # max_pages: 10000
  # exclude: ["*/print/*", "*/tag/*"]
  # contact: https://example.com/about-our-crawler       # sent with every request

serve:
  title: Search
  # host: 127.0.0.1
  # port: 8000
"""


def run(
    seeds: Annotated[list[str] | None, typer.Argument(metavar="[URL]...", help="Where a crawl should begin")] = None,
    file: Annotated[Path, typer.Option("--file", "-f", metavar="FILE", help="The file to write")] = Path(DEFAULT_FILE),
) -> None:
    """Write a config file with the settings most people change."""
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(TEMPLATE.format(seeds=", ".join(seeds or [])))
    except FileExistsError as error:
        raise BadInput(f"{file} is there already", "Edit it, or write another with --file") from error
    except OSError as error:
        raise BadInput(f"{file} cannot be written: {error.strerror}", "Choose another place with --file") from error
    note(f"Wrote {file}. Next: recollect crawl {'' if file.name == DEFAULT_FILE else file}".rstrip())
