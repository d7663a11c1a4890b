"""Queries over the words of the embedded store: best passages, numbers of documents, facets."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from indexer.asking.asked import Asked
from indexer.asking.exact import exact_tokens
from indexer.embedded.analysis import Phrase, Terms, Weighed, analysed, query_terms
from indexer.embedded.filters import FilterKey
from indexer.embedded.words import EXACT, FIRST, HEADING, TEXT, TITLE, UNDATED, WHOLE, WHOLE_EXACT, Part
from indexer.store import Sort

TITLE_BOOST = 0.25
HEADING_BOOST = 0.1
FUNCTION_WORD_BOOST = 0.3
"""How much a match in the title or a heading adds to the same match in ``text``, and how much a function word counts.

Tuned on nfcorpus dev, squad11 train and medquad train.
"""

SCORED = (TEXT, TITLE, HEADING, EXACT)

BM25_K1 = 1.2
"""tantivy's, which cannot be set."""

MAX_TERMS = 96
"""A longer query is searched by its rarest words."""

MAX_FACET_VALUES = 10_000


@dataclass(frozen=True, slots=True)
class WordFound:
    """A passage's row number, its score (0 unless sorted by relevance), and its place in the sort."""

    row: int
    score: float
    key: tuple[float, int]


@dataclass(frozen=True, slots=True)
class WordQuery:
    """What is asked of every part. ``dead`` are documents that the parts on disk still have and should not."""

    asked: Asked
    filters: FilterKey
    is_restricted: bool
    dead: tuple[int, ...] = ()


def best_passages(parts: Sequence[Part], query: WordQuery, k: int, sort: Sort) -> list[WordFound]:
    """The ``k`` best passages of all parts and all that tie with the last of them, best first."""
    found: list[WordFound] = []
    for part in parts:
        matching = _passage_query(part, query)
        if matching is None:
            continue
        if sort != "relevance":
            found += _by_field(part, matching, k, sort)
        elif query.asked.is_empty:
            found += _browse(part, matching, k)
        else:
            found += _by_union(part, query, k) or _by_score(part, matching, k)
    found.sort(key=lambda f: f.key)
    return found[:k]


def count_documents(parts: Sequence[Part], query: WordQuery) -> int:
    """How many documents match."""
    total = 0
    for part in parts:
        matching = _document_query(part, query)
        if matching is not None:
            total += part.searcher.search(matching, 1, count=True).count
    return total


def count_values(parts: Sequence[Part], query: WordQuery, field: str, prefix: str) -> dict[str, int]:
    """Value -> number of matching documents, for the values of a keyword field that start with ``prefix``."""
    terms: dict[str, Any] = {"field": field, "size": MAX_FACET_VALUES, "segment_size": MAX_FACET_VALUES}
    counts: dict[str, int] = {}
    for part in parts:
        matching = _document_query(part, query)
        if matching is None:
            continue
        for bucket in part.searcher.aggregate(matching, {"values": {"terms": terms}})["values"]["buckets"]:
            value = bucket["key"]
            if value.startswith(prefix):
                counts[value.removeprefix(prefix)] = counts.get(value.removeprefix(prefix), 0) + bucket["doc_count"]
    return counts


def _passage_query(part: Part, query: WordQuery) -> Any:
    """A scored query over passages; None where nothing can match."""
    import tantivy

    if query.asked.is_empty:
        return narrowed(part, query, tantivy.Query.all_query())
    terms = query_terms(part.analyser, query.asked)
    scored = _scored(part, terms)
    return None if scored is None else narrowed(part, query, scored)


def _document_query(part: Part, query: WordQuery) -> Any:
    """An unscored query that matches the first passage of each matching document; None where nothing can match."""

    if query.asked.is_empty:
        return narrowed(part, query, _term(part, FIRST, "1"))
    terms = query_terms(part.analyser, query.asked)
    must = [phrase_query(part, WHOLE_EXACT, phrase) for phrase in terms.phrases]
    must += [phrase_query(part, TITLE, (word,)) for phrase in terms.titled for word in phrase]
    words = [term for term, _ in terms.content]
    # A few are looked up one by one in half the time that a set of them takes.
    matching = [_term(part, WHOLE, word) for word in words] if len(words) <= MAX_TERMS else [_any(part, WHOLE, words)]
    matching += [_form(part, form, WHOLE_EXACT if form.is_exact else WHOLE) for form in terms.forms]
    if matching:
        must.append(_either(matching))
    return narrowed(part, query, each(must)) if must else None


def _scored(part: Part, terms: Terms) -> Any:
    import tantivy

    must, should = tantivy.Occur.Must, tantivy.Occur.Should
    matching = [_sum_of_terms(part, _rarest(part, terms.content))] if terms.content else []
    matching += [_form(part, form, EXACT if form.is_exact else TEXT, is_scored=True) for form in terms.forms]
    clauses = [(must, _either(matching))] if matching else []
    clauses += [(must, phrase_query(part, EXACT, phrase)) for phrase in terms.phrases]
    clauses += [(must, phrase_query(part, TITLE, (word,))) for phrase in terms.titled for word in phrase]
    if not clauses:
        return None
    function = _rarest(part, terms.function)
    clauses += [(should, _boosted(_term(part, TEXT, term), n * FUNCTION_WORD_BOOST)) for term, n in function]
    clauses += [(should, _form(part, f, EXACT if f.is_exact else TEXT, is_scored=True)) for f in terms.wholes]
    return clauses[0][1] if len(clauses) == 1 else tantivy.Query.boolean_query(clauses)


def _form(part: Part, form: Weighed, field: str, *, is_scored: bool = False) -> Any:
    found = phrase_query(part, field, form.phrase)
    return _boosted(found, form.weight) if is_scored else found


def _either(queries: Sequence[Any]) -> Any:
    import tantivy

    return (
        queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(tantivy.Occur.Should, q) for q in queries])
    )


def each(queries: Sequence[Any]) -> Any:
    """What fits every one of these."""
    import tantivy

    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(tantivy.Occur.Must, q) for q in queries])


def _sum_of_terms(part: Part, terms: Sequence[tuple[str, int]]) -> Any:
    import tantivy

    return tantivy.Query.boolean_query([(tantivy.Occur.Should, clause) for clause in _clauses_of_terms(part, terms)])


def _clauses_of_terms(part: Part, terms: Sequence[tuple[str, int]]) -> list[Any]:
    fields = ((TEXT, 1.0), (TITLE, TITLE_BOOST), (HEADING, HEADING_BOOST))
    return [_boosted(_term(part, field, term), n * boost) for term, n in terms for field, boost in fields if boost]


def _rarest(part: Part, terms: Sequence[tuple[str, int]]) -> Sequence[tuple[str, int]]:
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
        _any(part, clause.field, clause.values) for clause in asked if clause.field != "access" or query.is_restricted
    ]
    if start is not None or end is not None:
        low, high = (-UNDATED + 1 if start is None else start), (UNDATED - 1 if end is None else end - 1)
        clauses.append(_between(part, "newest", low, high))
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
    found = _either([phrase_query(part, WHOLE if len(phrase) == 1 else WHOLE_EXACT, phrase) for phrase in words])
    hits = part.searcher.search(found, max(1, part.searcher.num_docs), count=False).hits
    return [int(doc) for doc in part.searcher.fast_field_values("doc", [address for _, address in hits])]


def _excluded(analyser: str, text: str) -> Phrase:
    """A word by its stem; several, or signs, as they stand."""
    terms = analysed(analyser, text)
    return terms if len(terms) == 1 and text.isalnum() else tuple(exact_tokens(text))


def _by_score(part: Part, matching: Any, k: int) -> list[WordFound]:
    fetch = k + 16
    while True:
        hits = part.searcher.search(matching, fetch, count=False).hits
        # Sums in another order differ in the last bits; equal texts must compare equal.
        scores = [round(score, 4) for score, _ in hits]
        if len(hits) < fetch or scores[k - 1] > scores[-1]:
            return _numbered(part, [address for _, address in hits], scores, [-score for score in scores])
        fetch *= 4


def _by_union(part: Part, query: WordQuery, k: int) -> list[WordFound]:
    """The same as by ``_scored``, found sooner; nothing where that is not certain.

    Where a passage may hold any of some terms, tantivy passes over those that cannot be among the best; not so where
    it must hold some and may hold others. So all are put on one level, and no passage that has more points than all
    function words together can give is there for those alone.
    """
    import tantivy

    terms = query_terms(part.analyser, query.asked)
    forms = [form for form in terms.forms if _may_occur(part, form)]
    is_plain = terms.content and not terms.phrases and not terms.titled and all(len(f.phrase) == 1 for f in forms)
    if not is_plain or not part.is_clean or any(_may_occur(part, form) for form in terms.wholes):
        return []
    function = _rarest(part, terms.function)
    clauses = _clauses_of_terms(part, _rarest(part, terms.content))
    clauses += [_form(part, form, EXACT if form.is_exact else TEXT, is_scored=True) for form in forms]
    clauses += [_boosted(_term(part, TEXT, term), n * FUNCTION_WORD_BOOST) for term, n in function]
    union = tantivy.Query.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses])
    if narrowed(part, query, union) is not union:
        return []
    found = _by_score(part, union, k)
    most = sum(n * FUNCTION_WORD_BOOST * _most_points(part, term) for term, n in function)
    return found if found and found[-1].score > most else []


def _may_occur(part: Part, form: Weighed) -> bool:
    return all(part.searcher.doc_freq(EXACT if form.is_exact else TEXT, term) for term in form.phrase)


def _most_points(part: Part, term: str) -> float:
    """What BM25 gives to a passage that says nothing but this word, without an end."""
    having = part.searcher.doc_freq(TEXT, term)
    rarity = math.log(1 + (part.searcher.num_docs - having + 0.5) / (having + 0.5))
    return (BM25_K1 + 1) * rarity


def _browse(part: Part, matching: Any, k: int) -> list[WordFound]:
    import tantivy

    hits = part.searcher.search(matching, k, count=False, order_by_field="order", order=tantivy.Order.Asc).hits
    return _numbered(part, [address for _, address in hits], [0.0] * len(hits), [0.0] * len(hits))


def _by_field(part: Part, matching: Any, k: int, sort: Sort) -> list[WordFound]:
    """First those whose date is certain to be among the ``k``, then those that share the last date, by passage id."""
    import tantivy

    order, sign = (tantivy.Order.Desc, -1) if sort == "newest" else (tantivy.Order.Asc, 1)
    hits = part.searcher.search(matching, k, count=False, order_by_field=sort, order=order).hits
    if not hits:
        return []
    last = hits[-1][0]
    surely = [(value, address) for value, address in hits if value != last]
    tied = tantivy.Query.boolean_query(
        [(tantivy.Occur.Must, matching), (tantivy.Occur.Must, _between(part, sort, last, last))]
    )
    ascending = tantivy.Order.Asc
    ties = part.searcher.search(tied, k - len(surely), count=False, order_by_field="order", order=ascending).hits
    values = [value for value, _ in surely] + [last] * len(ties)
    addresses = [address for _, address in (*surely, *ties)]
    return _numbered(part, addresses, [0.0] * len(addresses), [sign * value for value in values])


def _numbered(part: Part, addresses: list[Any], scores: list[float], keys: Sequence[float]) -> list[WordFound]:
    rows = part.searcher.fast_field_values("row", addresses)
    orders = part.searcher.fast_field_values("order", addresses)
    return [WordFound(rows[i], scores[i], (keys[i], orders[i])) for i in range(len(addresses))]


def _term(part: Part, field: str, term: str) -> Any:
    import tantivy

    return tantivy.Query.term_query(part.schema, field, term, "freq" if field in SCORED else "basic")


def _any(part: Part, field: str, terms: Sequence[str]) -> Any:
    import tantivy

    if len(terms) == 1:
        return _term(part, field, terms[0])
    return tantivy.Query.term_set_query(part.schema, field, list(terms))


def phrase_query(part: Part, field: str, phrase: Sequence[str]) -> Any:
    """Terms side by side in a field; one alone is a term."""
    import tantivy

    if len(phrase) == 1:
        return _term(part, field, phrase[0])
    return tantivy.Query.phrase_query(part.schema, field, list(phrase))


def _boosted(query: Any, boost: float) -> Any:
    import tantivy

    return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)


def _between(part: Part, field: str, low: int, high: int) -> Any:
    import tantivy

    return tantivy.Query.range_query(part.schema, field, tantivy.FieldType.Integer, low, high)
