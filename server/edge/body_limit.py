"""How much may one request send, how slowly, and is it text? Looked at as it arrives, whatever its headers say."""

import asyncio
import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.api.problems import Problem
from server.edge.half_signs import has_half_signs

START_S, MIN_BYTES_PER_S = 10.0, 20_000
"""A body may take so long at first, and a second more for so many bytes: whoever sends it drop by drop would hold a
place among the requests at once for nothing."""


class _Refused(Exception):
    """More came than is taken, or too slowly."""

    def __init__(self, status: int, what: str, cure: str) -> None:
        super().__init__(what)
        self.status, self.what, self.cure = status, what, cure


class BodyLimit:
    """Answers 413 to a body of more than ``max_bytes``, or of ``max_push_bytes`` below ``push_path``; 408 to one that
    comes too slowly, 400 to one with half signs. What is pushed is judged document by document, where it is read.
    """

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
            await _refuse(_too_large(limit), scope, receive, send)
            return
        body = _Body(receive, limit, is_push=scope["path"] == self._push_path)
        is_answering = False

        async def noted(message: Message) -> None:
            nonlocal is_answering
            # Frameworks turn what goes wrong while a body is read into an answer of their own; it is not sent.
            if body.refused is not None and not is_answering:
                raise body.refused
            is_answering = True
            await send(message)

        try:
            await self._app(scope, body.receive, noted)
        except _Refused as refused:
            if not is_answering:
                await _refuse(refused, scope, receive, send)


class _Body:
    """The body of one request as it arrives; once it is refused it stays so."""

    def __init__(self, receive: Receive, limit: int, *, is_push: bool) -> None:
        self._receive, self._limit, self._is_push = receive, limit, is_push
        self._pieces: list[bytes] = []
        self._began, self._got = time.monotonic(), 0
        self._is_whole = False
        self.refused: _Refused | None = None

    async def receive(self) -> Message:
        """The next piece. After the last one, whoever listens waits for the caller to leave, however long that is."""
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout(self._left_s()):
                message = await self._receive()
        except TimeoutError:
            self.refused = _Refused(408, "The request came too slowly", "Send it again over a faster connection")
            raise self.refused from None
        self._got += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        if self._got > self._limit:
            self.refused = _too_large(self._limit)
            raise self.refused
        if not self._is_push:
            self._pieces.append(message.get("body", b""))
            if self._is_whole and has_half_signs(b"".join(self._pieces)):
                self.refused = _Refused(
                    400, "A text of the body holds half of a sign (a lone surrogate)", "Send whole signs"
                )
                raise self.refused
        return message

    def _left_s(self) -> float:
        return self._began + START_S + self._got / MIN_BYTES_PER_S - time.monotonic()


def _too_large(limit: int) -> _Refused:
    return _Refused(413, f"The request is larger than {limit:,} bytes", "Send less, or in several requests")


async def _refuse(refused: _Refused, scope: Scope, receive: Receive, send: Send) -> None:
    await Problem(refused.status, refused.what, refused.cure, {"Connection": "close"})(scope, receive, send)
