"""The words of the embedded store that are like one that was typed."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from indexer.asking.exact import is_word
from indexer.asking.spelling import (
    COMPOUNDING,
    INFLECTIONS,
    MAX_LISTED,
    Pattern,
    Spelling,
    commonest,
    ends_kept,
    is_compound,
    is_within,
    nearest,
)
from indexer.embedded.analysis import analysed
from indexer.embedded.clauses import each, phrase_query
from indexer.embedded.matching import WordQuery, narrowed
from indexer.embedded.words import BACKWARDS, EXACT, TEXT, Part


def spellings(parts: Sequence[Part], query: WordQuery, patterns: Sequence[Pattern]) -> list[list[Spelling]]:
    """For each pattern the words that fit it, in passages that ``query`` lets through."""
    return [_fitting(parts, query, pattern) for pattern in patterns]


def _fitting(parts: Sequence[Part], query: WordQuery, pattern: Pattern) -> list[Spelling]:
    text = pattern.text
    compounding = [part for part in parts if part.analyser in COMPOUNDING]
    if pattern.likeness in ("holds", "parts"):
        held = parts if pattern.likeness == "holds" else compounding
        count_in = _count if pattern.likeness == "holds" else _count_of_both
        count = sum(count_in(part, query, text) for part in held)
        return [Spelling(text, count)] if count else []
    if pattern.likeness == "begins":
        return commonest(_listed(parts, query, text))
    if pattern.likeness == "near":
        starts, end = ends_kept(text)
        listed = [s for start in starts for s in _listed(parts, query, start)]
        known = {s.word: s for s in (*listed, *_listed(parts, query, end, is_end=True))}
        return nearest(text, known.values())
    if not compounding:
        return []
    if pattern.likeness == "inner":
        return commonest(_within(compounding, query, text))
    listed = _listed(compounding, query, text)
    for ending in INFLECTIONS:
        listed += _listed(compounding, query, text + ending, is_end=True)
    known = {s.word: s for s in listed if is_compound(s.word, text)}
    return commonest(known.values())


def _count(part: Part, query: WordQuery, text: str) -> int:
    terms = analysed(part.analyser, text)
    if not terms:
        return 0
    matching = phrase_query(part, TEXT, terms)
    found = narrowed(part, query, matching)
    if found is matching and part.is_clean and len(terms) == 1:
        return int(part.searcher.doc_freq(TEXT, terms[0]))
    return int(part.searcher.search(found, 1, count=True).count)


def _count_of_both(part: Part, query: WordQuery, text: str) -> int:
    terms = [analysed(part.analyser, word) for word in text.split()]
    # Most parts of a word are no words: told sooner than by a search.
    if not all(len(one) == 1 and part.searcher.doc_freq(TEXT, one[0]) for one in terms):
        return 0
    found = narrowed(part, query, each([phrase_query(part, TEXT, one) for one in terms]))
    return int(part.searcher.search(found, 1, count=True).count)


def _listed(parts: Sequence[Part], query: WordQuery, text: str, *, is_end: bool = False) -> list[Spelling]:
    """Words that begin (or end) with ``text``, the commonest of each part."""
    counts: Counter[str] = Counter()
    if not text:
        return []
    for part in parts:
        field, prefix = (BACKWARDS, text[::-1]) if is_end else (EXACT, text)
        for term, count in part.searcher.terms_with_prefix(field, prefix, _filter(part, query), MAX_LISTED):
            counts[term[::-1] if is_end else term] += count
    return [Spelling(word, count) for word, count in counts.items() if count and is_word(word)]


def _within(parts: Sequence[Part], query: WordQuery, text: str) -> list[Spelling]:
    """Words that hold ``text`` between other parts; the whole vocabulary is walked."""
    words = {word for part in parts for word, _ in part.searcher.terms_with_prefix(EXACT, "") if is_within(word, text)}
    return [s for word in sorted(words)[:MAX_LISTED] for s in _listed(parts, query, word) if s.word == word]


def _filter(part: Part, query: WordQuery) -> Any:
    """None where every passage may be shown."""
    import tantivy

    everything = tantivy.Query.all_query()
    found = narrowed(part, query, everything)
    return None if found is everything else found
