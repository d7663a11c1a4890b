"""Entries by their questions and keys: the very one in any spelling, else the nearest by its words. Pure."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from indexer.sources.naming import normal_name
from rag.recall.asked import Asked

MIN_LIKENESS = 0.72
"""Below, two questions share words rather than a meaning."""
MIN_LEAD = 0.06
"""What is hardly nearer than another is not meant for sure."""
_LEADS = (
    "please ",
    "hi ",
    "hello ",
    "tell me ",
    "can you tell me ",
    "could you tell me ",
    "do you know ",
    "i want to know ",
    "i would like to know ",
    "what is ",
    "what are ",
    "whats ",
    "what s ",
    "show me ",
)


@dataclass(slots=True)
class EntryNames:
    """``add`` each key with all that it is asked by; then ask."""

    exact: dict[str, str] = field(default_factory=dict)
    _stems: dict[str, frozenset[str]] = field(default_factory=dict)
    _holding: dict[str, list[str]] = field(default_factory=dict)

    def add(self, key: str, names: Iterable[str], question: str) -> None:
        """An entry; of two with one name the first is meant."""
        for name in names:
            if spelt := normal_name(name):
                self.exact.setdefault(spelt, key)
        stems = _telling(Asked(question))
        self._stems[key] = stems
        for stem in stems:
            self._holding.setdefault(stem, []).append(key)

    def key_of(self, asked: Asked) -> str | None:
        """The entry whose question or key this is, whatever politeness stands before it."""
        name = normal_name(asked.question)
        while name:
            if key := self.exact.get(name):
                return key
            lead = next((lead for lead in _LEADS if name.startswith(lead)), None)
            if lead is None:
                return None
            name = normal_name(name[len(lead) :])
        return None

    def nearest(self, asked: Asked) -> tuple[str, float] | None:
        """The entry that shares most of what is told by the words, with the cosine; None where none is near enough."""
        wanted = _telling(asked)
        shared: defaultdict[str, float] = defaultdict(float)
        for stem in wanted:
            for key in self._holding.get(stem, ()):
                shared[key] += self._weight(stem) ** 2
        length = self._length(wanted)
        likeness = {key: weight / (length * self._length(self._stems[key])) for key, weight in shared.items()}
        ranked = sorted(likeness.items(), key=lambda item: (-item[1], item[0]))
        if not ranked or ranked[0][1] < MIN_LIKENESS:
            return None
        if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < MIN_LEAD:
            return None
        return ranked[0]

    def _weight(self, stem: str) -> float:
        """Inverse document frequency, smoothed: words that no entry holds weigh most."""
        return math.log(1 + (len(self._stems) + 1) / (len(self._holding.get(stem, ())) + 0.5))

    def _length(self, stems: frozenset[str]) -> float:
        return math.sqrt(sum(self._weight(stem) ** 2 for stem in stems))


def _telling(asked: Asked) -> frozenset[str]:
    """The stems that say what is asked for; all where there are no others."""
    telling = frozenset(word.stem for word in asked.words if not word.is_filler)
    return telling or frozenset(word.stem for word in asked.words)
