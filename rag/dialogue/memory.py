"""The seam that remembers conversations."""

from collections.abc import Mapping
from typing import Protocol

from rag.dialogue.turn import Turn


class DialogueMemory(Protocol):
    """The last turns of each session and the facts told in it, for a while.

    Promises of every implementation (each one a test in tests/contracts):
    - Turns come back oldest first, no more than the newest ``max_turns``; a session nobody knows has none.
    - Sessions do not see each other. Whoever knows a session's id may read it, so ids must be hard to guess.
    - Facts are by name, the newest ``max_facts``; a name that is told again has the new value.
    - A session is forgotten ``expiry_s`` after its last turn or fact, and at once by ``forget``, which may be repeated.
    - Thread-safe. Failures raise DialogueUnavailable.
    """

    def turns(self, session: str) -> tuple[Turn, ...]:
        """What was said so far."""

    def remember(self, session: str, turn: Turn) -> None:
        """Add a turn."""

    def facts(self, session: str) -> Mapping[str, str]:
        """What was told for later, by name, in the order in which it was told."""

    def keep_fact(self, session: str, name: str, value: str) -> None:
        """Keep a fact under its name."""

    def drop_fact(self, session: str, name: str) -> None:
        """Drop a fact, if there is one of this name."""

    def forget(self, session: str) -> None:
        """Forget all that was said."""

    def close(self) -> None:
        """Free connections."""
