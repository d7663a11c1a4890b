"""Ports on loopback for servers that tests start."""

import contextlib
import socket
import subprocess
import time
from pathlib import Path


def free_ports(count: int) -> list[int]:
    """Different ports that nothing listens on at the moment."""
    with contextlib.ExitStack() as probes:
        sockets = [probes.enter_context(socket.socket()) for _ in range(count)]
        for probe in sockets:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in sockets]


def wait_until_open(
    port: int, process: "subprocess.Popen[bytes]", timeout_s: float, output: Path | None = None
) -> None:
    """Until somebody listens; RuntimeError, with the end of ``output``, if the process ends or takes too long."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    said = output.read_text(errors="replace")[-2000:] if output else ""
    raise RuntimeError(f"{process.args!r} did not open port {port}: {said}")
