"""Gives each request its id, counts it, traces it and writes a line for it, streams until their end."""

import logging
import time
from contextlib import nullcontext

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.watching.lines import FIELDS
from server.watching.metrics import UNKNOWN_ROUTE, Metrics
from server.watching.request_id import CURRENT, HEADER, id_for
from server.watching.traces import Traces, describe

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
log = logging.getLogger(__name__)


class Watch:
    """The outermost layer: what others refuse is watched, too. ``traces`` None where nobody traces."""

    def __init__(self, app: ASGIApp, metrics: Metrics, traces: Traces | None = None) -> None:
        self._app = app
        self._metrics = metrics
        self._traces = traces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = id_for(headers.get(HEADER, ""))
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
        method = scope["method"] if scope["method"] in METHODS else "other"
        with self._traces.request(method, headers) if self._traces else nullcontext() as span:
            try:
                await self._app(scope, receive, noted)
            finally:
                route = getattr(scope.get("route"), "path", UNKNOWN_ROUTE)
                took_s = time.perf_counter() - start
                self._metrics.answered(method, route, status, took_s)
                if span is not None:
                    describe(span, method, route, scope["path"], status, request_id)
                _write(method, route, scope["path"], status, took_s)


def _write(method: str, route: str, path: str, status: int, took_s: float) -> None:
    """A line for each request; what was asked stays out of it, which is the query log's to keep."""
    if not log.isEnabledFor(logging.INFO):
        return
    fields = {
        "event.action": "request",
        "event.outcome": "failure" if status >= 500 else "success",
        "event.duration": round(took_s * 1e9),
        "http.request.method": method,
        "http.route": route,
        "http.response.status_code": status,
        "url.path": path,
    }
    log.info("%s %r %d in %.1f ms", method, path, status, took_s * 1000, extra={FIELDS: fields})
