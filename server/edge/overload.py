"""How many requests at once? More than can be worked on would wait in memory, so they are told to come again."""

from typing import Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from server.api.problems import Problem
from server.sharing.tally import Counted

MAX_PUSHES = 4
"""Pushes at once: each holds its body in memory, which may be large."""

AGAIN_AFTER_S = 1
ALWAYS = ("/health", "/metrics")
"""What tells that the server is overloaded is answered while it is."""


class Tally(Protocol):
    """Counts what is under way in all workers."""

    def add(self, counted: Counted, number: int) -> None:
        """So many more here."""

    def total(self, counted: Counted) -> int:
        """Those of all workers."""


class Overload:
    """Answers 429 with ``Retry-After`` to more than ``max_at_once`` requests (0: any number) or ``MAX_PUSHES``."""

    def __init__(self, app: ASGIApp, max_at_once: int, push_path: str, tally: Tally) -> None:
        self._app = app
        self._max_at_once, self._push_path = max_at_once, push_path
        self._tally = tally

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["path"].startswith(ALWAYS):
            await self._app(scope, receive, send)
            return
        is_push = scope["path"].startswith(self._push_path) and scope["method"] in ("POST", "PUT")
        is_full = bool(self._max_at_once) and self._tally.total(Counted.REQUESTS) >= self._max_at_once
        if is_full or (is_push and self._tally.total(Counted.PUSHES) >= MAX_PUSHES):
            what, cure = "The server is busy", f"Try again in {AGAIN_AFTER_S} s"
            await Problem(429, what, cure, {"Retry-After": str(AGAIN_AFTER_S)})(scope, receive, send)
            return
        # Everything runs in one thread of a worker, so that counting needs no lock.
        self._tally.add(Counted.REQUESTS, 1)
        self._tally.add(Counted.PUSHES, is_push)
        try:
            await self._app(scope, receive, send)
        finally:
            self._tally.add(Counted.REQUESTS, -1)
            self._tally.add(Counted.PUSHES, -is_push)
