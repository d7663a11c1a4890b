"""What the keepers of a site want of its search: synonyms, stop words, pins, boosts. Settings, and pure functions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.asking.asked import Form
from indexer.asking.exact import exact_tokens

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
SYNONYM_WEIGHT = 0.8
"""What a synonym counts beside the word typed."""


@dataclass(frozen=True, slots=True)
class SynonymConfig:
    """Who types one of ``words`` finds the others and ``means``, too; of ``means`` alone nothing else is found.

    With ``language`` they are found in pages of that language alone, with ``site`` in searches of that site alone.
    """

    words: tuple[str, ...]
    means: tuple[str, ...] = ()
    language: str = ""
    site: str = ""

    def __post_init__(self) -> None:
        if not any(exact_tokens(word) for word in self.words) or len(self.words) + len(self.means) < 2:
            raise ValueError("synonyms need words, and another word or a meaning beside each")
        _check_language(self.language)


@dataclass(frozen=True, slots=True)
class PinConfig:
    """For each of ``queries``, whatever its case and signs: pages that come first, in this order, and pages left out.

    ``first`` and ``hidden`` are URLs as results show them, or ids of documents. With ``site`` or ``language`` it holds
    for searches that are narrowed to that site, to that language.
    """

    queries: tuple[str, ...]
    first: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    language: str = ""
    site: str = ""

    def __post_init__(self) -> None:
        if not self.queries or not (self.first or self.hidden):
            raise ValueError("pins need queries, and pages that are first or hidden")
        if both := {*self.first} & {*self.hidden}:
            raise ValueError(f"{min(both)} is both first and hidden")
        _check_language(self.language)

    def is_for(self, text: str) -> bool:
        """Whether it holds for this query."""
        return _told(text) in {_told(query) for query in self.queries}


@dataclass(frozen=True, slots=True)
class BoostConfig:
    """Documents of this ``site``, ``path``, ``language``, ``source`` and ``metadata`` (KEY=VALUE), all of which must
    hold, count ``times`` as much: the odds that they are what is looked for.

    With ``half_life_days`` new ones count so much, and of what is above or below once, half is left after that time.
    """

    times: float
    site: str = ""
    path: str = ""
    language: str = ""
    source: str = ""
    metadata: str = ""
    half_life_days: float | None = None

    def __post_init__(self) -> None:
        if not self.times > 0:
            raise ValueError(f"times is {self.times:g}, not above 0")
        if self.half_life_days is not None and not self.half_life_days > 0:
            raise ValueError(f"half_life_days is {self.half_life_days:g}, not above 0")
        if self.metadata and "=" not in self.metadata:
            raise ValueError(f"metadata {self.metadata!r} is not KEY=VALUE")
        _check_language(self.language)


@dataclass(frozen=True, slots=True)
class SteerConfig:
    """``stop_words`` are not looked for, unless nothing else was typed."""

    synonyms: tuple[SynonymConfig, ...] = ()
    stop_words: tuple[str, ...] = ()
    pins: tuple[PinConfig, ...] = ()
    boosts: tuple[BoostConfig, ...] = ()

    def within(self, sites: Sequence[str], languages: Sequence[str]) -> "SteerConfig":
        """The rules that hold for a search that is narrowed to these sites and languages; to none where empty."""
        return replace(
            self,
            synonyms=tuple(rule for rule in self.synonyms if _is_all(rule.site, sites)),
            pins=tuple(rule for rule in self.pins if _is_all(rule.site, sites) and _is_all(rule.language, languages)),
        )

    def without_stop_words(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words to look for."""
        stopped = {_told(word) for word in self.stop_words}
        return tuple(word for word in words if _told(word) not in stopped) or tuple(words)

    def forms(self, words: Sequence[str]) -> Iterator[Form]:
        """The synonyms of what was typed."""
        typed = [_told(word) for word in words]
        for group in self.synonyms:
            found = [word for word in group.words if _stands(_told(word), typed)]
            others = [word for word in (*group.words, *group.means) if word not in found] if found else []
            yield from (Form(other, SYNONYM_WEIGHT, language=group.language or None) for other in others)

    def knows(self, word: str) -> bool:
        """Whether a word is one of a synonym's, so that it is none mistyped."""
        return any(word in _told(known).split() for group in self.synonyms for known in group.words)

    def pinned(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(pages that come first, pages left out) for a query."""
        pins = [pin for pin in self.pins if pin.is_for(text)]
        first = dict.fromkeys(url for pin in pins for url in pin.first)
        return tuple(first), tuple({url: None for pin in pins for url in pin.hidden})


def _is_all(wanted: str, found: Sequence[str]) -> bool:
    """Whether a search is of nothing but the ``wanted``; of anything where nothing is."""
    return not wanted or {value.lower() for value in found} == {wanted.lower()}


def _check_language(code: str) -> None:
    if code and not _LANGUAGE.fullmatch(code):
        raise ValueError(f"language {code!r} is no code such as en or pt-BR")


def _told(text: str) -> str:
    """Words and numbers as they compare; of signs alone the signs."""
    tokens = exact_tokens(text)
    return " ".join([token for token in tokens if token[0].isalnum()] or tokens)


def _stands(phrase: str, words: Sequence[str]) -> bool:
    return bool(phrase) and f" {phrase} " in f" {' '.join(words)} "
