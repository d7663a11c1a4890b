"""What memories of conversations outside this process share: their prefix, their patience, how they fail."""

from collections.abc import Iterator
from contextlib import contextmanager

from rag.errors import DialogueUnavailable

PREFIX = "recollect:dialogue:"
TIMEOUT_S = 2.0
"""A follow-up is worth less than an answer in time."""


@contextmanager
def mapped(kind: str, errors: type[Exception] | tuple[type[Exception], ...]) -> Iterator[None]:
    """Raises DialogueUnavailable for what the client of a ``kind`` of memory raises."""
    try:
        yield
    except errors as error:
        raise DialogueUnavailable(
            f"The memory of conversations in {kind} does not answer ({error})",
            f"Check answer.dialogue.{kind.lower()}; questions are answered without what was said before",
        ) from error
