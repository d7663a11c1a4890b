"""recollect serve: the HTTP API and the search page."""

import errno
import socket
import threading
from contextlib import nullcontext
from dataclasses import replace
from typing import Annotated

import typer

from crawler.errors import RecollectError
from server.assemble import make_doors
from server.errors import PortTaken
from server.installation import Installation
from server.schedule.child import scheduling
from server.schedule.control import has_own_times
from server.settings.config import config_path, load
from server.terminal.console import log_to_stderr, note
from server.terminal.options import ConfigFile, Data, StoreUrl, Verbose

NAME = "serve"
EXAMPLES = "Examples:\n\nrecollect serve\n\nrecollect serve --host 0.0.0.0 --port 8080\n\nrecollect serve --port 0"
BACKLOG = 2048
DRAIN_S = 5
"""How long answers under way may take after a request to stop."""


def run(
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on; 127.0.0.1 if not set")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on; 0 picks a free one", min=0)] = None,
    with_schedule: Annotated[
        bool, typer.Option("--schedule/--no-schedule", help="Crawl the configured sites when they are due")
    ] = True,
    verbose: Verbose = False,
) -> None:
    """Serve the search page and the HTTP API until Ctrl-C."""
    import uvicorn

    from server.app import create_app

    log_to_stderr(is_verbose=verbose)
    config = load(config_file, data=data, store=store)
    if host is not None:
        config = replace(config, serve=replace(config.serve, host=host))
    make_doors(config).check_open()
    listening = listen(config.serve.host, config.serve.port if port is None else port)
    # With a broker the schedule is kept by `recollect schedule`.
    is_scheduling = with_schedule and not config.broker and has_own_times(config)
    crawling = scheduling(config, is_verbose=verbose) if is_scheduling else nullcontext()
    with crawling, Installation(config, config_file=config_path(config_file)) as installation:
        threading.Thread(target=warm, args=(installation,), daemon=True).start()
        app = create_app(installation)
        # One line on standard output, so that a program that chose port 0 can read where it is.
        typer.echo(f"Recollect listens on {address_of(listening)}")
        uvicorn.Server(
            uvicorn.Config(
                app,
                backlog=BACKLOG,
                log_config=None,
                access_log=verbose,
                server_header=False,
                # Who a proxy speaks for is judged by serve.proxy alone.
                proxy_headers=False,
                timeout_graceful_shutdown=DRAIN_S,
            )
        ).run(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; raises PortTaken, naming what to do, where that cannot be."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        # From here on callers wait in line instead of being refused while the server starts.
        listening.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        why = "is taken by another program" if taken else f"cannot be used: {error}"
        raise PortTaken(f"{host}:{port} {why}", "Choose another with --port; 0 picks a free one") from error
    return listening


def address_of(listening: socket.socket) -> str:
    """``http://127.0.0.1:8000/``"""
    host, port = listening.getsockname()[:2]
    shown = "127.0.0.1" if host == "0.0.0.0" else f"[{host}]" if ":" in host else host  # noqa: S104  # only shown
    return f"http://{shown}:{port}/"


def warm(installation: Installation) -> None:
    """Load the model before the first asker needs it; /health tells what is wrong, if something is."""
    try:
        installation.encoder().encode_queries(["warm"])
        installation.store().count()
        # What was pushed while no server ran, or was left behind by one, is taken in.
        installation.pushes()
    except RecollectError as error:
        note(f"not ready: {error}")
