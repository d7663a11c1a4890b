"""What the index said of words like those typed: pure functions over its answers."""

from collections.abc import Mapping, Sequence

from indexer.asking.spelling import Pattern, Spelling

Known = Mapping[Pattern, Sequence[Spelling]]
"""Each pattern asked for, with the words that fit it."""


def passages(known: Known, word: str) -> int:
    """How many passages hold a word in some inflection."""
    return sum(spelling.passages for spelling in known.get(Pattern("holds", word), ()))


def stands(known: Known, word: str) -> bool:
    """Whether the index has the very word, where its stem cannot be told without accents."""
    return any(spelling.word == word for spelling in known.get(Pattern("begins", word), ()))
