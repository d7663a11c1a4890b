"""Memcached on loopback for tests: ask for the session fixture ``memcached_url``."""

import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.support.need import missing
from tests.support.ports import free_ports, wait_until_open


@pytest.fixture(scope="session")
def memcached_url() -> Iterator[str]:
    """URL of a server shared by the whole session."""
    program = shutil.which("memcached")
    if program is None:
        missing("memcached", "apt-get install memcached")
    port = free_ports(1)[0]
    command = [program, "-l", "127.0.0.1", "-p", str(port), "-U", "0", "-u", "nobody", "-m", "64"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_open(port, process, 20.0)
        yield f"memcached://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
