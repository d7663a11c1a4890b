"""recollect mcp: an MCP server by standard input and output."""

from server.doors.asker import Asker
from server.doors.scope import VISITOR
from server.installation import Installation
from server.mcp.server import make_server
from server.settings.config import load
from server.terminal.console import log_to_stderr
from server.terminal.options import ConfigFile, Data, Group, StoreUrl, Verbose

NAME = "mcp"
EXAMPLES = "Examples:\n\nrecollect mcp --data docs\n\nrecollect mcp --config search/recollect.yml --group staff"


def run(
    config_file: ConfigFile = None,
    data: Data = None,
    store: StoreUrl = None,
    group: Group = None,
    verbose: Verbose = False,
) -> None:
    """Serve search, fetch and ask to an assistant that starts this command (MCP by stdio)."""
    log_to_stderr(is_verbose=verbose)
    asker = Asker(VISITOR, tuple(group) if group else None, payer=NAME)
    with Installation(load(config_file, data=data, store=store)) as installation:
        make_server(installation, lambda _: asker).run("stdio")
