"""Words of a text, comparable whatever their inflection; snippets and answers match words with these."""

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from indexer.languages import CJK, FOLDED_FIRST, PLAIN, analyser_of, normal_form

_CJK = (
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
)
_WORD = re.compile(rf"[{_CJK}]|(?![{_CJK}])[^\W_](?:(?![{_CJK}])[^\W_]|[\u0300-\u036f])*")
"""Accents that stand after their letters belong to the word."""

_SPACED_WORD = re.compile("[^\\W_]+(?:[\u0300-\u036f]+[^\\W_]*)*")
"""The same in texts without CJK characters, found in a fraction of the time."""

_ASCII_WORDS = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}
_PRINTED_MARKS = re.compile("[\u2010-\u2027\u2030-\u205e\u00a0\u00ab\u00b7\u00bb]")
"""All that most English texts have beyond ASCII; between words they count as spaces do."""

_IS_CJK = re.compile(rf"[{_CJK}]")

_QUESTION_WORDS = (
    "a about after all also am an and any are as at be because been before being between both but by can could did do "
    "does doing during for from had has have he her here him his how i if in into is it its just may me might must my "
    "nor of on or our out over own s shall she should so some such t than that the their them then there these they "
    "this those through to until up upon us was we were what when where which while who whom whose why will with would "
    "you your"
)
"""English words that say nothing of what a question is about; text engines' lists lack most of those in questions."""

_LANGUAGES_WITH_STOPWORDS = (
    "danish dutch english finnish french german hungarian italian norwegian portuguese russian spanish swedish"
)
REMEMBERED_WORDS = 100_000
REMEMBERED_TEXTS = 2_048

_STOPWORDS = frozenset(_QUESTION_WORDS.split())
_WITH_STOPWORDS = frozenset(_LANGUAGES_WITH_STOPWORDS.split())


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
    stems = _stems(analyser_of(language))
    found = ((stems[match.group()], *match.span()) for match in _SPACED_WORD.finditer(text))
    return [span for span in found if span[0] in wanted]


def _word_of(text: str) -> "re.Pattern[str]":
    return _WORD if has_cjk(text) else _SPACED_WORD


def _word(match: "re.Match[str]", analyser: str) -> Word:
    text = match.group()
    if _IS_CJK.match(text):
        return Word(match.start(), match.end(), text, is_cjk=True)
    stem, is_stopword = _stem(text, analyser)
    return Word(match.start(), match.end(), stem, is_stopword)


def has_cjk(text: str) -> bool:
    """Whether there is a Chinese, Japanese or Korean character in the text."""
    return not text.isascii() and not _is_western(text) and _IS_CJK.search(text) is not None


def _is_western(text: str) -> bool:
    """Whether a text keeps to Western European print, told much sooner than by an expression."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def terms(text: str, language: str | None = None) -> list[str]:
    """What the text is about: stems in order without stop words (with them where there is nothing else).

    Neighbouring CJK characters come as overlapping pairs, for one character alone says too little.
    """
    if not has_cjk(text):
        analyser = analyser_of(language)
        stems = [_stem(word, analyser) for word in _SPACED_WORD.findall(text)]
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


def stem(word: str, language: str | None = None) -> str:
    """The stem of one word, or a CJK pair as it is."""
    return word if _IS_CJK.match(word) else _stem(word, analyser_of(language))[0]


def is_stopword(word: str, language: str | None = None) -> bool:
    """Whether a word says nothing of what a query is about."""
    return _stem(word, analyser_of(language))[1]


def plain_words(text: str) -> list[str]:
    """The words of a text without their places, those of ASCII texts in lower case: quicker than ``words``."""
    plain = text if text.isascii() else _PRINTED_MARKS.sub(" ", text)
    if plain.isascii():
        return plain.translate(_ASCII_WORDS).split()
    if has_cjk(plain):
        return _WORD.findall(plain)
    return [word for piece in plain.split() for word in ((piece,) if piece.isalnum() else _SPACED_WORD.findall(piece))]


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


class _Stems(dict[str, str]):
    """Word -> stem, made when first asked for; a dictionary, since a call for each word of a text takes long."""

    def __init__(self, analyser: str) -> None:
        super().__init__()
        self._analyser = analyser

    def __missing__(self, word: str) -> str:
        if len(self) >= REMEMBERED_WORDS:
            self.clear()
        self[word] = found = _stem(word, self._analyser)[0]
        return found


@lru_cache
def _stems(analyser: str) -> _Stems:
    return _Stems(analyser)


@lru_cache(maxsize=REMEMBERED_WORDS)
def _stem(word: str, analyser: str) -> tuple[str, bool]:
    """(stem, whether it is a stop word) of one word."""
    lowered = normal_form(word).casefold()
    if lowered in _STOPWORDS:
        return lowered, True
    stemmer, stopper = _analysers(analyser)
    stemmed = stemmer.analyze(lowered)
    return (stemmed[0] if stemmed else lowered), stopper is not None and not stopper.analyze(lowered)


@lru_cache
def _analysers(analyser: str) -> tuple[Any, Any]:
    """tantivy's stemmer for one word, and its stop word filter or None."""
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    stemmer = TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.lowercase())
    if analyser in FOLDED_FIRST:
        stemmer = stemmer.filter(Filter.ascii_fold())
    if analyser not in (CJK, PLAIN):
        stemmer = stemmer.filter(Filter.stemmer(analyser))
    stopper = None
    if analyser in _WITH_STOPWORDS:
        stopper = TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.stopword(analyser)).build()
    return stemmer.filter(Filter.ascii_fold()).build(), stopper
