"""Conversations in the memory of this process."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from rag.dialogue.config import DialogueConfig
from rag.dialogue.turn import Turn


@dataclass(frozen=True, slots=True)
class _Session:
    until: float = 0.0
    turns: tuple[Turn, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


class LocalDialogue:
    """``DialogueMemory`` in a dictionary that drops the sessions silent longest. ``clock`` gives seconds."""

    def __init__(self, config: DialogueConfig = DialogueConfig(), clock: Callable[[], float] = time.monotonic) -> None:
        self._config = config
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: OrderedDict[str, _Session] = OrderedDict()

    def turns(self, session: str) -> tuple[Turn, ...]:
        """What was said so far."""
        with self._lock:
            return self._found(session).turns

    def remember(self, session: str, turn: Turn) -> None:
        """Add a turn, and drop what nobody goes on with."""
        with self._lock:
            found = self._found(session)
            self._keep(session, replace(found, turns=(*found.turns, turn)[-self._config.max_turns :]))

    def facts(self, session: str) -> Mapping[str, str]:
        """What was told for later."""
        with self._lock:
            return self._found(session).facts

    def keep_fact(self, session: str, name: str, value: str) -> None:
        """Keep a fact, and drop the oldest of too many."""
        with self._lock:
            found = self._found(session)
            others = [(key, old) for key, old in found.facts.items() if key != name]
            self._keep(session, replace(found, facts=dict([*others, (name, value)][-self._config.max_facts :])))

    def drop_fact(self, session: str, name: str) -> None:
        """Drop a fact."""
        with self._lock:
            found = self._found(session)
            self._keep(session, replace(found, facts={key: old for key, old in found.facts.items() if key != name}))

    def forget(self, session: str) -> None:
        """Forget all that was said."""
        with self._lock:
            self._sessions.pop(session, None)

    def close(self) -> None:
        """Nothing to free."""

    def _found(self, session: str) -> _Session:
        found = self._sessions.get(session, _Session())
        return found if self._clock() < found.until else _Session()

    def _keep(self, session: str, found: _Session) -> None:
        now = self._clock()
        self._sessions.pop(session, None)
        self._sessions[session] = replace(found, until=now + self._config.expiry_s)
        while self._sessions:
            oldest, kept = next(iter(self._sessions.items()))
            if now < kept.until and len(self._sessions) <= self._config.max_sessions:
                break
            del self._sessions[oldest]
