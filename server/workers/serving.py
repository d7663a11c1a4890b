"""The HTTP server of one worker: listens on a socket that it shares, and leaves without breaking a connection."""

import asyncio
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from server.edge.heads import MAX_HEAD_BYTES
from server.edge.leaving import Leaving
from server.workers.connection import Patience

BACKLOG = 2048
DRAIN_S = 5
"""How long answers under way may take after a request to stop."""

LEAVE_S = 240.0
"""How long a worker that others have taken over from may answer."""

LINGER_S = 3.0
"""How long connections stay open for a last request when others take over; whoever asks in this time is told to come
anew, so that no request meets a connection that is being closed."""


class Listening(socket.socket):
    """A socket on which several processes listen, always with room for the same number of callers in line."""

    def listen(self, backlog: int = BACKLOG) -> None:
        """Whatever a server asks for, since it means something else by it: how many it takes in at a time."""
        super().listen(BACKLOG)


class WorkerServer(uvicorn.Server):
    """Leaves on SIGTERM, or when told to."""

    def __init__(self, app: Any) -> None:
        self._leaving = Leaving(app)
        self._is_hasty = False
        self.is_closed = threading.Event()
        """Nobody is taken in any more."""
        super().__init__(
            uvicorn.Config(
                self._leaving,
                http=Patience,
                ws="none",
                h11_max_incomplete_event_size=MAX_HEAD_BYTES,
                # One caller at a time, so that those who come at once are spread over all workers.
                backlog=1,
                log_config=None,
                access_log=False,
                server_header=False,
                # Who a proxy speaks for is judged by serve.proxy alone.
                proxy_headers=False,
                timeout_graceful_shutdown=DRAIN_S,
            )
        )

    def leave(self) -> None:
        """Take nobody in any more, answer who is here, and end; called from any thread."""
        self._leaving.is_leaving = True
        self.should_exit = True

    def end(self) -> None:
        """The same without waiting for who may ask once more; called from any thread."""
        self._is_hasty = True
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ctrl-C reaches all processes of a terminal; the supervisor alone acts on it."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: self.leave())
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Where others have taken over, connections are first given time to end in order."""
        if self._leaving.is_leaving:
            for server in self.servers:
                server.close()
            self.is_closed.set()
            await self._until_alone(LINGER_S)
            for connection in list(self.server_state.connections):
                connection.shutdown()
            # A language model may be writing yet.
            await self._until_alone(LEAVE_S)
        await super().shutdown(sockets)

    async def _until_alone(self, most_s: float) -> None:
        """Wait until nobody is connected, but not longer than this, nor when all end."""
        loop = asyncio.get_running_loop()
        ends_s = loop.time() + most_s
        while self.server_state.connections and loop.time() < ends_s and not self._is_hasty:
            await asyncio.sleep(0.05)
