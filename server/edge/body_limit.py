"""How much may one request send? Counted as it arrives, whatever its headers say."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.api.problems import Problem


class _TooLarge(Exception):
    """More came than is taken."""


class BodyLimit:
    """Answers 413 to a body of more than ``max_bytes``, or of ``max_push_bytes`` below ``push_path``."""

    def __init__(self, app: ASGIApp, max_bytes: int, max_push_bytes: int, push_path: str) -> None:
        self._app = app
        self._max_bytes, self._max_push_bytes, self._push_path = max_bytes, max_push_bytes, push_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._max_push_bytes if scope["path"].startswith(self._push_path) else self._max_bytes
        length = Headers(scope=scope).get("content-length", "")
        if length.isascii() and length.isdigit() and int(length) > limit:
            await _refuse(limit, scope, receive, send)
            return
        got, is_answering = 0, False

        async def counted() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > limit:
                raise _TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal is_answering
            # Frameworks turn what goes wrong while a body is read into an answer of their own; it is not sent.
            if got > limit and not is_answering:
                raise _TooLarge
            is_answering = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except _TooLarge:
            if not is_answering:
                await _refuse(limit, scope, receive, send)


async def _refuse(limit: int, scope: Scope, receive: Receive, send: Send) -> None:
    what = f"The request is larger than {limit:,} bytes"
    await Problem(413, what, "Send less, or in several requests", {"Connection": "close"})(scope, receive, send)
