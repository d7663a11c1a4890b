"""The HTTP server of one worker: listens on a socket that it shares, and leaves without breaking a connection."""

import asyncio
import signal
import socket
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

LINGER_S = 3.0
"""How long connections stay open for a last request when others take over; whoever asks in this time is told to come
anew, so that no request meets a connection that is being closed."""


class Listening(socket.socket):
    """A socket on which several processes listen, always with room for the same number of callers in line."""

    def listen(self, backlog: int = BACKLOG) -> None:
        """Whatever a server asks for, since it means something else by it: how many it takes in at a time."""
        super().listen(BACKLOG)


class WorkerServer(uvicorn.Server):
    """Ends on SIGTERM, or when told to leave."""

    def __init__(self, app: Any) -> None:
        self._leaving = Leaving(app)
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
        """End soon."""
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ctrl-C reaches all processes of a terminal; the supervisor alone acts on it."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: self.end())
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Where others have taken over, connections are first given time to end in order."""
        if self._leaving.is_leaving:
            for server in self.servers:
                server.close()
            loop = asyncio.get_running_loop()
            ends_s = loop.time() + LINGER_S
            while self.server_state.connections and loop.time() < ends_s:
                await asyncio.sleep(0.05)
        await super().shutdown(sockets)
