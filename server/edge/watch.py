"""Gives each request its id and counts it, streams until their end."""

import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.watching.metrics import UNKNOWN_ROUTE, Metrics
from server.watching.request_id import CURRENT, HEADER, id_for

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Watch:
    """The outermost layer: what others refuse is counted, too."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = id_for(Headers(scope=scope).get(HEADER, ""))
        # Each request has a task of its own, so the id ends with it; what logs a failure further out still sees it.
        CURRENT.set(request_id)
        start, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        self._metrics.begun()
        try:
            await self._app(scope, receive, noted)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            route = getattr(scope.get("route"), "path", UNKNOWN_ROUTE)
            self._metrics.answered(method, route, status, time.perf_counter() - start)
