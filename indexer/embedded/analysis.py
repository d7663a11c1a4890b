"""Text analysis of the embedded store: what counts as a word, in documents and in queries."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from indexer.asking.asked import Asked, Form
from indexer.asking.exact import exact_tokens
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


Phrase = tuple[str, ...]
"""Terms that stand side by side; one alone is a term."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A form in the terms of one analyser (or, ``is_exact``, as it stands) and what it adds, as a share."""

    phrase: Phrase
    weight: float
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """A query in the terms of one analyser: a ``content`` term or a form must match; ``function`` words only add.

    Both are (term, how often). Every one of ``phrases``, which are exact, must occur, and ``titled`` in the title.
    """

    content: tuple[tuple[str, int], ...] = ()
    function: tuple[tuple[str, int], ...] = ()
    phrases: tuple[Phrase, ...] = ()
    forms: tuple[Weighed, ...] = ()
    wholes: tuple[Weighed, ...] = ()
    titled: tuple[Phrase, ...] = ()


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
def query_terms(analyser: str, asked: Asked) -> Terms:
    """What is asked, as terms of this analyser."""
    words = _UNSPACED.sub(_query_grams, normal_form(asked.words))
    every = _counted(_kept_analyser(analyser).analyze(words))
    content = _counted(_kept_analyser(analyser, drop_function_words=True).analyze(words)) or every
    function = {term: n for term, n in every.items() if term not in content}
    return Terms(
        tuple(content.items()),
        tuple(function.items()),
        tuple(phrase for text in asked.phrases if (phrase := tuple(exact_tokens(text)))),
        tuple(_weighed(analyser, asked.forms)),
        tuple(_weighed(analyser, asked.wholes)),
        tuple(phrase for text in asked.titled if (phrase := analysed(analyser, text))),
    )


def analysed(analyser: str, text: str) -> Phrase:
    """The terms of a text in order."""
    return tuple(_kept_analyser(analyser).analyze(normal(text)))


@lru_cache
def _kept_analyser(analyser: str, drop_function_words: bool = False) -> Any:
    """``build_analyser`` for queries: building one, with its expression and word list, takes longer than its work."""
    return build_analyser(analyser, drop_function_words)


def _weighed(analyser: str, forms: tuple[Form, ...]) -> Iterator[Weighed]:
    for form in filter(lambda form: form.is_for(analyser), forms):
        phrase = tuple(exact_tokens(form.text)) if form.is_exact else analysed(analyser, form.text)
        if phrase:
            yield Weighed(phrase, form.weight, form.is_exact)


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
