"""People who ask one question after the other, more and more of them at once."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import aiohttp
import numpy as np

LEVELS = (1, 2, 4, 8, 16, 32)
MAX_P99_MS = 250.0
TIMEOUT_S = 30.0

Url = Callable[[str], str]
"""From a question to the address that is asked."""


@dataclass(frozen=True, slots=True)
class Level:
    """What ``people`` at once got; ``errors`` are answers of another status than 200, or none at all."""

    people: int
    per_s: float
    p50_ms: float
    p99_ms: float
    errors: int

    @property
    def is_good(self) -> bool:
        """Whether nobody waited long, and nobody in vain."""
        return self.errors == 0 and self.p99_ms <= MAX_P99_MS


def best(levels: Sequence[Level]) -> float:
    """The most questions a second at which 99 of 100 were answered within ``MAX_P99_MS``; 0 where they never were."""
    return max((level.per_s for level in levels if level.is_good), default=0.0)


def measured(url: Url, texts: Sequence[str], seconds: float) -> list[Level]:
    """Level after level; what follows one that is far too slow is left out."""
    levels: list[Level] = []
    asyncio.run(_level(url, texts, 1, min(seconds, 2.0)))
    for people in LEVELS:
        levels.append(asyncio.run(_level(url, texts, people, seconds)))
        if levels[-1].p99_ms > 4 * MAX_P99_MS:
            break
    return levels


async def _level(url: Url, texts: Sequence[str], people: int, seconds: float) -> Level:
    took_ms: list[float] = []
    errors = 0
    began = time.perf_counter()

    async def person(number: int, session: aiohttp.ClientSession) -> None:
        nonlocal errors
        at = number
        while time.perf_counter() - began < seconds:
            # Each asks other questions than those beside it, so that none profits from another's answer.
            asked, at = texts[at % len(texts)], at + people
            start = time.perf_counter()
            try:
                async with session.get(url(asked)) as answer:
                    await answer.read()
                    errors += answer.status != 200
            except (aiohttp.ClientError, TimeoutError):
                errors += 1
            took_ms.append((time.perf_counter() - start) * 1000)

    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=people)) as session:
        await asyncio.gather(*(person(number, session) for number in range(people)))
    per_s = len(took_ms) / (time.perf_counter() - began)
    p50, p99 = (float(np.percentile(took_ms, share)) for share in (50, 99))
    return Level(people, round(per_s, 1), round(p50, 1), round(p99, 1), errors)
