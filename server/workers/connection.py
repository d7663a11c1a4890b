"""One connection of a caller: it may be slow, and not so slow that it holds a place for nothing."""

import asyncio
import json
import sys

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from server.api.problems import Problem, problem_json

HEAD_S = 10.0
"""How long the head of a request may take, from the connection or its first byte on. Bodies have a limit of their own,
see ``server.edge.body_limit``."""

STALLED_S = 30.0
"""How long a caller may take nothing of an answer that waits for it."""


class Patience(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it: 408 for a head that comes too slowly, 431 for one that is too large, and
    an end for whoever does not read what it asked for.
    """

    head_s, stalled_s = HEAD_S, STALLED_S
    _head: asyncio.TimerHandle | None = None
    _stall: asyncio.TimerHandle | None = None
    _is_silent = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """The head of the first request is awaited."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """A piece of a head or a body."""
        self._is_silent = False
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before or self.transport.is_closing():
            self._drop_head()
        elif self._head is None and (self.cycle is None or self.cycle.response_complete):
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is awaited any more."""
        self._drop_head()
        self._drop_stall()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The caller does not keep up."""
        super().pause_writing()
        self._stall = self._stall or self.loop.call_later(self.stalled_s, self.transport.abort)

    def resume_writing(self) -> None:
        """It does again."""
        self._drop_stall()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """What cannot be read as a request; called while the error is handled."""
        self._refuse(getattr(sys.exception(), "error_status_hint", 400), "The request cannot be read")

    def _drop_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _drop_stall(self) -> None:
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None

    def _await_head(self) -> None:
        self._head = self.loop.call_later(self.head_s, self._too_slow)

    def _too_slow(self) -> None:
        self._head = None
        if self._is_silent:
            self.transport.close()
        elif not self.transport.is_closing():
            self._refuse(408, "The request came too slowly")

    def _refuse(self, status: int, what: str) -> None:
        body = json.dumps(problem_json(status, what)).encode()
        headers = [
            ("Content-Type", Problem.media_type),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        ]
        for event in (h11.Response(status_code=status, headers=headers), h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
