"""Conversations in Redis, for several processes that answer."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from crawler.errors import MissingExtra
from rag.dialogue.config import DialogueConfig
from rag.dialogue.outside import PREFIX, TIMEOUT_S, mapped
from rag.dialogue.turn import Turn


class RedisDialogue:
    """``DialogueMemory`` as one list of JSON for each session, expired by Redis itself."""

    def __init__(self, config: DialogueConfig, prefix: str = PREFIX) -> None:
        try:
            import redis
        except ImportError as error:
            raise MissingExtra("Remembering conversations in Redis", "celery") from error
        self._errors = redis.RedisError
        self._redis: Any = redis.Redis.from_url(
            config.redis, socket_connect_timeout=TIMEOUT_S, socket_timeout=TIMEOUT_S, decode_responses=True
        )
        self._config = config
        self._prefix = prefix

    def turns(self, session: str) -> tuple[Turn, ...]:
        """What was said so far."""
        with mapped("Redis", self._errors):
            return tuple(Turn(**json.loads(line)) for line in self._redis.lrange(self._prefix + session, 0, -1))

    def remember(self, session: str, turn: Turn) -> None:
        """Add a turn, cut the list and set its expiry in one transaction."""
        key = self._prefix + session
        with mapped("Redis", self._errors), self._redis.pipeline(transaction=True) as steps:
            steps.rpush(key, json.dumps(asdict(turn)))
            steps.ltrim(key, -self._config.max_turns, -1)
            self._expire(steps, session)
            steps.execute()

    def facts(self, session: str) -> Mapping[str, str]:
        """What was told for later."""
        with mapped("Redis", self._errors):
            return dict(json.loads(line) for line in self._redis.lrange(self._facts(session), 0, -1))

    def keep_fact(self, session: str, name: str, value: str) -> None:
        """Keep a fact, and drop the oldest of too many."""
        self._change_facts(session, name, json.dumps((name, value)))

    def drop_fact(self, session: str, name: str) -> None:
        """Drop a fact."""
        self._change_facts(session, name, "")

    def forget(self, session: str) -> None:
        """Forget all that was said."""
        with mapped("Redis", self._errors):
            self._redis.delete(self._prefix + session, self._facts(session))

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()

    def _change_facts(self, session: str, name: str, line: str) -> None:
        """Replace what a list of pairs says of a name, in one transaction that watches the list."""
        key = self._facts(session)

        def change(steps: Any) -> None:
            lines = steps.lrange(key, 0, -1)
            kept = [old for old in lines if json.loads(old)[0] != name] + ([line] if line else [])
            steps.multi()
            steps.delete(key)
            if kept:
                steps.rpush(key, *kept[-self._config.max_facts :])
            self._expire(steps, session)

        with mapped("Redis", self._errors):
            self._redis.transaction(change, key)

    def _expire(self, steps: Any, session: str) -> None:
        """Turns and facts of a session are forgotten together."""
        for key in (self._prefix + session, self._facts(session)):
            steps.pexpire(key, max(1, round(self._config.expiry_s * 1_000)))

    def _facts(self, session: str) -> str:
        return f"{self._prefix}facts:{session}"
