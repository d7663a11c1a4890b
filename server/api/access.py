"""Who asks, at the edge: every route names the scope it needs and gets an ``Asker``, which travels with the filters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from server.api.backend import Backend
from server.doors.asker import Asker
from server.doors.scope import Scope

UNKNOWN_PEER = "unknown"


@dataclass(frozen=True, slots=True)
class Needs:
    """A dependency that lets in only who has this scope. It may wait for a file or Redis, so it runs in a thread.

    ``is_lenient`` is for routes in the shape of other services, see ``Doors.asker``. ``key_name`` is the header or
    parameter in which they send the key, in lower case.
    """

    scope: Scope
    is_lenient: bool = False
    key_name: str = ""

    def __call__(self, request: Request) -> Asker:
        """The caller. Raises NotAllowed, Forbidden, TooMany."""
        asker = asker_of(request, is_lenient=self.is_lenient, key_name=self.key_name)
        backend_of(request).doors().admit(asker, self.scope)
        return asker


def backend_of(request: Request) -> Backend:
    """The installation this application serves."""
    backend: Backend = request.app.state.backend
    return backend


def base_of(request: Request) -> str:
    """The address under which this request's sender reaches the server, without a slash at the end."""
    return (backend_of(request).config.serve.url or str(request.base_url)).rstrip("/")


def asker_of(request: Request, *, is_lenient: bool = False, key_name: str = "") -> Asker:
    """Who sends this request, whatever it may do. Raises NotAllowed, Forbidden."""
    peer = request.client.host if request.client else UNKNOWN_PEER
    headers: Mapping[str, str] = request.headers
    key = (headers.get(key_name) or request.query_params.get(key_name, "")) if key_name else ""
    if key:
        headers = {**headers, "x-api-key": key}
    return backend_of(request).doors().asker(headers, peer, is_lenient=is_lenient)


# What waits for nothing is a coroutine: a plain function would be handed to a thread and back.
async def _base_of(request: Request) -> str:
    return base_of(request)


async def _backend_of(request: Request) -> Backend:
    return backend_of(request)


Base = Annotated[str, Depends(_base_of)]
Served = Annotated[Backend, Depends(_backend_of)]
Admin = Annotated[Asker, Depends(Needs(Scope.ADMIN))]
Pusher = Annotated[Asker, Depends(Needs(Scope.PUSH))]
Searcher = Annotated[Asker, Depends(Needs(Scope.SEARCH))]
Questioner = Annotated[Asker, Depends(Needs(Scope.ANSWER))]
