"""Callers that are slow on purpose, against the server that a worker runs."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from starlette.types import Receive, Scope, Send

from server.commands.serve import listen
from server.workers.connection import Patience
from server.workers.serving import Listening, WorkerServer

LARGE = 50_000_000
TIMEOUT_S = 120


class App:
    """Answers with much or little; ``is_over`` once an answer is sent, or cannot be."""

    def __init__(self) -> None:
        self.is_over = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = bytes(LARGE if scope["path"] == "/large" else 2)
        try:
            headers = [(b"content-length", str(len(body)).encode())]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            for start in range(0, len(body), 65_536):
                more = start + 65_536 < len(body)
                await send({"type": "http.response.body", "body": body[start : start + 65_536], "more_body": more})
        finally:
            self.is_over.set()


@contextmanager
def served(app: App) -> Iterator[tuple[str, int]]:
    """Where it listens."""
    with running(app) as (_, place):
        yield place


@contextmanager
def running(app: App) -> Iterator[tuple[WorkerServer, tuple[str, int]]]:
    """The server, and where it listens."""
    listening = listen("127.0.0.1", 0)
    place = listening.getsockname()
    server = WorkerServer(app)
    own = Listening(fileno=listening.detach())
    thread = threading.Thread(target=lambda: asyncio.run(server._serve([own])), daemon=True)
    thread.start()
    try:
        yield server, place
    finally:
        server.end()
        thread.join()


def heard(caller: socket.socket) -> bytes:
    """All until the connection ends."""
    found = b""
    with caller:
        caller.settimeout(TIMEOUT_S)
        while piece := caller.recv(65_536):
            found += piece
    return found


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server with little patience, so that tests need not wait."""
    monkeypatch.setattr(Patience, "head_s", 0.2)
    monkeypatch.setattr(Patience, "stalled_s", 0.2)


@pytest.mark.usefixtures("hasty")
def test_a_server_that_is_closed_takes_nobody_in() -> None:
    with running(App()) as (server, place):
        socket.create_connection(place, TIMEOUT_S).close()
        server.leave()
        assert server.is_closed.wait(TIMEOUT_S)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(place, TIMEOUT_S)


def test_a_head_that_never_ends_is_refused() -> None:
    with served(App()) as place:
        caller = socket.create_connection(place)
        caller.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ")
        head, _, body = heard(caller).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408")
    assert json.loads(body)["detail"] == "The request came too slowly"


@pytest.mark.usefixtures("hasty")
def test_a_second_head_that_never_ends_is_refused() -> None:
    with served(App()) as place:
        caller = socket.create_connection(place)
        caller.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert caller.recv(5).startswith(b"HTTP/")
        caller.sendall(b"GET / HTTP/1.1\r\n")
        assert b"HTTP/1.1 408" in heard(caller)


@pytest.mark.usefixtures("hasty")
def test_whoever_says_nothing_is_not_waited_for() -> None:
    with served(App()) as place:
        assert heard(socket.create_connection(place)) == b""


@pytest.mark.usefixtures("hasty")
def test_whoever_reads_nothing_of_an_answer_loses_it() -> None:
    app = App()
    with served(app) as place, socket.create_connection(place) as caller:
        caller.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        assert app.is_over.wait(TIMEOUT_S)
        came = 0
        with suppress(ConnectionResetError):
            while piece := caller.recv(65_536):
                came += len(piece)
        assert came < LARGE


@pytest.mark.parametrize(
    ("sent", "status"),
    [(b"GET / HTTP/1.1\r\nHost: a\r\nX-Large: " + b"x" * 100_000, b"431"), (b"no request at all\r\n\r\n", b"400")],
)
def test_what_is_no_head_of_a_request_is_refused(sent: bytes, status: bytes) -> None:
    with served(App()) as place:
        caller = socket.create_connection(place)
        caller.sendall(sent)
        caller.settimeout(TIMEOUT_S)
        assert caller.recv(12) == b"HTTP/1.1 " + status
        caller.close()


def test_a_request_in_pieces_is_answered() -> None:
    with served(App()) as place:
        caller = socket.create_connection(place)
        for piece in (b"GET / HT", b"TP/1.1\r\nHos", b"t: a\r\nConnection: close\r\n", b"\r\n"):
            caller.sendall(piece)
        assert heard(caller).startswith(b"HTTP/1.1 200")
