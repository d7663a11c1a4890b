"""recollect serve: the HTTP API and the search page."""

import errno
import socket
from dataclasses import replace
from typing import Annotated

import typer

from server.assemble import make_doors
from server.errors import ConfigError, PortTaken
from server.schedule.child import Scheduling
from server.schedule.control import has_own_times
from server.settings.config import Config, config_path, load
from server.settings.lines import with_line
from server.terminal.console import log_to_stderr
from server.terminal.options import ConfigFile, Data, StoreUrl, Verbose
from server.workers.serving import BACKLOG
from server.workers.supervisor import Supervisor

NAME = "serve"
EXAMPLES = (
    "Examples:\n\nrecollect serve\n\nrecollect serve --host 0.0.0.0 --port 8080\n\nrecollect serve --workers 4\n\n"
    "recollect serve --port 0"
)


def run(
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on; 127.0.0.1 if not set")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on; 0 picks a free one", min=0)] = None,
    workers: Annotated[int | None, typer.Option("--workers", help="Processes that answer; 1 if not set", min=1)] = None,
    with_schedule: Annotated[
        bool, typer.Option("--schedule/--no-schedule", help="Crawl the configured sites when they are due")
    ] = True,
    verbose: Verbose = False,
) -> None:
    """Serve the search page and the HTTP API until Ctrl-C."""
    log_to_stderr(is_verbose=verbose)
    file = config_path(config_file)

    def settings() -> Config:
        config = load(config_file, data=data, store=store)
        own = config.serve
        own = replace(own, host=host if host is not None else own.host, port=port if port is not None else own.port)
        return replace(config, serve=replace(own, workers=workers if workers is not None else own.workers))

    def settings_again() -> Config:
        try:
            found = settings()
        except ConfigError as error:
            raise with_line(error, file) from error
        check_same_place(config, found)
        make_doors(found).check_open()
        return found

    config = settings()
    log_to_stderr(is_verbose=verbose, is_json=config.serve.logs == "json")
    make_doors(config).check_open()
    with listen(config.serve.host, config.serve.port) as listening, Scheduling(is_verbose=verbose) as schedule:

        def keep(found: Config) -> None:
            # With a broker the schedule is kept by `recollect schedule`.
            is_wanted = with_schedule and not found.broker and has_own_times(found)
            schedule.keep(found if is_wanted else None)

        keep(config)
        # One line on standard output, so that a program that chose port 0 can read where it is.
        typer.echo(f"Recollect listens on {address_of(listening)}")
        Supervisor(config, file, listening, settings_again, keep, is_verbose=verbose).run()


def check_same_place(before: Config, after: Config) -> None:
    """Raise ConfigError where a server would have to listen elsewhere, which it does only when it is started anew."""
    for name in ("host", "port"):
        was, now = getattr(before.serve, name), getattr(after.serve, name)
        if was != now:
            raise ConfigError(f"serve.{name} was {was} and is {now}", "Start the server anew to have it listen there")
    if before.data != after.data:
        raise ConfigError(
            f"data was {before.data} and is {after.data}", "Start the server anew to serve another folder"
        )


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; raises PortTaken, naming what to do, where that cannot be."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        # Named, or connections would hold back what is small (TCP_NODELAY is set for this protocol alone).
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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
