"""Conversations in Memcached, for several processes that answer; what it throws out for want of room is forgotten."""

import hashlib
import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from crawler.errors import MissingExtra
from rag.dialogue.config import DialogueConfig
from rag.dialogue.outside import PREFIX, TIMEOUT_S, mapped
from rag.dialogue.turn import Turn
from rag.errors import DialogueUnavailable

LONGEST_RELATIVE_S = 2_592_000
"""Memcached takes a longer expiry for a moment since 1970 (protocol.txt, "Expiration times")."""
ATTEMPTS = 1_000
"""Whoever changes a session at the same time makes one try fail; each such failure is somebody's success."""


@dataclass(slots=True)
class _Session:
    turns: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)


class MemcachedDialogue:
    """``DialogueMemory`` as one JSON document for each session, changed by compare-and-swap."""

    def __init__(self, config: DialogueConfig, prefix: str = PREFIX) -> None:
        try:
            from pymemcache.client.base import PooledClient
            from pymemcache.exceptions import MemcacheError
        except ImportError as error:
            raise MissingExtra("Remembering conversations in Memcached", "key-value") from error
        self._errors = (MemcacheError, OSError)
        host, _, port = config.memcached.partition("://")[2].rstrip("/").partition(":")
        self._client: Any = PooledClient((host, int(port or 11211)), connect_timeout=TIMEOUT_S, timeout=TIMEOUT_S)
        self._config = config
        self._prefix = prefix

    def turns(self, session: str) -> tuple[Turn, ...]:
        """What was said so far."""
        return tuple(Turn(**turn) for turn in self._read(session)[0].turns)

    def remember(self, session: str, turn: Turn) -> None:
        """Add a turn, and drop the oldest."""

        def add(found: _Session) -> None:
            found.turns = [*found.turns, asdict(turn)][-self._config.max_turns :]

        self._change(session, add)

    def facts(self, session: str) -> Mapping[str, str]:
        """What was told for later."""
        return self._read(session)[0].facts

    def keep_fact(self, session: str, name: str, value: str) -> None:
        """Keep a fact, and drop the oldest of too many."""

        def keep(found: _Session) -> None:
            others = [(key, old) for key, old in found.facts.items() if key != name]
            found.facts = dict([*others, (name, value)][-self._config.max_facts :])

        self._change(session, keep)

    def drop_fact(self, session: str, name: str) -> None:
        """Drop a fact."""
        self._change(session, lambda found: found.facts.pop(name, None))

    def forget(self, session: str) -> None:
        """Forget all that was said."""
        with mapped("Memcached", self._errors):
            self._client.delete(self._key(session), noreply=False)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _read(self, session: str) -> tuple[_Session, Any]:
        with mapped("Memcached", self._errors):
            value, token = self._client.gets(self._key(session))
        return (_Session(**json.loads(value)) if value else _Session()), token

    def _change(self, session: str, change: Callable[[_Session], object]) -> None:
        expiry = max(1, math.ceil(self._config.expiry_s))
        expire = expiry if expiry <= LONGEST_RELATIVE_S else int(time.time()) + expiry
        for _ in range(ATTEMPTS):
            found, token = self._read(session)
            change(found)
            text = json.dumps(asdict(found))
            with mapped("Memcached", self._errors):
                if token is None:
                    is_kept = self._client.add(self._key(session), text, expire=expire, noreply=False)
                else:
                    is_kept = self._client.cas(self._key(session), text, token, expire=expire, noreply=False)
            if is_kept:
                return
        raise DialogueUnavailable("The memory of conversations in Memcached is changed by too many at once")

    def _key(self, session: str) -> str:
        """Sessions may hold what keys may not."""
        return self._prefix + hashlib.sha256(session.encode()).hexdigest()[:32]
