"""PostgreSQL on loopback for tests: ask for the session fixture ``postgres_url`` or for ``postgres_database``."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest

from tests.support.need import missing
from tests.support.ports import free_ports

INSTALL = "apt-get install postgresql"
START_TIMEOUT_S = 30.0
_numbers = count(1)
UNSAFE_AND_FAST = ("fsync=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=40", "jit=off")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a server shared by the whole session; RECOLLECT_TEST_POSTGRES_URL names one that runs already."""
    given = os.environ.get("RECOLLECT_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    folder = programs()
    if folder is None:
        missing("postgresql", INSTALL)
    if find_spec("psycopg") is None:
        missing("psycopg", "pip install 'recollect[postgresql]'")
    with running(folder) as url:
        yield url


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """URL of an empty database, dropped after the test."""
    import psycopg

    name = f"recollect_test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{postgres_url.rpartition('/')[0]}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def programs() -> Path | None:
    """The folder of the newest installed server, also where it is not in the path, as on Debian."""
    if found := shutil.which("postgres"):
        return Path(found).resolve().parent
    debian = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    return max(debian, key=lambda path: float(path.parent.name), default=None)


@contextlib.contextmanager
def running(folder: Path) -> Iterator[str]:
    """Start an empty server that asks for a password and keeps nothing; yields the URL of its first database."""
    port = free_ports(1)[0]
    # The server refuses to run as root, and writes into this folder as whoever it runs as.
    with tempfile.TemporaryDirectory(prefix="recollect-postgres-", ignore_cleanup_errors=True) as place:
        as_whom = []
        if os.geteuid() == 0:
            user = "postgres"
            as_whom = ["runuser", "-u", user, "--"]
            shutil.chown(place, user)
        password = Path(place) / "password"
        password.write_text("p@ss word")
        password.chmod(0o644)
        data = f"{place}/data"
        made = [str(folder / "initdb"), "-D", data, "-U", "crawler", "--auth=scram-sha-256", f"--pwfile={password}"]
        subprocess.run([*as_whom, *made, "--no-sync", "--encoding=UTF8", "--locale=C"], check=True, capture_output=True)
        server = [str(folder / "postgres"), "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", place]
        options = [word for option in UNSAFE_AND_FAST for word in ("-c", option)]
        command = [*as_whom, *server, *options]
        with (
            (Path(place) / "log").open("wb") as log,
            subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True) as process,
        ):
            try:
                _wait_until_ready(folder, port, process)
                yield f"postgresql://crawler:p%40ss%20word@127.0.0.1:{port}/postgres"
            finally:
                _stop(process, Path(data))


def _stop(process: "subprocess.Popen[bytes]", data: Path) -> None:
    """Tell the server itself to stop at once: ``runuser`` passes only some signals on."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def _wait_until_ready(folder: Path, port: int, process: "subprocess.Popen[bytes]") -> None:
    question = [str(folder / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        if subprocess.run(question, check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not answer on port {port}")
