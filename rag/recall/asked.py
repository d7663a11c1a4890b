"""A question word by word, as names and relations are compared with it. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from indexer.asking.stems import stem
from indexer.sources.naming import normal_name

_TOKEN = re.compile(r"[\w+#]+(?:['’](?!s\b)\w+)*(?:[.,]\d+)*")
MAX_WORDS = 60
"""A longer text is no question that a record answers."""
MAX_SPAN_WORDS = 12

_FILLERS = """
a about all also am an and any are as assigned at be bear bears been belong belongs by called can carries
carry correspond corresponding corresponds could d describe did do does each exactly exist existing explain
find for from get give given go had has have having hello hi how i id identified identify if in into is it
its just kindly know known let like list listed ll look looking m me mean means my name named need of on one
or ours out please re recorded remind s say search see show so some tell than thanks that the their them
then there these they thing this those to up us use used uses using ve want was we were what whats when where whether
which who whom whose will with wonder wondering word would you your
"""
FILLERS = frozenset(_FILLERS.split())
"""What a question may hold beside names and relations without meaning something else."""


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word as it was typed, in the spelling of names, and its stem.

    ``1,000`` and ``Timor-Leste`` are several words of one ``token``, each with all of it as ``raw``.
    """

    raw: str
    name: str
    stem: str
    token: int

    @property
    def is_filler(self) -> bool:
        """Whether it says nothing of what is asked for."""
        return self.name in FILLERS


@dataclass(frozen=True)
class Asked:
    """A question and its words."""

    question: str

    @cached_property
    def words(self) -> tuple[AskedWord, ...]:
        """Its words in order; none where it is too long."""
        found = [
            AskedWord(raw, name, stem(name), token)
            for token, raw in enumerate(_TOKEN.findall(self.question.replace("’s", "'s")))
            for name in _folded(raw).split()
        ]
        return tuple(found) if len(found) <= MAX_WORDS else ()

    def spans(self, longest: int = MAX_SPAN_WORDS) -> Iterator[tuple[int, int]]:
        """Every run of words as ``[start:end]``, longer ones first."""
        count = len(self.words)
        for length in range(min(count, longest), 0, -1):
            yield from ((start, start + length) for start in range(count - length + 1))

    def name(self, start: int, end: int) -> str:
        """Some words in the spelling of names."""
        return " ".join(word.name for word in self.words[start:end])

    def stems(self, start: int, end: int) -> tuple[str, ...]:
        """The stems of some words."""
        return tuple(word.stem for word in self.words[start:end])

    def raw(self, start: int, end: int) -> str:
        """Some words as they were typed."""
        return " ".join({word.token: word.raw for word in self.words[start:end]}.values())


def _folded(raw: str) -> str:
    """A leading article is a word of its own here."""
    return raw.lower() if raw.lower() in ("a", "an", "the") else normal_name(raw)


def stems_of(text: str) -> tuple[str, ...]:
    """The stems of a name or of the words of a relation."""
    return tuple(stem(word) for word in normal_name(text).split())
