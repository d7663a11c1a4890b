"""Everything at once for a while: searches, keystrokes, answers, pages and conversations, while the server reloads and
workers are replaced. Nothing may fail, and memory must not grow.
"""

import asyncio
import itertools
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import aiohttp
import numpy as np
import psutil

PEOPLE = 8
CHANGE_EVERY_S = 15.0
WARM = 20
"""Requests before memory is measured for the first time: models load, caches fill."""

TIMEOUT_S = 120.0
LOOK_EVERY_S = 0.2
MAX_TYPED_CHARS = 100
"""What is longer is no beginning of a title, and refused."""


@dataclass(slots=True)
class Seen:
    """What came of the requests."""

    took_ms: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    reloads: int = 0
    replaced: int = 0


def mixed(address: str, pid: int, texts: Sequence[str], seconds: float) -> dict[str, Any]:
    """Figures of so many seconds of mixed load on a server whose supervisor is ``pid``."""
    return asyncio.run(_mixed(address, pid, texts, seconds))


def requests(address: str, texts: Sequence[str], number: int) -> Iterator[tuple[str, str]]:
    """(kind, address) without end: what one person asks, the same in every run."""
    chance = random.Random(number)
    for text in itertools.cycle([*texts[number:], *texts[:number]]):
        typed = text[: min(chance.randint(2, max(2, len(text))), MAX_TYPED_CHARS)]
        yield _request(address, chance, quote(text), quote(typed), number)


def _request(address: str, chance: random.Random, asked: str, word: str, number: int) -> tuple[str, str]:
    kinds = {
        "search": (6, f"api/v1/search?mode=hybrid&q={asked}"),
        "rerank": (2, f"api/v1/search?mode=rerank&q={asked}"),
        "suggest": (6, f"api/v1/suggest?q={word}"),
        "answer": (2, f"api/v1/answer?q={asked}"),
        "session": (1, f"api/v1/answer?q={asked}&session=mixed-load-of-person-{number:04}"),
        "page": (2, f"?q={asked}"),
        "health": (1, "health"),
    }
    (kind,) = chance.choices(list(kinds), [weight for weight, _ in kinds.values()])
    return kind, address + kinds[kind][1]


async def _mixed(address: str, pid: int, texts: Sequence[str], seconds: float) -> dict[str, Any]:
    seen = Seen()
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        for kind, url in itertools.islice(requests(address, texts, 0), WARM):
            await _ask(session, kind, url, Seen())
        before = memory_mb(pid)
        ends = time.monotonic() + seconds
        people = [_person(session, requests(address, texts, number), ends, seen) for number in range(PEOPLE)]
        await asyncio.gather(*people, _changes(session, address, pid, ends, seen))
        await _whole(session, address)
        after = memory_mb(pid)
    return {
        "seconds": seconds,
        "requests": sum(map(len, seen.took_ms.values())),
        "errors": sum(seen.errors.values()),
        "errors_by_kind": dict(seen.errors),
        "reloads": seen.reloads,
        "workers_replaced": seen.replaced,
        "p99_ms": {kind: round(float(np.percentile(took, 99)), 1) for kind, took in sorted(seen.took_ms.items())},
        "memory_mb": {"before": before, "after": after},
    }


async def _person(session: aiohttp.ClientSession, asked: Iterator[tuple[str, str]], ends: float, seen: Seen) -> None:
    while time.monotonic() < ends:
        await _ask(session, *next(asked), seen)


async def _ask(session: aiohttp.ClientSession, kind: str, url: str, seen: Seen) -> None:
    start = time.perf_counter()
    try:
        async with session.get(url) as answer:
            await answer.read()
            if answer.status != 200:
                seen.errors[f"{kind} {answer.status}"] += 1
    except (aiohttp.ClientError, TimeoutError) as error:
        seen.errors[f"{kind} {type(error).__name__}"] += 1
    seen.took_ms.setdefault(kind, []).append((time.perf_counter() - start) * 1000)


async def _changes(session: aiohttp.ClientSession, address: str, pid: int, ends: float, seen: Seen) -> None:
    """A reload and the replacement of one worker by turns, each once the one before is over."""
    for number in itertools.count():
        await asyncio.sleep(min(CHANGE_EVERY_S, max(0.0, ends - time.monotonic())))
        if time.monotonic() >= ends:
            return
        before = await _whole(session, address)
        if number % 2 == 0:
            os.kill(pid, signal.SIGHUP)
            while await _whole(session, address) == before:
                await asyncio.sleep(LOOK_EVERY_S)
            seen.reloads += 1
        else:
            os.kill(_workers(pid)[0].pid, signal.SIGTERM)
            seen.replaced += 1


async def _whole(session: aiohttp.ClientSession, address: str) -> str:
    """Wait until all workers are at work, and none is leaving; returns when they were made anew last."""
    while True:
        async with session.get(f"{address}health") as answer:
            workers = (await answer.json())["workers"]
        if workers["ready"] == workers["wanted"] and not workers["leaving"]:
            return str(workers["reloaded"])
        await asyncio.sleep(LOOK_EVERY_S)


def memory_mb(pid: int) -> float:
    """Of the supervisor and its workers, pages that they share counted once."""
    processes = [psutil.Process(pid), *_workers(pid)]
    total: float = sum(process.memory_full_info().pss for process in processes)
    return round(total / 1e6, 1)


def _workers(pid: int) -> list[Any]:
    return list(psutil.Process(pid).children())
