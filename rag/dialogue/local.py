"""Conversations in the memory of this process."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

from rag.dialogue.config import DialogueConfig
from rag.dialogue.session import Session
from rag.dialogue.turn import Turn


class LocalDialogue:
    """``DialogueMemory`` in a dictionary that drops the sessions silent longest. ``clock`` gives seconds."""

    def __init__(self, config: DialogueConfig = DialogueConfig(), clock: Callable[[], float] = time.monotonic) -> None:
        self._config = config
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: OrderedDict[str, tuple[float, Session]] = OrderedDict()

    def turns(self, session: str) -> tuple[Turn, ...]:
        """What was said so far."""
        with self._lock:
            return self._found(session).turns

    def remember(self, session: str, turn: Turn) -> None:
        """Add a turn, and drop what nobody goes on with."""
        with self._lock:
            self._keep(session, self._found(session).with_turn(turn, self._config))

    def facts(self, session: str) -> Mapping[str, str]:
        """What was told for later."""
        with self._lock:
            return self._found(session).facts

    def keep_fact(self, session: str, name: str, value: str) -> None:
        """Keep a fact, and drop the oldest of too many."""
        with self._lock:
            self._keep(session, self._found(session).with_fact(name, value, self._config))

    def drop_fact(self, session: str, name: str) -> None:
        """Drop a fact."""
        with self._lock:
            self._keep(session, self._found(session).without_fact(name))

    def forget(self, session: str) -> None:
        """Forget all that was said."""
        with self._lock:
            self._sessions.pop(session, None)

    def close(self) -> None:
        """Nothing to free."""

    def _found(self, session: str) -> Session:
        until, found = self._sessions.get(session, (0.0, Session()))
        return found if self._clock() < until else Session()

    def _keep(self, session: str, found: Session) -> None:
        now = self._clock()
        self._sessions.pop(session, None)
        self._sessions[session] = (now + self._config.expiry_s, found)
        while self._sessions:
            oldest, (until, _) = next(iter(self._sessions.items()))
            if now < until and len(self._sessions) <= self._config.max_sessions:
                break
            del self._sessions[oldest]
