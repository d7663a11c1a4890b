"""Which values stand in which columns, so that a question's words are known to be some."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from indexer.sources.naming import spellings
from rag.recall.asked import Asked, stems_of

MAX_VALUES = 200_000
"""Of one column. One with more is asked of the database itself, where a question names it."""
MAX_VALUE_CHARS = 100
"""What is longer is a text, not a name or a code."""
MAX_KINDS = 1_000
"""A column with so few values says of what kind a row is, and kinds come in the plural: ``provinces``."""
MAX_CODE_CHARS = 3

ValuesByColumn = dict[str, tuple[str, ...]]
"""Column -> the values that are spelt so."""


@dataclass(slots=True)
class Values:
    """Values by spelling."""

    by_name: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    by_stems: dict[tuple[str, ...], list[tuple[str, str]]] = field(default_factory=dict)

    def add(self, column: str, values: Iterable[str]) -> None:
        """Take in the values of a column."""
        found = [value for value in values if 0 < len(value) <= MAX_VALUE_CHARS]
        for value in found:
            for name in spellings(value):
                self.by_name.setdefault(name, []).append((column, value))
            if len(found) <= MAX_KINDS:
                self.by_stems.setdefault(stems_of(value), []).append((column, value))

    def spelt(self, asked: Asked, start: int, end: int) -> ValuesByColumn:
        """The values that these words spell. A code that is a word, too, counts only where it is typed as it is."""
        pairs = self.by_name.get(asked.name(start, end)) or self.by_stems.get(asked.stems(start, end)) or []
        words = asked.words[start:end]
        if end - start == 1 and (words[0].is_filler or len(words[0].raw) <= MAX_CODE_CHARS):
            raw = words[0].raw
            is_plain = words[0].is_filler and (raw.islower() or start == 0)
            exact = [pair for pair in pairs if pair[1] == raw and not is_plain]
            pairs = exact or ([] if words[0].is_filler else pairs)
        found: dict[str, tuple[str, ...]] = {}
        for column, value in pairs:
            found[column] = (*found.get(column, ()), value)
        return found
