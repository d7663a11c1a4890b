"""recollect admin: who may come into the admin area."""

import sys
from typing import Annotated

import typer

from server.admin.desk import admin_file
from server.admin.entry.accounts import Accounts
from server.admin.entry.audit import COMMAND_LINE, Audit
from server.admin.entry.database import AdminFile
from server.settings.config import load
from server.shapes import time_json
from server.terminal.console import note, print_json
from server.terminal.options import AsJson, ConfigFile, Data

NAME = "admin"
EXAMPLES = (
    "Examples:\n\nrecollect admin create ann\n\nrecollect admin list\n\n"
    "pass show search | recollect admin password ann --stdin"
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="The account's name")]
FromStdin = Annotated[bool, typer.Option("--stdin", help="Read the password from standard input, one line")]

app = typer.Typer(help="Make, list and remove accounts of the admin area.", no_args_is_help=True, epilog=EXAMPLES)


@app.command(epilog=EXAMPLES)
def create(name: Name, from_stdin: FromStdin = False, config_file: ConfigFile = None, data: Data = None) -> None:
    """Make an account; its password is asked for."""
    file = opened(config_file, data)
    Accounts(file).create(name, _password(from_stdin))
    Audit(file).note(COMMAND_LINE, f"create the account {name}")
    note(f"{name} can sign in at /admin/ of the server.")


@app.command()
def password(name: Name, from_stdin: FromStdin = False, config_file: ConfigFile = None, data: Data = None) -> None:
    """Change a password, and sign the account out everywhere."""
    file = opened(config_file, data)
    Accounts(file).change_password(name, _password(from_stdin))
    Audit(file).note(COMMAND_LINE, f"change the password of {name}")
    note(f"{name} has a new password.")


@app.command()
def remove(name: Name, config_file: ConfigFile = None, data: Data = None) -> None:
    """Remove an account, and sign it out everywhere."""
    file = opened(config_file, data)
    Accounts(file).remove(name)
    Audit(file).note(COMMAND_LINE, f"remove the account {name}")
    note(f"{name} is removed.")


@app.command("list")
def list_(config_file: ConfigFile = None, data: Data = None, as_json: AsJson = False) -> None:
    """List the accounts."""
    accounts = Accounts(opened(config_file, data)).all()
    if as_json:
        print_json({"accounts": [{"name": one.name, "created_at": time_json(one.created_at)} for one in accounts]})
        return
    for one in accounts:
        typer.echo(f"{one.name}  since {one.created_at:%Y-%m-%d}")
    if not accounts:
        note("There is no account. Make one with: recollect admin create NAME")


def opened(config_file: ConfigFile, data: Data) -> AdminFile:
    """The accounts of the installation that is configured."""
    return admin_file(load(config_file, data=data))


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
