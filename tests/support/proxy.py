"""Small real proxies on 127.0.0.1 for tests: HTTP (also CONNECT) and SOCKS5, with or without a password."""

import base64
import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

NAMES = {"site.test": "127.0.0.1"}
"""Names that the proxies resolve and this machine does not."""


class Proxy:
    """Notes what it was asked to connect to; wants ``user``:``password`` where given."""

    def __init__(self, kind: str, login: str = "") -> None:
        self.asked: list[str] = []
        self._kind, self._login = kind, login
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def url(self, login: str = "") -> str:
        """The proxy's URL."""
        return f"{self._kind}://{login + '@' if login else ''}127.0.0.1:{self.port}"

    def close(self) -> None:
        """Accept no more."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            serve = self._socks if self._kind == "socks5" else self._http
            threading.Thread(target=_quietly, args=(serve, client), daemon=True).start()

    def _http(self, client: socket.socket) -> None:
        stream = client.makefile("rb")
        first = stream.readline().decode()
        headers = [line for line in iter(stream.readline, b"\r\n") if line]
        method, target, _ = first.split(" ", 2)
        self.asked.append(f"{method} {target}")
        wanted = b"Basic " + base64.b64encode(self._login.encode())
        if self._login and not any(wanted in line for line in headers if line.lower().startswith(b"proxy-auth")):
            client.sendall(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        if method == "CONNECT":
            host, _, port = target.rpartition(":")
            with _connect(host, int(port)) as server:
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                _pipe_both(client, server)
            return
        parts = urlsplit(target)
        with _connect(parts.hostname or "", parts.port or 80) as server:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            kept = [h for h in headers if not h.lower().startswith((b"proxy-", b"connection"))]
            server.sendall(f"{method} {path} HTTP/1.1\r\n".encode() + b"".join(kept) + b"Connection: close\r\n\r\n")
            _pipe(server, client)

    def _socks(self, client: socket.socket) -> None:
        stream = client.makefile("rb")
        methods = stream.read(2)[1]
        stream.read(methods)
        client.sendall(b"\x05\x02" if self._login else b"\x05\x00")
        if self._login:
            stream.read(1)
            user = stream.read(stream.read(1)[0]).decode()
            password = stream.read(stream.read(1)[0]).decode()
            is_right = f"{user}:{password}" == self._login
            client.sendall(b"\x01\x00" if is_right else b"\x01\x01")
            if not is_right:
                return
        kind = stream.read(4)[3]
        host = socket.inet_ntoa(stream.read(4)) if kind == 1 else stream.read(stream.read(1)[0]).decode()
        port = int.from_bytes(stream.read(2), "big")
        self.asked.append(f"{host}:{port}")
        with _connect(host, port) as server:
            client.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
            _pipe_both(client, server)


def _quietly(serve: object, client: socket.socket) -> None:
    with contextlib.suppress(OSError, ValueError, IndexError), client:
        serve(client)  # type: ignore[operator]


def _connect(host: str, port: int) -> socket.socket:
    return socket.create_connection((NAMES.get(host, host), port), timeout=10)


def _pipe(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _pipe_both(client: socket.socket, server: socket.socket) -> None:
    back = threading.Thread(target=_pipe, args=(server, client), daemon=True)
    back.start()
    _pipe(client, server)
    back.join(10)


@pytest.fixture
def proxies() -> Iterator[list[Proxy]]:
    """Proxies put in here are closed when the test ends."""
    running: list[Proxy] = []
    yield running
    for proxy in running:
        proxy.close()
