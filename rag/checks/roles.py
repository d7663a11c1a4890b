"""Who does what to whom: "A sends to B" is not "B sends to A". Pure functions over word order."""

import re
from collections.abc import Iterator
from itertools import combinations

from rag.checks.clauses import Clause, clause, sentence_clauses
from rag.checks.mismatch import Fact, Mismatch
from ranker.words import Word

_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|gets?|got)\b[^,.;]*?\bby\b", re.IGNORECASE)
_SYMMETRIC = re.compile(
    r"\b(?:equals?|differs?|same as|different from|between|both|either|respectively)\b", re.IGNORECASE
)
_MARKED = re.compile(
    r"\b(?P<mark>from|to|into|than|by|before|after)\s+(?:(?:the|an?|its|your|each|any)\s+)?(?P<word>[\w-]+)",
    re.IGNORECASE,
)
_TURNED = {"from": ("to", "into"), "to": ("from",), "into": ("from",), "before": ("after",), "after": ("before",)}

_TOKEN = re.compile(r"[\w'’-]+|[^\w\s]")
_COORDINATES = frozenset({"and", "or", ",", "the", "a", "an", "/", "as", "well"})
MAX_THING_WORDS = 4
"""More words than that are no name of one thing."""

MIN_SHARED = 0.7
"""Order is compared only where so much of the claim's words stand in the evidence."""


def role_mismatches(claim: str, evidence: str, language: str | None = None) -> list[Mismatch]:
    """Words that stand in the claim the other way round about a third than in every sentence that has them all."""
    ours = clause(claim, language)
    others = [other for other in sentence_clauses(evidence, language) if _is_near(ours, other)]
    exchanged = [_exchanged(claim, other.text) for other in others]
    if others and all(exchanged):
        return [Mismatch(Fact.ROLE, exchanged[0], others[0].text)]
    if not others or any(_SYMMETRIC.search(text) for text in (claim, *(other.text for other in others))):
        return []
    swapped = [_swapped(ours, other) for other in others]
    if all(swapped):
        return [Mismatch(Fact.ROLE, swapped[0] or claim, others[0].text)]
    return []


def _is_near(ours: Clause, other: Clause) -> bool:
    return bool(ours.stems) and len(ours.stems & other.stems) >= MIN_SHARED * len(ours.stems)


def _exchanged(ours: str, other: str) -> str:
    """What stands where something else of the same sentence stood, and that in its place; all else is the same."""
    a, b = (_TOKEN.findall(text.casefold()) for text in (ours, other))
    if len(a) != len(b) or a == b:
        return ""
    start = next(i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y)
    end = len(a) - next(i for i, (x, y) in enumerate(zip(reversed(a), reversed(b), strict=True)) if x != y)
    a, b = a[start:end], b[start:end]
    for m in range(1, min(MAX_THING_WORDS, len(a) - 1) + 1):
        for n in range(1, min(MAX_THING_WORDS, len(a) - m) + 1):
            between = a[m : len(a) - n]
            if a[:m] == b[len(b) - m :] and a[len(a) - n :] == b[:n] and between == b[n : len(b) - m]:
                return "" if set(between) <= _COORDINATES else " ".join(a[:m])
    return ""


def _swapped(ours: Clause, other: Clause) -> str:
    """A word whose place is turned, empty where there is none."""
    marked = _marks(ours.text), _marks(other.text)
    for word, mark in marked[0].items():
        if marked[1].get(word) in _TURNED.get(mark, ()):
            return word
    if bool(_PASSIVE.search(ours.text)) != bool(_PASSIVE.search(other.text)):
        return ""
    return next(_turned_triples(ours, other), "")


def _marks(text: str) -> dict[str, str]:
    return {match["word"].casefold(): match["mark"].casefold() for match in _MARKED.finditer(text)}


def _turned_triples(ours: Clause, other: Clause) -> Iterator[str]:
    """Words a .. pivot .. b of the claim that stand as b .. pivot .. a; only words that both have once."""
    places = _once(other.words)
    own = _once(ours.words)
    mine = [(word, places[word.stem]) for word in ours.words if word.stem in own and word.stem in places]
    mine = [(word, place) for word, place in mine if not word.is_stopword]
    for (_, first), (pivot, middle), (b, last) in combinations(mine, 3):
        if first > middle > last:
            yield ours.text[pivot.start : b.end]


def _once(words: tuple[Word, ...]) -> dict[str, int]:
    """Stem -> place of the words that stand there once and tell something."""
    places: dict[str, int] = {}
    repeated = set()
    for i, word in enumerate(words):
        if word.is_stopword:
            continue
        if word.stem in places:
            repeated.add(word.stem)
        places[word.stem] = i
    return {stem: place for stem, place in places.items() if stem not in repeated}
