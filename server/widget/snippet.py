"""recollect snippet: what to paste into a page."""

from typing import Annotated

import typer

from server.assemble import key_file
from server.doors.scope import Scope
from server.settings.config import load
from server.terminal.console import note
from server.terminal.options import ConfigFile, Data
from server.widget.box import Mode, element, script

NAME = "snippet"
EXAMPLES = "Examples:\n\nrecollect snippet --origin https://www.example.com\n\nrecollect snippet --mode inline"


def run(
    origin: Annotated[
        list[str] | None,
        typer.Option("--origin", metavar="URL", help="Make a public key for pages of this origin; repeat for several"),
    ] = None,
    server: Annotated[
        str | None,
        typer.Option("--server", metavar="URL", help="Address of the server for visitors; serve.url if not set"),
    ] = None,
    mode: Annotated[
        Mode, typer.Option("--mode", help="A button that opens a dialog, a box in the page, or a page of results")
    ] = "modal",
    config_file: ConfigFile = None,
    data: Data = None,
) -> None:
    """Print the lines that put the search box into a page."""
    config = load(config_file, data=data)
    address = (server or config.serve.url or f"http://{config.serve.host}:{config.serve.port}").rstrip("/")
    secret = ""
    if origin:
        _, secret = key_file(config).create("search box", [Scope.SEARCH, Scope.ANSWER], origins=origin)
    typer.echo(snippet(address, secret, mode))
    note(f"With a Content-Security-Policy, allow {address} in script-src, connect-src and form-action.")
    if not origin:
        note("Pages of other origins need a key: --origin https://www.example.com")


def snippet(address: str, key: str, mode: Mode) -> str:
    """The script and the box."""
    return f"{script(address)}\n{element(address, key, mode)}"
