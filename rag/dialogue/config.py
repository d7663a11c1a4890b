"""Settings of conversations."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DialogueConfig:
    """``max_turns`` of a session are kept for ``expiry_s`` after the last one: long enough for a person who was called
    away, and no longer. ``redis`` is a URL (``redis://host:6379/0``) where several processes answer; without it turns
    are kept in memory, for ``max_sessions`` sessions at most, those that were silent longest forgotten first.
    """

    redis: str = ""
    expiry_s: float = 1_800.0
    max_turns: int = 8
    max_sessions: int = 10_000

    def __post_init__(self) -> None:
        if self.expiry_s <= 0:
            raise ValueError(f"expiry_s {self.expiry_s:g} is not above 0")
        if self.max_turns < 1 or self.max_sessions < 1:
            raise ValueError("max_turns and max_sessions must be at least 1")
