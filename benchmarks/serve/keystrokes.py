"""How soon do results follow a keystroke? One person types queries letter by letter, as the search box asks."""

import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import httpx
import numpy as np

QUERIES = 15
FIRST_CHARS = 2
"""From so many letters on the box asks."""

WARM = 10
TIMEOUT_S = 60.0


def typed(texts: Sequence[str]) -> Iterator[str]:
    """Each query as it grows, letter by letter."""
    for text in texts:
        yield from (text[:end] for end in range(FIRST_CHARS, len(text) + 1) if not text[:end].endswith(" "))


def keystrokes(address: str, texts: Sequence[str]) -> dict[str, Any]:
    """p50, p95 and p99 in milliseconds over loopback, none asked twice."""
    with httpx.Client(timeout=TIMEOUT_S) as client:

        def ask(text: str) -> float:
            start = time.perf_counter()
            asked: dict[str, str | int | bool] = {"q": text, "size": 6, "unfinished": True}
            client.get(f"{address}api/v1/search", params=asked).raise_for_status()
            return (time.perf_counter() - start) * 1000

        for text in islice(typed(texts[QUERIES:]), WARM):
            ask(text)
        took_ms = [ask(text) for text in dict.fromkeys(typed(texts[:QUERIES]))]
    p50, p95, p99 = (round(float(np.percentile(took_ms, share)), 1) for share in (50, 95, 99))
    return {"keystrokes": len(took_ms), "p50_ms": p50, "p95_ms": p95, "p99_ms": p99}
