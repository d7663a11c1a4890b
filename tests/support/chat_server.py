"""A real HTTP server that speaks OpenAI's streamed chat completions and can fail on purpose."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class ChatServer:
    """Streams ``pieces``; drops the connection before piece ``dies_before``; answers ``status`` if that is no 200.

    The first ``busy_first`` requests are answered 503.
    With ``waits`` every piece after the first comes only once ``go_on`` is set. ``hung_up`` is set when the reader of
    a stream goes away. ``requests`` keeps (path, authorization, payload).
    """

    pieces: list[str] = field(default_factory=list)
    dies_before: int | None = None
    status: int = 200
    raw: bytes | None = None
    content_type: str = "text/event-stream"
    waits: bool = False
    finish_reason: str = "stop"
    busy_first: int = 0
    port: int = 0
    go_on: threading.Event = field(default_factory=threading.Event)
    hung_up: threading.Event = field(default_factory=threading.Event)
    requests: list[tuple[str, str | None, dict[str, Any]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


def chunk(text: str | None, finish_reason: str | None = None) -> bytes:
    delta = {} if text is None else {"content": text}
    data = {"object": "chat.completion.chunk", "choices": [{"delta": delta, "finish_reason": finish_reason}]}
    return b"data: " + json.dumps(data).encode() + b"\n\n"


@contextmanager
def chat_server(**settings: Any) -> Iterator[ChatServer]:
    """A running server on a free port of 127.0.0.1."""
    state = ChatServer(**settings)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            payload = json.loads(self.rfile.read(int(self.headers["content-length"])))
            state.requests.append((self.path, self.headers["authorization"], payload))
            self.close_connection = True
            if state.dies_before == 0:
                return
            is_busy = len(state.requests) <= state.busy_first
            self.send_response(503 if is_busy else state.status)
            self.send_header("content-type", state.content_type)
            self.end_headers()
            try:
                self.stream()
            except OSError:
                state.hung_up.set()

        def stream(self) -> None:
            if state.raw is not None:
                self.wfile.write(state.raw)
                return
            self.wfile.write(b": hello\n\n" + chunk(""))
            for i, piece in enumerate(state.pieces):
                if i == state.dies_before:
                    return
                while i and state.waits and not state.go_on.wait(0.05):
                    self.wfile.write(b": still there\n\n")
                self.wfile.write(chunk(piece))
            self.wfile.write(chunk(None, state.finish_reason) + b"data: [DONE]\n\n")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()
