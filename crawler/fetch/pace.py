"""How fast one host may be asked: slots, a delay between requests, and slowing down when it says so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from crawler.fetch.config import PaceConfig
from crawler.frontier.seam import Turns
from crawler.urls.address import LOOPBACK, PRIVATE, host_and_port, name_refusal, refusal

PUBLIC_DELAY_S = 0.25
"""Between requests to a public host when neither the settings nor robots.txt name a delay."""

FIRST_SLOWDOWN_S = 0.5
SLOWDOWN = 2.0
RECOVERY = 0.9
"""An overloaded host gets twice the delay at once, and the old pace back by a tenth with every good answer."""


def base_delay_s(config: PaceConfig, origin: str) -> float:
    """The delay before robots.txt is known."""
    if config.delay_s is not None:
        return config.delay_s
    endpoint = host_and_port(origin)
    host = endpoint[0] if endpoint else ""
    is_own = name_refusal(host) == LOOPBACK or refusal(host) in (LOOPBACK, PRIVATE)
    return 0.0 if is_own else PUBLIC_DELAY_S


class Pace:
    """The pace of one origin, kept in ``turns`` for all workers. Use ``async with pace.turn():`` for a request."""

    def __init__(self, config: PaceConfig, origin: str, turns: Turns) -> None:
        self._config = config
        self._origin = origin
        self._turns = turns
        self._floor_s = base_delay_s(config, origin)
        self._next_at_s = 0.0
        self._slots = asyncio.Semaphore(config.concurrency_per_host)
        self._head = asyncio.Lock()
        self.delay_s = self._floor_s

    def obey(self, crawl_delay_s: float | None) -> None:
        """Respect a Crawl-delay (already capped); a longer delay of the settings wins."""
        if crawl_delay_s is not None and crawl_delay_s > self._floor_s:
            self._floor_s = crawl_delay_s
            self.delay_s = max(self.delay_s, crawl_delay_s)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a free slot and for the delay since the last request started."""
        async with self._slots:
            # One at a time stands in line with the other workers.
            async with self._head:
                await self._reserve()
            yield

    async def _reserve(self) -> None:
        while True:
            turn = self._turns.reserve(self._origin, self._floor_s)
            self.delay_s = turn.delay_s
            if turn.wait_s <= 0:
                break
            await asyncio.sleep(turn.wait_s)
        self._next_at_s = asyncio.get_running_loop().time() + self.delay_s

    def wait_s(self) -> float:
        """Seconds until this host may be asked again."""
        return max(0.0, self._next_at_s - asyncio.get_running_loop().time())

    def slow_down(self, retry_after_s: float) -> None:
        """The host is overloaded: nobody asks before ``retry_after_s`` is over, and more slowly from then on."""
        self.delay_s = min(max(self.delay_s * SLOWDOWN, FIRST_SLOWDOWN_S), self._config.max_crawl_delay_s)
        wait_s = max(retry_after_s, self.delay_s)
        self._next_at_s = max(self._next_at_s, asyncio.get_running_loop().time() + wait_s)
        self._turns.slow_down(self._origin, self.delay_s, wait_s)

    def speed_up(self) -> None:
        """A good answer: return slowly to the ordinary pace."""
        if self.delay_s > self._floor_s:
            slower = self.delay_s * RECOVERY
            self.delay_s = slower if slower > max(self._floor_s, 0.05) else self._floor_s
            self._turns.slow_down(self._origin, self.delay_s, 0.0)
