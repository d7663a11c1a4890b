"""recollect key: who may come in over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from server.admin.desk import admin_file
from server.admin.entry.audit import COMMAND_LINE, Audit
from server.assemble import key_file
from server.doors.key import Key
from server.doors.scope import Scope
from server.errors import BadInput
from server.request import parse_time
from server.settings.config import load
from server.shapes import time_json
from server.terminal.console import note, print_json
from server.terminal.options import AsJson, ConfigFile, Data

NAME = "key"
EXAMPLES = (
    "Examples:\n\nrecollect key create --name website --origin https://www.example.com\n\n"
    "recollect key create --name builds --scope push --source docs --days 365\n\nrecollect key revoke 1f0c5d2ab37e"
)

app = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True, epilog=EXAMPLES)


@app.command(epilog=EXAMPLES)
def create(
    name: Annotated[str, typer.Option("--name", help="What it is for, to know it again")],
    scope: Annotated[
        list[Scope] | None,
        typer.Option("--scope", help="What it may do; repeat for several; search and answer if not set"),
    ] = None,
    group: Annotated[
        list[str] | None, typer.Option("--group", metavar="NAME", help="Access group of its holder; repeat for several")
    ] = None,
    site: Annotated[
        list[str] | None, typer.Option("--site", metavar="HOST", help="Hold it to this site; repeat for several")
    ] = None,
    origin: Annotated[
        list[str] | None,
        typer.Option("--origin", metavar="URL", help="Make it public: it works from pages of this origin alone"),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", metavar="NAME", help="Let it push into this source alone; repeat for several"),
    ] = None,
    days: Annotated[int | None, typer.Option("--days", help="Let it expire after so many days", min=1)] = None,
    expires: Annotated[str | None, typer.Option("--expires", metavar="DATE", help="Let it expire then")] = None,
    config_file: ConfigFile = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it: this once, since only its hash is kept."""
    scopes = tuple(scope or (Scope.SEARCH, Scope.ANSWER))
    config = load(config_file, data=data)
    keys = key_file(config)
    ends = _end(days, expires)
    key, secret = keys.create(
        name,
        scopes,
        groups=group or (),
        sites=site or (),
        origins=origin or (),
        sources=source or (),
        expires_at=ends,
    )
    Audit(admin_file(config)).note(COMMAND_LINE, f"create the key {key.key_id}", None, key_json(key))
    if as_json:
        print_json({"key": secret, **key_json(key)})
        return
    typer.echo(secret)
    note(f"Key {key.key_id} ({key.name}): {_rights(key)}. Keep it: it is not shown again.")


@app.command("list")
def list_(config_file: ConfigFile = None, data: Data = None, as_json: AsJson = False) -> None:
    """List the keys, never the keys themselves."""
    keys = key_file(load(config_file, data=data)).all()
    if as_json:
        print_json({"keys": [key_json(key) for key in keys]})
        return
    for key in keys:
        typer.echo(f"{key.key_id}  {_state(key):8}  {key.name}: {_rights(key)}")
    if not keys:
        note("There are no keys. Make one with: recollect key create --name NAME")


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="The id of the key, as listed")],
    config_file: ConfigFile = None,
    data: Data = None,
) -> None:
    """End a key for good; servers that run refuse it from now on."""
    config = load(config_file, data=data)
    if not key_file(config).revoke(key_id):
        raise BadInput(f"There is no key {key_id}", "List them with: recollect key list")
    Audit(admin_file(config)).note(COMMAND_LINE, f"revoke the key {key_id}")
    note(f"Key {key_id} is revoked.")


def key_json(key: Key) -> dict[str, Any]:
    """What may be told of a key."""
    return {
        "id": key.key_id,
        "name": key.name,
        "state": _state(key),
        "scopes": [str(scope) for scope in key.scopes],
        "groups": list(key.groups),
        "sites": list(key.sites),
        "origins": list(key.origins),
        "sources": list(key.sources),
        "created_at": time_json(key.created_at),
        "expires_at": time_json(key.expires_at),
        "revoked_at": time_json(key.revoked_at),
    }


def _end(days: int | None, expires: str | None) -> datetime | None:
    if days is not None and expires is not None:
        raise BadInput("--days and --expires are both given", "Give one of them")
    now = datetime.now(UTC)
    end = now + timedelta(days=days) if days is not None else parse_time(expires, "expires") if expires else None
    if end is not None and end <= now:
        raise BadInput(f"--expires {expires} is over", "Give a later date")
    return end


def _state(key: Key) -> str:
    return "revoked" if key.revoked_at else "usable" if key.is_usable(datetime.now(UTC)) else "expired"


def _rights(key: Key) -> str:
    parts = [", ".join(key.scopes)]
    parts += [f"groups {', '.join(key.groups)}"] if key.groups else []
    parts += [f"sites {', '.join(key.sites)}"] if key.sites else []
    parts += [f"sources {', '.join(key.sources)}"] if key.sources else []
    parts += [f"on pages of {', '.join(key.origins)}"] if key.origins else []
    parts += [f"until {key.expires_at:%Y-%m-%d}"] if key.expires_at else []
    return "; ".join(parts)
