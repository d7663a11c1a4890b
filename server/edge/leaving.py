"""Whoever asks a worker that is about to end is told to come anew on another connection (RFC 9112, 9.6)."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Leaving:
    """Answers with ``Connection: close`` once ``is_leaving``; the server then closes the connection after it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.is_leaving = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and self.is_leaving:
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        await self._app(scope, receive, told if scope["type"] == "http" else send)
