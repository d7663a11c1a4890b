"""Which words of a query do many passages hold? Told by numbers, without a look at each of their words.

A passage is read once and remembered as the numbers of its distinct stems, some hundred bytes.
"""

from collections.abc import Mapping, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from indexer.document import Passage
from ranker.words import has_cjk, plain_words, stem

REMEMBERED_WORDS = 100_000
REMEMBERED_PASSAGES = 32_768
"""Of each language; some twenty megabytes."""

StemNumbers = NDArray[np.int32]


def words_held(
    stems: Mapping[str | None, Sequence[str]], passages: Sequence[Passage]
) -> tuple[NDArray[np.float64], list[int]]:
    """(passages, stems) of 0 and 1, and the number of words of each passage; of each language as many ``stems``."""
    width = len(next(iter(stems.values()), ()))
    holds = np.zeros((len(passages), width))
    lengths = [0] * len(passages)
    for language, wanted in stems.items():
        known = _known(language)
        places = [i for i, passage in enumerate(passages) if passage.head.language == language]
        read = [known.read(passages[i]) for i in places]
        for i, (_, length) in zip(places, read, strict=True):
            lengths[i] = length
        numbers = np.concatenate([found for found, _ in read]) if read else np.empty(0, np.int32)
        owners = np.repeat(places, [len(found) for found, _ in read])
        for column, word in enumerate(wanted):
            holds[owners[numbers == known.number(word)], column] = 1.0
            # Pairs of CJK characters stand in the text as they are; its words are single ones.
            if has_cjk(word):
                holds[[i for i in places if word in passages[i].text_to_encode], column] = 1.0
    return holds, lengths


class _Known(dict[str, int]):
    """Word of one language -> the number of its stem, given out when it is first seen."""

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self._language = language
        self._numbers: dict[str, int] = {}
        self._read: dict[int, tuple[StemNumbers, int]] = {}
        self._lock = Lock()

    def __missing__(self, word: str) -> int:
        self[word] = number = self.number(stem(word, self._language))
        return number

    def number(self, of: str) -> int:
        """The number of a stem."""
        number = self._numbers.get(of)
        if number is None:
            with self._lock:
                number = self._numbers.setdefault(of, len(self._numbers))
        return number

    def read(self, passage: Passage) -> tuple[StemNumbers, int]:
        """(the numbers of its distinct stems, how many words it has)."""
        key = hash((passage.head.title, passage.heading_path, passage.text))
        found = self._read.get(key)
        if found is None:
            words = plain_words(passage.text_to_encode)
            numbers = {*map(self.__getitem__, {*words})}
            found = np.fromiter(numbers, np.int32, len(numbers)), len(words)
            if len(self._read) >= REMEMBERED_PASSAGES:
                self._read.clear()
            self._read[key] = found
        return found

    def is_full(self) -> bool:
        """Whether it is time to begin anew."""
        return len(self) >= REMEMBERED_WORDS


_known_of: dict[str | None, _Known] = {}


def _known(language: str | None) -> _Known:
    """What is known of a language; too much of it is left to those who have it in their hands."""
    found = _known_of.get(language)
    if found is None or found.is_full():
        found = _known_of[language] = _Known(language)
    return found
