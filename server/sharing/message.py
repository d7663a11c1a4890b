"""What the supervisor and a worker tell each other."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Word(StrEnum):
    """What a message is about."""

    READY = "ready"
    """From a worker: its models are loaded."""
    FAILED = "failed"
    """From a worker: why it cannot work; ``content`` is what is wrong and how to mend it."""
    RELOAD = "reload"
    """From a worker: begin anew with the settings as they are now."""
    STEER = "steer"
    """From a worker, and on to the others: search by these rules from now on."""
    DONE = "done"
    """To a worker that asked: ``content`` is None, or why it was not done. From a worker: it follows the rules,
    or takes nobody in any more."""
    END = "end"
    """To a worker: all end now."""
    LEAVE = "leave"
    """To a worker: others take over."""


@dataclass(frozen=True, slots=True)
class Message:
    """``number`` joins what was asked and its answer."""

    word: Word
    number: int = 0
    content: Any = None
