"""What a person sees: results on standard output, everything else on standard error."""

import json
import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console, ConsoleOptions, RenderableType
from rich.logging import RichHandler
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.segment import Segment

from crawler.errors import RecollectError
from server.terminal.harmless import OneLine, harmless
from server.watching.lines import JsonLines
from server.watching.request_id import WithRequestId

REQUESTS = "server.edge.watch"
"""The logger of requests."""


class Harmless(Console):
    """Shows what pages and people write, and obeys none of it."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Rich's own signs stand in segments of their own, or are made of styles later on."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(harmless(segment.text), segment.style)


def stdout() -> Console:
    """For results. Made on each use so that it follows a redirected sys.stdout."""
    return Harmless(highlight=False)


def stderr() -> Console:
    """For progress, notes and errors."""
    return Harmless(stderr=True, highlight=False)


def print_json(document: dict[str, Any]) -> None:
    """Exactly one JSON document on standard output."""
    # A lone surrogate in a text has no UTF-8; escaped it is still JSON.
    text = json.dumps(document, ensure_ascii=False, indent=2)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = json.dumps(document, indent=2)
    sys.stdout.buffer.write(text.encode("utf-8") + b"\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """One line for the person, on standard error."""
    stderr().print(text, markup=False, soft_wrap=True)


def print_error(what: str, cure: str = "") -> None:
    """One red line on standard error."""
    line = " ".join(f"{what}. {cure}".split()) if cure else " ".join(what.split())
    stderr().print(f"error: {line}", style="red", markup=False, soft_wrap=True)


def print_problem(error: RecollectError) -> None:
    """An error that a person can act on."""
    print_error(error.what, error.cure)


def log_to_stderr(*, is_verbose: bool, is_json: bool = False) -> None:
    """Warnings always, the packages' notes too with ``--verbose``; as JSON also a line for each request."""
    console = stderr()
    if is_json:
        handler: logging.Handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
    elif console.is_terminal:
        handler = RichHandler(console=console, show_path=False, show_time=False, markup=False)
        handler.setFormatter(OneLine("%(request)s%(message)s"))
    else:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(OneLine("%(levelname)s %(name)s: %(request)s%(message)s"))
    handler.addFilter(WithRequestId())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("crawler", "indexer", "ranker", "rag", "server"):
        logging.getLogger(name).setLevel(logging.INFO if is_verbose else logging.WARNING)
    # Below ``server``, so that it is set last.
    logging.getLogger(REQUESTS).setLevel(logging.INFO if is_json or is_verbose else logging.WARNING)


class Bar(Protocol):
    """A progress bar, or nothing where nobody watches."""

    def update(self, text: str, done: int, total: int | None = None) -> None:
        """Show how far it is; ``total`` None where that is not known."""


class _Shown:
    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress, self._task = progress, task

    def update(self, text: str, done: int, total: int | None = None) -> None:
        self._progress.update(self._task, description=text, completed=done, total=total)


class _Hidden:
    def update(self, text: str, done: int, total: int | None = None) -> None:
        """Nobody watches."""


@contextmanager
def progress(text: str) -> Iterator[Bar]:
    """A progress bar on standard error while the block runs, if that is a terminal."""
    console = stderr()
    if not console.is_terminal:
        yield _Hidden()
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        yield _Shown(bar, bar.add_task(text, total=None))
