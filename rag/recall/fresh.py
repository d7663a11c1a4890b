"""Something read from a source that is read again when it is old, beside the questions that use the old one."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from crawler.errors import RecollectError

T = TypeVar("T")
logger = logging.getLogger(__name__)


class Fresh(Generic[T]):
    """The first ``get`` waits for the reading; where a later one fails, the old one is used on. Thread-safe."""

    def __init__(self, read: Callable[[], T], refresh_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._refresh_s = refresh_s
        self._clock = clock
        self._lock = threading.Lock()
        self._found: tuple[T, float] | None = None
        self._thread: threading.Thread | None = None

    def get(self) -> T:
        """What was read last; raises what reading raises where it was never read."""
        with self._lock:
            if self._found is None:
                self._found = (self._read(), self._clock())
            value, at = self._found
            if self._clock() - at >= self._refresh_s and (self._thread is None or not self._thread.is_alive()):
                self._thread = threading.Thread(target=self._again, daemon=True)
                self._thread.start()
            return value

    def close(self) -> None:
        """Wait for a reading that is going on."""
        if self._thread is not None:
            self._thread.join()

    def _again(self) -> None:
        try:
            value = self._read()
        except RecollectError as error:
            logger.warning("%s; what was read before is used on", error)
            value = self._found[0] if self._found else self._read()
        with self._lock:
            self._found = (value, self._clock())
