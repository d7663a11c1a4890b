"""The Generator seam: from a question and numbered passages to text."""

import re
from collections import abc
from dataclasses import dataclass
from typing import Protocol

from indexer.document import Passage

Pieces = abc.Generator[str, None, None]
"""A text in pieces as they come."""

NO_ANSWER = "NO_ANSWER"
"""What a model is told to write, and nothing else, where the passages do not answer the question."""


def says_no_answer(text: str) -> bool:
    """Whether a model's sentence means that there is no answer."""
    return re.match(r"\W*NO[_ ]ANSWER\b", text) is not None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question and the passages an answer may use; passage i is cited as [i + 1]."""

    question: str
    passages: tuple[Passage, ...]


class Generator(Protocol):
    """Writes an answer from the passages of a prompt, citing them as [1], [2] ... after each sentence.

    Promises of every implementation (each one a test in tests/contracts):
    - The pieces, joined, are the whole text; an empty text or ``NO_ANSWER`` means that the passages hold no answer.
    - GeneratorUnavailable is raised before the first piece, never after it; GeneratorInterrupted only after it.
    - Closing the pieces stops the work and frees the connection.
    - Thread-safe.
    """

    @property
    def name(self) -> str:
        """Which model wrote, for explanations."""

    def generate(self, prompt: Prompt) -> Pieces:
        """The answer's text in pieces as they come."""
