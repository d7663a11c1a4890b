"""The options that narrow a search, once for all commands that search."""

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Annotated, Any

import typer

from indexer.store import Filters
from server.request import make_filters, parse_metadata
from server.terminal.options import Group

Texts = list[str] | None


def filters_of(
    site: Annotated[Texts, typer.Option("--site", metavar="HOST", help="Only this site; repeat for several")] = None,
    path: Annotated[
        Texts, typer.Option("--path", metavar="PREFIX", help="Only pages under this path, such as /docs")
    ] = None,
    language: Annotated[
        Texts, typer.Option("--language", metavar="CODE", help="Only this language, such as en")
    ] = None,
    source: Annotated[Texts, typer.Option("--source", metavar="NAME", help="Only this source, such as web")] = None,
    meta: Annotated[Texts, typer.Option("--meta", metavar="KEY=VALUE", help="Only with this metadata")] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Only modified on or after this date")
    ] = None,
    before: Annotated[
        str | None, typer.Option("--before", metavar="DATE", help="Only modified before this date")
    ] = None,
    group: Group = None,
) -> Filters:
    """What these options ask for. Raises BadQuery for a date or metadata that is none."""
    return make_filters(
        site=site or (),
        path=path or (),
        language=language or (),
        source=source or (),
        metadata=parse_metadata(meta or ()),
        modified_from=since,
        modified_before=before,
        groups=group,
    )


def takes_filters(command: Callable[..., None]) -> Callable[..., None]:
    """The command with the options of ``filters_of`` in place of its parameter ``filters``."""
    options = list(signature(filters_of).parameters.values())

    @wraps(command)
    def run(**given: Any) -> None:
        chosen = {option.name: given.pop(option.name) for option in options}
        command(filters=filters_of(**chosen), **given)

    parameters: list[Parameter] = []
    for parameter in signature(command).parameters.values():
        parameters += options if parameter.name == "filters" else [parameter]
    # Typer reads both.
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]  # as functions may have
    return run
