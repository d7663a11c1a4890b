"""How often may one caller come? A bucket that fills evenly: the generic cell rate algorithm (ITU-T I.371)."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Protocol

from crawler.errors import MissingExtra

log = logging.getLogger(__name__)
MAX_NAMES = 50_000
"""Callers remembered in one process; those not heard of longest are forgotten first."""

# The same formula as in ``next_arrival``, by the clock of Redis, for all processes at once.
_TAKE = """
local t = redis.call('TIME')
local now = t[1] + t[2] / 1000000
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = due + tonumber(ARGV[1]) - now - tonumber(ARGV[2])
if wait > 0.000001 then return tostring(wait) end
redis.call('SET', KEYS[1], string.format('%.6f', due + ARGV[1]), 'PX', math.ceil((due + ARGV[1] - now) * 1000) + 1)
return '0'
"""


class Limiter(Protocol):
    """Counts callers. Promises: a caller that was idle has a minute's worth at once; thread-safe; never raises."""

    def take(self, name: str, per_minute: int) -> float:
        """Seconds this caller has to wait; 0 where it may come in now, which is then counted."""


def next_arrival(due: float, now: float, per_minute: int) -> tuple[float, float]:
    """(seconds to wait, when the bucket is full again); a refused call changes nothing. A burst is a minute's worth."""
    step, burst = 60.0 / per_minute, 60.0
    begins = max(due, now)
    wait = begins + step - now - burst
    return (wait, due) if wait > 1e-6 else (0.0, begins + step)


class LocalLimiter:
    """Counts in this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, name: str, per_minute: int) -> float:
        """See ``Limiter``."""
        with self._lock:
            wait, due = next_arrival(self._due.get(name, 0.0), self._clock(), per_minute)
            self._due[name] = due
            self._due.move_to_end(name)
            if len(self._due) > MAX_NAMES:
                self._due.popitem(last=False)
        return wait


class RedisLimiter:
    """Counts for all processes that share a Redis; while that is away, each counts for itself."""

    def __init__(self, url: str, prefix: str, timeout_s: float = 0.5) -> None:
        try:
            import redis
        except ImportError as error:
            raise MissingExtra("Limits on Redis", "celery") from error
        self._errors = redis.RedisError
        self._redis: Any = redis.Redis.from_url(
            url, socket_connect_timeout=timeout_s, socket_timeout=timeout_s, decode_responses=True
        )
        self._take = self._redis.register_script(_TAKE)
        self._prefix = prefix
        self._alone = LocalLimiter()

    def take(self, name: str, per_minute: int) -> float:
        """See ``Limiter``."""
        try:
            return float(self._take(keys=[f"{self._prefix}:{name}"], args=[60.0 / per_minute, 60.0]))
        except self._errors as error:
            log.warning("limits are counted in this process alone: %s", error)
            return self._alone.take(name, per_minute)

    def close(self) -> None:
        """Give the connections back."""
        self._redis.close()
