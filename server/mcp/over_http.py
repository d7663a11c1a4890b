"""MCP by streamable HTTP at ``/mcp``: who asks is settled before the library sees the request."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from crawler.errors import RecollectError
from server.api.access import asker_of
from server.api.backend import Backend
from server.api.problems import Problem, headers_of, status_of
from server.doors import scope as scopes
from server.doors.asker import Asker
from server.errors import Forbidden
from server.mcp.server import make_server

PATH = "/mcp"
ASKER = "recollect_asker"


class McpOverHttp:
    """An ASGI application; it answers within ``running``. Sessions are not kept, so any process may answer."""

    def __init__(self, backend: Backend) -> None:
        """Raises MissingExtra."""
        self._backend = backend
        self._server = make_server(backend, _asker_of_call)
        self._app: Any = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While the block runs, requests are answered."""
        from mcp.server.transport_security import TransportSecuritySettings

        # Hosts and origins are judged for every route alike, see ``server.edge``.
        security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        self._app = self._server.streamable_http_app(
            streamable_http_path=PATH, json_response=True, stateless_http=True, transport_security=security
        )
        async with self._server.session_manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        request = Request(scope)
        try:
            asker = await run_in_threadpool(self._admitted, request)
        except RecollectError as error:
            problem = Problem(status_of(error), error.what, error.cure, headers_of(error))
            await problem(scope, receive, send)
            return
        scope.setdefault("state", {})[ASKER] = asker
        await self._app({**scope, "path": PATH, "root_path": ""}, receive, send)

    def _admitted(self, request: Request) -> Asker:
        """Raises Forbidden for a page of a site that may not call (MCP, Transports, Security), and as ``asker_of``."""
        origin = request.headers.get("origin")
        own = str(request.base_url).rstrip("/")
        if origin and origin != own and not self._backend.doors().is_known_origin(origin):
            raise Forbidden("Pages of this address may not call", "Whoever runs this server can name it")
        asker = asker_of(request)
        if not asker.scopes & scopes.VISITOR:
            asker.check(scopes.Scope.SEARCH)
        return asker


def _asker_of_call(request: Any) -> Asker:
    asker: Asker = getattr(request.state, ASKER)
    return asker
