"""Redis on loopback for tests: ask for the session fixture ``redis_url``, or start your own with ``running``."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator

import pytest

from tests.support.need import missing
from tests.support.ports import free_ports, wait_until_open

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
    port = free_ports(1)[0]
    with tempfile.TemporaryDirectory(prefix="recollect-redis-") as folder:
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) as process:
            try:
                wait_until_open(port, process, START_TIMEOUT_S)
                yield f"redis://127.0.0.1:{port}"
            finally:
                process.terminate()
