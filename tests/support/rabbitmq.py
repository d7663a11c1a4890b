"""RabbitMQ on loopback for tests: ask for the session fixture ``rabbitmq_url``, or start your own with ``running``."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.need import missing
from tests.support.ports import free_ports, wait_until_open

INSTALL = "apt-get install rabbitmq-server"
START_TIMEOUT_S = 90.0
STOP_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker that runs."""

    url: str
    process: "subprocess.Popen[bytes]"

    def kill(self) -> None:
        """As when the power fails: what is not on the disk is lost."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope="session")
def rabbitmq_url() -> Iterator[str]:
    """URL of a RabbitMQ shared by the whole session; RECOLLECT_TEST_RABBITMQ_URL names one that runs already."""
    given = os.environ.get("RECOLLECT_TEST_RABBITMQ_URL")
    if given:
        yield given
        return
    place = tempfile.TemporaryDirectory(prefix="recollect-rabbitmq-", ignore_cleanup_errors=True)
    with place as folder, running(Path(folder)) as broker:
        yield broker.url


def server_program() -> Path:
    """The server's own script. Debian puts a wrapper into the path, which always changes to the service's account."""
    debian = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    found = str(debian) if debian.is_file() else shutil.which("rabbitmq-server")
    if found is None or shutil.which("epmd") is None:
        missing("rabbitmq-server", INSTALL)
    return Path(found)


@contextlib.contextmanager
def running(place: Path) -> Iterator[Broker]:
    """Start a broker with a name, a cookie and ports of its own, which keeps all it knows in ``place``."""
    program = server_program()
    port, names_port, between_nodes_port = free_ports(3)
    environment = _environment(place, port, names_port, between_nodes_port)
    # Erlang's nodes find each other through a daemon, which the first of them would start and leave behind.
    daemon = ["epmd", "-address", "127.0.0.1", "-port", str(names_port)]
    output = place / "output"
    with (
        output.open("ab") as log,
        _started(daemon, environment, log.fileno()),
        _started([str(program)], environment, log.fileno()) as process,
    ):
        wait_until_open(port, process, START_TIMEOUT_S, output)  # the last thing it does: then it can be used
        yield Broker(f"amqp://guest:guest@127.0.0.1:{port}//", process)


def _environment(place: Path, port: int, names_port: int, between_nodes_port: int) -> dict[str, str]:
    nothing = str(place / "none")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(place),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": str(names_port),
        "RABBITMQ_NODENAME": "recollect-test@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(between_nodes_port),
        "RABBITMQ_MNESIA_BASE": str(place / "data"),
        "RABBITMQ_LOG_BASE": str(place / "log"),
        "RABBITMQ_CONF_ENV_FILE": nothing,
        "RABBITMQ_CONFIG_FILE": nothing,
        "RABBITMQ_ADVANCED_CONFIG_FILE": nothing,
        "RABBITMQ_ENABLED_PLUGINS_FILE": nothing,
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
            f"-setcookie {uuid.uuid4().hex} -kernel inet_dist_use_interface {{127,0,0,1}}"
            " -rabbit disk_free_limit 1000000"
        ),
    }


@contextlib.contextmanager
def _started(command: list[str], environment: dict[str, str], log: int) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True) as process:
        try:
            yield process
        finally:
            _stop(process)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """End the process and what it started: the broker is a child of its script."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=STOP_TIMEOUT_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
