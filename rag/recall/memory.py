"""The seam of memories that answer by themselves, and what they say."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from indexer.document import Document, Head, Passage
from rag.recall.asked import Asked

Groups = tuple[str, ...] | None
"""The asker's access groups; None where nobody is known."""


class MemoryKind(StrEnum):
    """What a memory is made of; the words are those of the JSON documents."""

    KEY_VALUE = "key-value"
    GRAPH = "graph"
    TABLE = "sql"


@dataclass(frozen=True, slots=True)
class Evidence:
    """``quote`` stands in ``passage.text`` at ``start``: the record, triple or entry that was read.

    ``trust`` in [0, 1] says how far it is believed: less than a record of a source is what was read out of a page.
    """

    passage: Passage
    quote: str
    start: int = 0
    trust: float = 1.0


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an answer and what bears it out."""

    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Recollection:
    """What a memory answers: ``short`` by itself, ``statements`` in sentences.

    ``score`` in [0, 1] says how sure it is that this was asked; ``reason`` says why, for people.
    """

    memory: str
    kind: MemoryKind
    short: str
    statements: tuple[Statement, ...]
    score: float
    reason: str

    @property
    def text(self) -> str:
        """The sentences, one a line."""
        return "\n".join(statement.text for statement in self.statements)


class Memory(Protocol):
    """Something that answers some questions exactly, and knows which.

    Promises of every implementation (each one a test in tests/contracts):
    - What it says is what its source holds now; each statement quotes the record, triple or entry it was read from.
    - Nothing is said from a record that ``groups`` may not see, not even that it counts.
    - Nothing is written, and one question takes a bounded time and space whatever it holds.
    - A question about something else gets no recollection. Thread-safe. Failures raise SourceError.
    """

    @property
    def name(self) -> str:
        """Its name in the configuration."""

    @property
    def kind(self) -> MemoryKind:
        """What it is made of."""

    def recall(self, asked: Asked, groups: Groups) -> list[Recollection]:
        """What it answers, the best first; nothing where it does not know."""

    def close(self) -> None:
        """Free connections."""


def may_see(head: Head, groups: Groups) -> bool:
    """Whether an asker of these groups may see a document."""
    return not head.access or bool(set(head.access) & set(groups or ()))


def whole(document: Document) -> Passage:
    """All of a record as one passage."""
    text = document.text
    blocks = tuple(block for section in document.sections for block in section.blocks)
    return Passage(document.head, 0, text, end_char=len(text), blocks=blocks)


def quoted_line(passage: Passage, starts: Iterable[str]) -> Evidence:
    """The line of a card that begins with one of these names; its first line where none does."""
    for name in starts:
        at = 0 if passage.text.startswith(f"{name}: ") else passage.text.find(f"\n{name}: ") + 1
        if at or passage.text.startswith(f"{name}: "):
            return Evidence(passage, passage.text[at:].partition("\n")[0], at)
    return Evidence(passage, passage.text.partition("\n")[0])
