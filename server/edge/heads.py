"""How large may the head of a request be? What is more than clients send costs memory and time for nothing."""

from starlette.types import ASGIApp, Receive, Scope, Send

from server.api.problems import Problem

MAX_HEADERS = 100
MAX_HEAD_BYTES = 32_768
"""Of the target and all headers; proxies commonly take 8 to 32 KB."""


class HeadLimit:
    """Answers 431 (RFC 6585, 5) to more headers than ``MAX_HEADERS``, or a head of more than ``MAX_HEAD_BYTES``."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http" and _is_too_large(scope):
            what = f"The head of the request has more than {MAX_HEADERS} headers or {MAX_HEAD_BYTES:,} bytes"
            await Problem(431, what, "Send less", {"Connection": "close"})(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _is_too_large(scope: Scope) -> bool:
    headers = scope["headers"]
    size = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    return len(headers) > MAX_HEADERS or size + sum(len(name) + len(value) for name, value in headers) > MAX_HEAD_BYTES
