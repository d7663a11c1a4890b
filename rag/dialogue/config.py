"""Settings of conversations."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DialogueConfig:
    """``max_turns`` and ``max_facts`` of a session are kept for ``expiry_s`` after the last one: long enough for a
    person who was called away, and no longer.

    ``redis`` is a URL (``redis://host:6379/0``) where several processes answer, or ``memcached`` one
    (``memcached://host:11211``); without either they are kept in memory, for ``max_sessions`` sessions at most, those
    that were silent longest forgotten first.
    """

    redis: str = ""
    memcached: str = ""
    expiry_s: float = 1_800.0
    max_turns: int = 8
    max_facts: int = 50
    max_sessions: int = 10_000

    def __post_init__(self) -> None:
        if self.expiry_s <= 0:
            raise ValueError(f"expiry_s {self.expiry_s:g} is not above 0")
        if self.redis and self.memcached:
            raise ValueError("redis or memcached: name one of them")
        if min(self.max_turns, self.max_facts, self.max_sessions) < 1:
            raise ValueError("max_turns, max_facts and max_sessions must be at least 1")
