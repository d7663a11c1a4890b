"""Texts as clauses of words: what the checks compare. Pure functions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.sentences import sentence_spans
from ranker.words import Word, words

_BREAK = re.compile(
    r"\s*[;:]\s+|,?\s+(?:but|while|whereas|however|although|though)\s+|\s+[–—]\s+|,\s+(?:and|or|so|then|which|who)\s+"
)
_DOTTED = re.compile(r"(?<![\w.])\d+(?:\.\d+)+(?![\w])")
NUMBER_WEIGHT = 2
"""What a shared number says about two clauses, next to 1 for a shared word."""

MIN_CLAUSE_WORDS = 2
"""A shorter piece belongs to its neighbour."""


@dataclass(frozen=True, slots=True)
class Clause:
    """``text`` with its words in order; ``stems`` are those that tell something."""

    text: str
    words: tuple[Word, ...]
    stems: frozenset[str]


@lru_cache(maxsize=4_096)
def clause(text: str, language: str | None = None) -> Clause:
    """The whole text as one clause."""
    found = tuple(words(text, language))
    whole = [match.span() for match in _DOTTED.finditer(text)]
    stems = {word.stem for word in found if not word.is_stopword and not _is_part(word, whole)}
    return Clause(text, found, frozenset(stems | {text[start:end] for start, end in whole}))


def _is_part(word: Word, whole: Sequence[tuple[int, int]]) -> bool:
    """Of 1.2, neither 1 nor 2 is a word of its own."""
    return any(start <= word.start < end for start, end in whole)


@lru_cache(maxsize=2_048)
def clauses(text: str, language: str | None = None) -> tuple[Clause, ...]:
    """Every clause of every sentence, in order."""
    return tuple(
        clause(piece, language)
        for start, end in sentence_spans(text)
        for piece in _pieces(text[start:end].strip())
        if piece
    )


@lru_cache(maxsize=2_048)
def sentence_clauses(text: str, language: str | None = None) -> tuple[Clause, ...]:
    """Every sentence whole, in order."""
    return tuple(clause(text[start:end].strip(), language) for start, end in sentence_spans(text))


def _pieces(sentence: str) -> list[str]:
    pieces: list[str] = []
    start = 0
    for match in _BREAK.finditer(sentence):
        if len(sentence[start : match.start()].split()) < MIN_CLAUSE_WORDS:
            continue
        if len(sentence[match.end() :].split()) < MIN_CLAUSE_WORDS:
            break
        pieces.append(sentence[start : match.start()])
        start = match.end()
    return [*pieces, sentence[start:]]


def nearest(claim: Clause, candidates: Sequence[Clause], slack: float = 0.0) -> list[Clause]:
    """The clauses that share most words with the claim, best first; with ``slack`` also those nearly as good.

    Empty where none shares a word.
    """
    scored = [(_weight(claim.stems & other.stems), -len(other.stems), other) for other in candidates]
    best = max((shared for shared, _, _ in scored), default=0)
    found = [item for item in scored if item[0] and item[0] >= best * (1 - slack)]
    return [other for _, _, other in sorted(found, key=lambda item: item[:2], reverse=True)]


def _weight(stems: frozenset[str]) -> int:
    return sum(NUMBER_WEIGHT if any(letter.isdigit() for letter in stem) else 1 for stem in stems)
