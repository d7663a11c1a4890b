"""Redis on loopback for tests: ask for the session fixture ``redis_url``, or start your own with ``running``."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator

import pytest

from tests.support.need import missing

START_TIMEOUT_S = 20.0


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """URL of a Redis shared by the whole session; RECOLLECT_TEST_REDIS_URL names one that runs already."""
    given = os.environ.get("RECOLLECT_TEST_REDIS_URL")
    if given:
        yield given.rstrip("/")
        return
    if shutil.which("redis-server") is None:
        missing("redis-server", "apt-get install redis-server")
    with running() as url:
        yield url


@contextlib.contextmanager
def running() -> Iterator[str]:
    """Start an empty Redis that keeps nothing on disk; yields its URL (without a database number)."""
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="recollect-redis-") as folder:
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) as process:
            try:
                _wait_until_open(port, process)
                yield f"redis://127.0.0.1:{port}"
            finally:
                process.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError(f"redis-server did not open port {port}")
