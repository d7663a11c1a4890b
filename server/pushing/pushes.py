"""The pushes of one installation: a thread takes them into the index, soon after they came."""

import logging
import math
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from crawler.errors import RecollectError
from indexer.sink import Sink
from server.pushing.drain import drain
from server.pushing.spool import Spool

logger = logging.getLogger(__name__)
LOOK_EVERY_S = 5.0
"""How often to look for what other processes have kept, or left behind."""

AGAIN_AFTER_S = 1.0
"""How long to wait while the index cannot be written, usually since another process does."""


class Pushes:
    """Takes what waits in the spool into the index for as long as it is open. ``open_sink`` opens it for a while.

    ``follow`` does what follows from documents that came or went, and returns whether it did. It is called once what
    waited is done, at most every ``rest_s``, and once in the beginning for what a server that was killed left undone.
    """

    def __init__(
        self,
        spool: Spool,
        open_sink: Callable[[], AbstractContextManager[Sink]],
        follow: Callable[[], bool],
        rest_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.spool = spool
        self._open_sink = open_sink
        self._follow = follow
        self._rest_s = rest_s
        self._clock = clock
        self._owes_following = spool.exists()
        self._rests_until_s = -math.inf
        self._changed = threading.Event()
        self._is_over = threading.Event()
        self._worked = threading.Condition()
        self._problem = ""
        self._thread = threading.Thread(target=self._work, name="pushes", daemon=True)
        self._thread.start()

    @property
    def problem(self) -> str:
        """Why what waits cannot be indexed now; empty where nothing is wrong."""
        return self._problem

    def wake(self) -> None:
        """Something was put into the spool."""
        self._changed.set()

    def wait(self, is_done: Callable[[], bool], timeout_s: float) -> None:
        """Wait until it is done, which is asked after every batch of work, or this time is over."""
        with self._worked:
            self._worked.wait_for(is_done, timeout_s)

    def take_in(self) -> bool:
        """Take in what waits; False where that has to be tried again soon."""
        try:
            if self.spool.waiting():
                with self._open_sink() as sink:
                    self._owes_following |= drain(self.spool, sink, self._is_over.is_set) > 0
            self._problem = ""
        except RecollectError as error:
            if error.what != self._problem:
                logger.warning("what was pushed waits: %s", error)
            self._problem = error.what
        except Exception:
            logger.exception("what was pushed waits, since something failed that nobody foresaw")
            self._problem = "Something went wrong inside the server"
        with self._worked:
            self._worked.notify_all()
        return not self._problem

    def follow_up(self) -> None:
        """Do what follows from the documents that were taken in, unless that was done a moment ago."""
        if not self._owes_following or self._clock() < self._rests_until_s:
            return
        self._owes_following = False
        try:
            self._owes_following = not self._follow()
        except Exception:
            logger.exception("what follows from pushed documents failed in a way that nobody foresaw")
        self._rests_until_s = self._clock() + self._rest_s

    def close(self) -> None:
        """Let the batch under way end; the rest waits in the file."""
        self._is_over.set()
        self._changed.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._is_over.is_set():
            self._changed.clear()
            is_done = self.take_in()
            self.follow_up()
            self._changed.wait(LOOK_EVERY_S if is_done else AGAIN_AFTER_S)
