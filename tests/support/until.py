"""Waiting for what another thread, process or server is about to do."""

import time
from collections.abc import Callable

PATIENCE_S = 140.0
"""Long enough for a busy machine; a test that passes never waits so long."""


def until(is_so: Callable[[], object]) -> None:
    """Return once it is so; a failed test if it never comes true."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)
