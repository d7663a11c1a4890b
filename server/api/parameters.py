"""Parameters that a route does not know are refused: a misspelt filter must not widen what is found."""

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from server.errors import BadInput
from server.settings.typed import nearest


async def known_parameters(request: Request) -> None:
    """A dependency of routes. Raises BadInput that names the parameter and those that the route knows."""
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    known = sorted(set(_names(route.dependant)))
    for name in request.query_params:
        if name not in known:
            close = nearest(name, known, "")
            known_here = f"Known here: {', '.join(known)}" if known else f"{route.path} takes none"
            cure = f"{close} {known_here}" if close.startswith("Did") else known_here
            raise BadInput(f"parameter {name[:100]!r} is unknown", cure)


def _names(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for needed in dependant.dependencies:
        yield from _names(needed)
