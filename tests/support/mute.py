"""A server that takes connections and says one thing at most: a source that is slow, or wants a password."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def mute(greeting: bytes = b"") -> Iterator[int]:
    """Its port on loopback; each connection that asks for something gets ``greeting`` and then waits for ever."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []

        def take() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                held.append(connection)
                if greeting and connection.recv(1):
                    connection.sendall(greeting)

        threading.Thread(target=take, daemon=True).start()
        try:
            yield int(server.getsockname()[1])
        finally:
            server.shutdown(socket.SHUT_RDWR)
            for connection in held:
                connection.close()
