"""When the next request to a host may start, for the one process that asks."""

import time
from dataclasses import dataclass

from crawler.frontier.seam import Turn


@dataclass(slots=True)
class _Host:
    next_at_s: float = 0.0
    delay_s: float = 0.0


class LocalTurns:
    """``reserve`` and ``slow_down`` of ``Frontier``, in memory."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}

    def reserve(self, origin: str, delay_s: float) -> Turn:
        """Start a request now, or say how long to wait."""
        host = self._hosts.setdefault(origin, _Host())
        delay_s = max(delay_s, host.delay_s)
        now_s = time.monotonic()
        if host.next_at_s > now_s:
            return Turn(host.next_at_s - now_s, delay_s)
        host.next_at_s = now_s + delay_s
        return Turn(0.0, delay_s)

    def slow_down(self, origin: str, delay_s: float, wait_s: float) -> None:
        """Keep this delay from now on, and let nobody ask before ``wait_s`` are over."""
        host = self._hosts.setdefault(origin, _Host())
        host.delay_s = delay_s
        host.next_at_s = max(host.next_at_s, time.monotonic() + wait_s)
