"""The application behind a real server on loopback."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from server.app import create_app
from server.installation import Installation


@contextmanager
def running(installation: Installation) -> Iterator[str]:
    """The address, without a slash at its end, where a server answers while the block runs."""
    server = uvicorn.Server(uvicorn.Config(create_app(installation), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
