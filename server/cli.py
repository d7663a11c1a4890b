"""The command ``recollect``."""

import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated

import typer

from crawler.errors import RecollectError
from server.commands import (
    ask,
    crawl,
    doctor,
    evaluate,
    import_,
    init,
    key,
    mcp,
    schedule,
    search,
    serve,
    status,
    sync,
    tune,
    urltest,
    validate,
    why,
    worker,
)
from server.commands.evaluating import answers as eval_answers
from server.commands.memories import compare, distil, facts
from server.commands.operating import admin, audit, queries, reload
from server.commands.training import app as train
from server.errors import ConfigError, described
from server.terminal.console import print_error, print_problem
from server.terminal.dashes import with_query_apart
from server.widget import snippet

EXIT_FAILED = 1
EXIT_USAGE = 2
ASKING = (search.NAME, ask.NAME)
"""The commands whose argument people type as they think of it."""

EXIT_INTERRUPTED = 130
"""128 + SIGINT, as shells have it."""

app = typer.Typer(
    name="recollect",
    help="An answering search box for any site: crawl, index, rank, and answer with citations.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    snippet,
    init,
    crawl,
    import_,
    sync,
    facts,
    search,
    ask,
    serve,
    reload,
    mcp,
    schedule,
    worker,
    queries,
    audit,
    evaluate,
    eval_answers,
    compare,
    distil,
    tune,
    status,
    doctor,
    why,
    validate,
    urltest,
):
    app.command(command.NAME, epilog=command.EXAMPLES)(command.run)
for group in (key, train, admin):
    app.add_typer(group.app, name=group.NAME)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        typer.echo(f"recollect {version('recollect')}")
        raise typer.Exit


@app.callback()
def shared(
    show_version: Annotated[
        bool, typer.Option("--version", help="Print the version", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Options of the command itself."""


def parted(arguments: Sequence[str]) -> list[str]:
    """The arguments of the command line, with a query that begins with a dash told from an option."""
    name, rest = "".join(arguments[:1]), list(arguments[1:])
    if name not in ASKING:
        return list(arguments)
    command = typer.main.get_group(app).commands[name]
    options = [option for option in command.params if option.param_type_name == "option"]
    spelled = [(option, {*option.opts, *option.secondary_opts}) for option in options]
    flags = {one for option, spellings in spelled if getattr(option, "is_flag", False) for one in spellings}
    valued = {one for _, spellings in spelled for one in spellings} - flags
    return [name, *with_query_apart(rest, {*flags, "-h", "--help"}, valued)]


def main() -> None:
    """Run the command; every error is one line on standard error, never a traceback."""
    try:
        app(parted(sys.argv[1:]))
    except ConfigError as error:
        print_problem(error)
        sys.exit(EXIT_USAGE)
    except RecollectError as error:
        print_problem(error)
        sys.exit(EXIT_FAILED)
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
    except OSError as error:
        print_error(f"{error.filename or 'the system'}: {error.strerror or error}")
        sys.exit(EXIT_FAILED)
    except Exception as error:  # the last line of defence: a person gets a line, --verbose the rest
        import logging

        logging.getLogger("server").info("unexpected error", exc_info=error)
        print_error(f"unexpected {described(error)}", "This is a bug in Recollect; run it again with --verbose")
        sys.exit(EXIT_FAILED)
