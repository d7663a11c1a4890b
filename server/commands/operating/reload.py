"""recollect reload: have a running server take the settings and the index as they are now."""

import typer

from server.errors import ConfigError
from server.settings.config import config_path, load
from server.settings.lines import with_line
from server.terminal.console import log_to_stderr
from server.terminal.options import ConfigFile, Data, StoreUrl
from server.workers.control import reload

NAME = "reload"
EXAMPLES = "Examples:\n\nrecollect reload\n\nrecollect reload --data trial"


def run(config_file: ConfigFile = None, data: Data = None, store: StoreUrl = None) -> None:
    """Begin anew with the settings and the index as they are now, without a request that fails.

    Settings that are wrong are refused, and the server goes on with those it has.
    """
    log_to_stderr(is_verbose=False)
    try:
        config = load(config_file, data=data, store=store)
    except ConfigError as error:
        raise with_line(error, config_path(config_file)) from error
    count = reload(config)
    typer.echo("Reloaded" if count == 1 else f"Reloaded {count} servers")
