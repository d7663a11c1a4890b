"""The memory of runs in the Redis that is the broker, for processes on several machines."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from crawler.errors import MissingExtra
from indexer.errors import StoreUnavailable
from server.ledger.json import from_json, timing_from_json, timing_to_json, to_json
from server.ledger.record import Hold, Record, Timing

if TYPE_CHECKING:
    from redis.lock import Lock

logger = logging.getLogger(__name__)

_PUT = """
local present = redis.call('HGET', KEYS[1], ARGV[1])
if (present or ARGV[4]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
"""
BEATS = 3
"""Signs of life within the time after which a holder counts as dead."""


class RedisLedger:
    """``Ledger`` under ``prefix`` in Redis. A hold expires ``expiry_s`` after the last sign of life of its holder."""

    def __init__(self, url: str, prefix: str, *, expiry_s: float = 60.0, timeout_s: float = 5.0) -> None:
        try:
            import redis
        except ImportError as error:
            raise MissingExtra("A schedule on Redis", "celery") from error
        self._errors = redis.RedisError
        self._redis: Any = redis.Redis.from_url(
            url, socket_connect_timeout=timeout_s, socket_timeout=timeout_s, decode_responses=True
        )
        self._prefix, self._expiry_s = prefix, expiry_s

    def record(self, name: str) -> Record:
        """What is known of a site."""
        with self._mapped():
            text = self._redis.hget(f"{self._prefix}:runs", name)
        return from_json(text) if text else Record(name)

    def put(self, record: Record, seen: Record) -> bool:
        """Compare and store in one script."""
        with self._mapped():
            arguments = (record.name, to_json(seen), to_json(record), to_json(Record(record.name)))
            return bool(self._redis.eval(_PUT, 1, f"{self._prefix}:runs", *arguments))

    def timing(self, name: str) -> Timing:
        """What was decided about a site last."""
        with self._mapped():
            return timing_from_json(self._redis.hget(f"{self._prefix}:timings", name))

    def decide(self, name: str, timing: Timing) -> None:
        """Store it."""
        with self._mapped():
            self._redis.hset(f"{self._prefix}:timings", name, timing_to_json(timing))

    @contextmanager
    def hold(self, name: str) -> Iterator[Hold | None]:
        """Take the lock of this site and show signs of life while the block runs."""
        lock = self._redis.lock(self._key(name), timeout=self._expiry_s, blocking=False, thread_local=False)
        with self._mapped():
            is_ours = lock.acquire()
        if not is_ours:
            yield None
            return
        beating = _Heartbeat(lock, self._expiry_s, self._errors)
        try:
            yield beating
        finally:
            beating.stop()
            try:
                lock.release()
            except self._errors as error:
                logger.warning("the lock of %s was not given back and will expire: %s", name, error)

    def is_held(self, name: str) -> bool:
        """Whether the lock of this site is taken."""
        with self._mapped():
            return bool(self._redis.exists(self._key(name)))

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()

    def _key(self, name: str) -> str:
        return f"{self._prefix}:lock:{name}"

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except self._errors as error:
            raise StoreUnavailable(
                f"The schedule's memory in Redis does not answer ({' '.join(str(error).split())[:200]})",
                "Check that the broker runs, and the address and password in broker",
            ) from error


class _Heartbeat:
    def __init__(self, lock: "Lock", expiry_s: float, errors: type[Exception]) -> None:
        self._lock, self._expiry_s, self._errors = lock, expiry_s, errors
        self._beaten_s = time.monotonic()
        self._is_taken = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        self._thread.start()

    def is_lost(self) -> bool:
        """Whether the lock is another's, or may have expired."""
        return self._is_taken or time.monotonic() - self._beaten_s > self._expiry_s

    def stop(self) -> None:
        """No more signs of life."""
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        from redis.exceptions import LockNotOwnedError

        while not self._stop.wait(self._expiry_s / BEATS):
            asked_s = time.monotonic()
            try:
                self._lock.reacquire()
            except LockNotOwnedError:
                self._is_taken = True
                return
            except self._errors as error:
                logger.warning("no sign of life reached Redis: %s", error)
            else:
                self._beaten_s = asked_s
