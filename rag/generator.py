"""The Generator seam: from a question and numbered passages to text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from indexer.document import Passage


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question and the passages an answer may use; passage i is cited as [i + 1]."""

    question: str
    passages: tuple[Passage, ...]


class Generator(Protocol):
    """Writes an answer from the passages of a prompt, citing them as [1], [2] ... after each sentence.

    Promises of every implementation (each one a test in tests/contracts):
    - The pieces, joined, are the whole text.
    - GeneratorUnavailable is raised before the first piece, never after it.
    - Closing the iterator stops the work and frees the connection.
    """

    @property
    def name(self) -> str:
        """Which model wrote, for explanations."""

    def generate(self, prompt: Prompt) -> Iterator[str]:
        """The answer's text in pieces as they come."""
