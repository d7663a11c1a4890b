"""What is asked of the words of the embedded store, as queries of tantivy: which passages and documents fit."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from indexer.asking.asked import Asked
from indexer.asking.exact import exact_tokens
from indexer.embedded.analysis import Phrase, Terms, Weighed, analysed, query_terms
from indexer.embedded.clauses import any_of, between, boosted, each, either, phrase_query, term_query
from indexer.embedded.filters import FilterKey
from indexer.embedded.words import EXACT, FIRST, HEADING, TEXT, TITLE, UNDATED, WHOLE, WHOLE_EXACT, Part

TITLE_BOOST = 0.25
HEADING_BOOST = 0.1
FUNCTION_WORD_BOOST = 0.3
"""How much a match in the title or a heading adds to the same match in ``text``, and how much a function word counts.

Tuned on nfcorpus dev, squad11 train and medquad train.
"""

BM25_K1 = 1.2
"""tantivy's, which cannot be set."""

MAX_TERMS = 96
"""A longer query is searched by its rarest words."""


@dataclass(frozen=True, slots=True)
class WordQuery:
    """What is asked of every part. ``dead`` are documents that the parts on disk still have and should not."""

    asked: Asked
    filters: FilterKey
    is_restricted: bool
    dead: tuple[int, ...] = ()


def passage_query(part: Part, query: WordQuery) -> Any:
    """A scored query over passages; None where nothing can match."""
    import tantivy

    if query.asked.is_empty:
        return narrowed(part, query, tantivy.Query.all_query())
    terms = query_terms(part.analyser, query.asked)
    scored = _scored(part, terms)
    return None if scored is None else narrowed(part, query, scored)


def document_query(part: Part, query: WordQuery) -> Any:
    """An unscored query that matches the first passage of each matching document; None where nothing can match."""

    if query.asked.is_empty:
        return narrowed(part, query, term_query(part, FIRST, "1"))
    terms = query_terms(part.analyser, query.asked)
    must = [phrase_query(part, WHOLE_EXACT, phrase) for phrase in terms.phrases]
    must += [phrase_query(part, TITLE, (word,)) for phrase in terms.titled for word in phrase]
    words = [term for term, _ in terms.content]
    # A few are looked up one by one in half the time that a set of them takes.
    matching = (
        [term_query(part, WHOLE, word) for word in words] if len(words) <= MAX_TERMS else [any_of(part, WHOLE, words)]
    )
    matching += [form_query(part, form, WHOLE_EXACT if form.is_exact else WHOLE) for form in terms.forms]
    if matching:
        must.append(either(matching))
    return narrowed(part, query, each(must)) if must else None


def _scored(part: Part, terms: Terms) -> Any:
    import tantivy

    must, should = tantivy.Occur.Must, tantivy.Occur.Should
    matching = [_sum_of_terms(part, rarest(part, terms.content))] if terms.content else []
    matching += [form_query(part, form, EXACT if form.is_exact else TEXT, is_scored=True) for form in terms.forms]
    clauses = [(must, either(matching))] if matching else []
    clauses += [(must, phrase_query(part, EXACT, phrase)) for phrase in terms.phrases]
    clauses += [(must, phrase_query(part, TITLE, (word,))) for phrase in terms.titled for word in phrase]
    if not clauses:
        return None
    function = rarest(part, terms.function)
    clauses += [(should, boosted(term_query(part, TEXT, term), n * FUNCTION_WORD_BOOST)) for term, n in function]
    clauses += [(should, form_query(part, f, EXACT if f.is_exact else TEXT, is_scored=True)) for f in terms.wholes]
    return clauses[0][1] if len(clauses) == 1 else tantivy.Query.boolean_query(clauses)


def form_query(part: Part, form: Weighed, field: str, *, is_scored: bool = False) -> Any:
    """A form side by side in a field, with what it adds where it ``is_scored``."""
    found = phrase_query(part, field, form.phrase)
    return boosted(found, form.weight) if is_scored else found


def _sum_of_terms(part: Part, terms: Sequence[tuple[str, int]]) -> Any:
    import tantivy

    return tantivy.Query.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses_of_terms(part, terms)])


def clauses_of_terms(part: Part, terms: Sequence[tuple[str, int]]) -> list[Any]:
    """Each term in each field that counts, with what it counts there."""
    fields = ((TEXT, 1.0), (TITLE, TITLE_BOOST), (HEADING, HEADING_BOOST))
    return [boosted(term_query(part, field, term), n * boost) for term, n in terms for field, boost in fields if boost]


def rarest(part: Part, terms: Sequence[tuple[str, int]]) -> Sequence[tuple[str, int]]:
    """The terms that a long query is searched by."""
    if len(terms) <= MAX_TERMS:
        return terms
    frequency = {term: part.searcher.doc_freq(TEXT, term) for term, _ in terms}
    known = [pair for pair in terms if frequency[pair[0]]] or list(terms)
    return sorted(known, key=lambda pair: frequency[pair[0]])[:MAX_TERMS]


def narrowed(part: Part, query: WordQuery, matching: Any) -> Any:
    """``matching`` under the filters, scores unchanged."""
    import tantivy

    asked, start, end = query.filters
    clauses = [
        any_of(part, clause.field, clause.values) for clause in asked if clause.field != "access" or query.is_restricted
    ]
    if start is not None or end is not None:
        low, high = (-UNDATED + 1 if start is None else start), (UNDATED - 1 if end is None else end - 1)
        clauses.append(between(part, "newest", low, high))
    narrowing = [(tantivy.Occur.Must, tantivy.Query.const_score_query(clause, 0.0)) for clause in clauses]
    if query.dead and not part.is_overlay:
        dead = tantivy.Query.term_set_query(part.schema, "doc", list(query.dead))
        narrowing.append((tantivy.Occur.MustNot, dead))
    if query.asked.excluded and (unwanted := _unwanted(part, query.asked)):
        narrowing.append((tantivy.Occur.MustNot, tantivy.Query.term_set_query(part.schema, "doc", unwanted)))
    if not narrowing:
        return matching
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, matching), *narrowing])


def _unwanted(part: Part, asked: Asked) -> list[int]:
    """The documents that hold an excluded word or phrase anywhere."""
    words = [phrase for text in asked.excluded if (phrase := _excluded(part.analyser, text))]
    if not words:
        return []
    found = either([phrase_query(part, WHOLE if len(phrase) == 1 else WHOLE_EXACT, phrase) for phrase in words])
    hits = part.searcher.search(found, max(1, part.searcher.num_docs), count=False).hits
    return [int(doc) for doc in part.searcher.fast_field_values("doc", [address for _, address in hits])]


def _excluded(analyser: str, text: str) -> Phrase:
    """A word by its stem; several, or signs, as they stand."""
    terms = analysed(analyser, text)
    return terms if len(terms) == 1 and text.isalnum() else tuple(exact_tokens(text))


def may_occur(part: Part, form: Weighed) -> bool:
    """Whether every term of a form stands somewhere."""
    return all(part.searcher.doc_freq(EXACT if form.is_exact else TEXT, term) for term in form.phrase)


def most_points(part: Part, term: str) -> float:
    """What BM25 gives to a passage that says nothing but this word, without an end."""
    having = part.searcher.doc_freq(TEXT, term)
    rarity = math.log(1 + (part.searcher.num_docs - having + 0.5) / (having + 0.5))
    return (BM25_K1 + 1) * rarity
