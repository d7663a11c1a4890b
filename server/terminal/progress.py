"""How far a crawl is, in one line."""

import time
from collections.abc import Callable, Mapping

from crawler.outcome import Outcome

COUNTED = (Outcome.FETCHED, Outcome.NOT_MODIFIED, Outcome.SKIPPED, Outcome.FAILED)

ASK_S = 1.0
ASK_SHARE = 0.02
"""Counting the queue takes at most this share of the time, however long it is."""

MB = 1_000_000


def progress_line(
    outcomes: Mapping[Outcome, int], seconds: float, *, queued: int, indexed: int, size_bytes: int, delay_s: float
) -> str:
    """How far a crawl is that has run ``seconds``; ``delay_s`` is kept between two requests of the whole crawl."""
    visited = sum(outcomes.values())
    parts = [f"{visited:,} visited ({visited / max(seconds, 0.001):.1f}/s)"]
    left_s = seconds_left(outcomes, seconds, queued=queued, delay_s=delay_s)
    parts.append(f"{queued:,} to go" + (f" (about {in_words(left_s)})" if left_s else ""))
    parts += [f"{outcomes[o]:,} {o.replace('_', ' ')}" for o in COUNTED if outcomes.get(o)]
    return "Crawling: " + ", ".join((*parts, f"{indexed:,} indexed", f"{size_bytes / MB:.1f} MB"))


def seconds_left(outcomes: Mapping[Outcome, int], seconds: float, *, queued: int, delay_s: float) -> float | None:
    """How long the queue lasts as fast as it went so far, and as the delay allows; None where nothing is known."""
    done = sum(count for outcome, count in outcomes.items() if outcome.shortens_queue)
    if not queued or not done:
        return None
    return max(queued * seconds / done, queued * delay_s)


def in_words(seconds: float) -> str:
    """A length of time, roughly.

    >>> in_words(42), in_words(600), in_words(9000)
    ('42 s', '10 min', '2.5 h')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


class Queue:
    """The length of the queue, which is asked for now and then only; ``count`` looks it up."""

    def __init__(self, count: Callable[[], int], clock: Callable[[], float] = time.monotonic) -> None:
        self._count, self._clock = count, clock
        self._length = 0
        self._next_s = float("-inf")

    def length(self) -> int:
        """As of about a second ago."""
        began_s = self._clock()
        if began_s >= self._next_s:
            self._length = self._count()
            ended_s = self._clock()
            self._next_s = ended_s + max(ASK_S, (ended_s - began_s) / ASK_SHARE)
        return self._length
