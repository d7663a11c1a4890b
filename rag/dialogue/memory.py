"""The seam that remembers conversations."""

from typing import Protocol

from rag.dialogue.turn import Turn


class DialogueMemory(Protocol):
    """The last turns of each session, for a while.

    Promises of every implementation (each one a test in tests/contracts):
    - Turns come back oldest first, no more than the newest ``max_turns``; a session nobody knows has none.
    - Sessions do not see each other. Whoever knows a session's id may read it, so ids must be hard to guess.
    - A session is forgotten ``expiry_s`` after its last turn, and at once by ``forget``, which may be repeated.
    - Thread-safe. Failures raise DialogueUnavailable.
    """

    def turns(self, session: str) -> tuple[Turn, ...]:
        """What was said so far."""

    def remember(self, session: str, turn: Turn) -> None:
        """Add a turn."""

    def forget(self, session: str) -> None:
        """Forget all that was said."""

    def close(self) -> None:
        """Free connections."""
