"""Conversations in the memory of this process."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from rag.dialogue.config import DialogueConfig
from rag.dialogue.turn import Turn


class LocalDialogue:
    """``DialogueMemory`` in a dictionary that drops the sessions silent longest. ``clock`` gives seconds."""

    def __init__(self, config: DialogueConfig = DialogueConfig(), clock: Callable[[], float] = time.monotonic) -> None:
        self._config = config
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: OrderedDict[str, tuple[float, tuple[Turn, ...]]] = OrderedDict()

    def turns(self, session: str) -> tuple[Turn, ...]:
        """What was said so far."""
        with self._lock:
            until, turns = self._sessions.get(session, (0.0, ()))
            return turns if self._clock() < until else ()

    def remember(self, session: str, turn: Turn) -> None:
        """Add a turn, and drop what nobody goes on with."""
        with self._lock:
            now = self._clock()
            until, turns = self._sessions.pop(session, (0.0, ()))
            kept = (*(turns if now < until else ()), turn)[-self._config.max_turns :]
            self._sessions[session] = (now + self._config.expiry_s, kept)
            while self._sessions:
                oldest, (until, _) = next(iter(self._sessions.items()))
                if now < until and len(self._sessions) <= self._config.max_sessions:
                    break
                del self._sessions[oldest]

    def forget(self, session: str) -> None:
        """Forget all that was said."""
        with self._lock:
            self._sessions.pop(session, None)

    def close(self) -> None:
        """Nothing to free."""
