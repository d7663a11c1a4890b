"""Text analysis of the embedded store: what counts as a word, in documents and in queries."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from indexer.keywords import parse_search_text
from indexer.languages import ANALYSERS, CJK, FOLDED_FIRST, PLAIN, normal_form

MAX_WORD_BYTES = 80
"""Longer runs of letters are no words (encoded data, hashes) and would only fill the dictionary."""

_STOPWORDS = frozenset(ANALYSERS) - {"arabic", "greek", "romanian", "turkish", CJK, PLAIN}
"""The languages for which tantivy has a list of function words."""

# Scripts written without spaces between words: Thai, Lao, Burmese, Khmer, then Chinese, Japanese and Korean.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_WORD = r"[\p{L}\p{N}\p{M}]+"


@dataclass(frozen=True, slots=True)
class Terms:
    """A query in the terms of one analyser: one ``content`` term must match, ``function`` words only add to the score.

    Both are (term, how often). Every phrase must occur. All empty: no word in it.
    """

    content: tuple[tuple[str, int], ...] = ()
    function: tuple[tuple[str, int], ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()


def normal(text: str) -> str:
    """Compatibility characters as ordinary ones; unspaced scripts as single characters and bigrams, with spaces."""
    if text.isascii():
        return text
    return _UNSPACED.sub(_index_grams, normal_form(text))


def build_analyser(analyser: str, drop_function_words: bool = False) -> Any:
    """A tantivy analyser for text that went through ``normal``."""
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(_WORD))
    builder = builder.filter(tantivy.Filter.remove_long(MAX_WORD_BYTES)).filter(tantivy.Filter.lowercase())
    if analyser in FOLDED_FIRST:
        builder = builder.filter(tantivy.Filter.ascii_fold())
    if drop_function_words and analyser in _STOPWORDS:
        builder = builder.filter(tantivy.Filter.stopword(analyser))
    if analyser not in (CJK, PLAIN):
        builder = builder.filter(tantivy.Filter.stemmer(analyser))
    return builder.filter(tantivy.Filter.ascii_fold()).build()


@lru_cache(maxsize=256)
def query_terms(analyser: str, text: str) -> Terms:
    """What a person typed, as terms of this analyser."""
    parsed = parse_search_text(text)
    words = _UNSPACED.sub(_query_grams, normal_form(parsed.words))
    every = _counted(build_analyser(analyser).analyze(words))
    content = _counted(build_analyser(analyser, drop_function_words=True).analyze(words)) or every
    function = {term: n for term, n in every.items() if term not in content}
    phrases = (tuple(build_analyser(analyser).analyze(normal(phrase))) for phrase in parsed.phrases)
    return Terms(tuple(content.items()), tuple(function.items()), tuple(phrase for phrase in phrases if phrase))


def _counted(terms: list[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for term in terms:
        counts[term] = counts.get(term, 0) + 1
    return counts


def _index_grams(match: re.Match[str]) -> str:
    run = match.group()
    return " " + " ".join(run[i : i + n] for i in range(len(run)) for n in (1, 2) if i + n <= len(run)) + " "


def _query_grams(match: re.Match[str]) -> str:
    run = match.group()
    return " " + " ".join(run[i : i + 2] for i in range(max(1, len(run) - 1))) + " "
