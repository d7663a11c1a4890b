"""Words of a text, comparable whatever their inflection; snippets and answers match words with these."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from indexer.asking.stems import ANY_WORD, SPACED_WORD, analysed_word, has_cjk, is_cjk, stems_of
from indexer.languages import analyser_of

REMEMBERED_TEXTS = 2_048

_APART = {code: " " for code in range(128) if not chr(code).isalnum()}
"""What stands between words in ASCII, every sign in its place."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word at ``[start:end]`` of its text and the ``stem`` to compare it by; one CJK character is a word."""

    start: int
    end: int
    stem: str
    is_stopword: bool = False
    is_cjk: bool = False


def words(text: str, language: str | None = None) -> list[Word]:
    """Every word of the text in order, stemmed as the index stems its language (ISO 639-1; None means English)."""
    analyser = analyser_of(language)
    return [_word(match, analyser) for match in _word_of(text).finditer(text)]


def marked(text: str, wanted: Set[str], language: str | None = None) -> list[tuple[str, int, int]]:
    """(term, start, end) of the ``wanted`` terms in the text, in order."""
    if has_cjk(text):
        return [span for span in spans(words(text, language)) if span[0] in wanted]
    stems = stems_of(analyser_of(language))
    spaced = f" {text.translate(_APART)} " if text.isascii() else ""
    found = spaced.split() or SPACED_WORD.findall(text)
    # No stemmer changes the first letter of a word in ASCII.
    firsts = {term[:1] for term in wanted}
    likely = (word for word in {*found} if word[0].lower() in firsts or not word.isascii())
    if not (telling := {word for word in likely if stems[word] in wanted}):
        return []
    if spaced:
        return sorted((place for word in telling for place in _places(word, stems[word], spaced)), key=itemgetter(1))
    places, at = [], 0
    for word in found:
        at = text.find(word, at)
        if word in telling:
            places.append((stems[word], at, at + len(word)))
        at += len(word)
    return places


def _places(word: str, term: str, spaced: str) -> Iterator[tuple[str, int, int]]:
    """(term, start, end) of a word in a text that has a space at its beginning and nothing but spaces between words."""
    at = spaced.find(f" {word} ")
    while at >= 0:
        yield term, at, at + len(word)
        at = spaced.find(f" {word} ", at + len(word) + 1)


def _word_of(text: str) -> "re.Pattern[str]":
    return ANY_WORD if has_cjk(text) else SPACED_WORD


def _word(match: "re.Match[str]", analyser: str) -> Word:
    text = match.group()
    if is_cjk(text):
        return Word(match.start(), match.end(), text, is_cjk=True)
    stem, is_stopword = analysed_word(text, analyser)
    return Word(match.start(), match.end(), stem, is_stopword)


def terms(text: str, language: str | None = None) -> list[str]:
    """What the text is about: stems in order without stop words (with them where there is nothing else).

    Neighbouring CJK characters come as overlapping pairs, for one character alone says too little.
    """
    if not has_cjk(text):
        analyser = analyser_of(language)
        stems = [analysed_word(word, analyser) for word in SPACED_WORD.findall(text)]
        return [stem for stem, is_stopword in stems if not is_stopword] or [stem for stem, _ in stems]
    found = words(text, language)
    telling = [word for word in found if not word.is_stopword] or found
    return [term for term, _, _ in spans(telling)]


@lru_cache(maxsize=REMEMBERED_TEXTS)
def term_set(text: str, language: str | None = None) -> frozenset[str]:
    """The terms without order, remembered for texts that are compared with many others."""
    return frozenset(terms(text, language))


def pieces(text: str, language: str | None = None) -> list[str]:
    """What ``terms`` makes its stems of: words as they stand in the text, CJK characters in pairs."""
    found = words(text, language)
    telling = [word for word in found if not word.is_stopword] or found
    return [text[start:end] for _, start, end in spans(telling)]


def spans(found: list[Word]) -> list[tuple[str, int, int]]:
    """(term, start, end) of words in order, CJK characters joined in overlapping pairs."""
    joined: list[tuple[str, int, int]] = []
    for i, word in enumerate(found):
        follows = i > 0 and found[i - 1].is_cjk and found[i - 1].end == word.start
        leads = i + 1 < len(found) and found[i + 1].is_cjk and found[i + 1].start == word.end
        if word.is_cjk and leads:
            joined.append((word.stem + found[i + 1].stem, word.start, found[i + 1].end))
        elif not (word.is_cjk and follows):
            joined.append((word.stem, word.start, word.end))
    return joined
