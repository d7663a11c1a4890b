"""Queries over the words of the embedded store: best passages, numbers of documents, facets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from indexer.embedded.analysis import query_terms
from indexer.embedded.clauses import between, boosted, term_query
from indexer.embedded.matching import (
    FUNCTION_WORD_BOOST,
    WordQuery,
    clauses_of_terms,
    document_query,
    form_query,
    may_occur,
    most_points,
    narrowed,
    passage_query,
    rarest,
)
from indexer.embedded.words import EXACT, TEXT, Part
from indexer.store import Sort

MAX_FACET_VALUES = 10_000


@dataclass(frozen=True, slots=True)
class WordFound:
    """A passage's row number, its score (0 unless sorted by relevance), and its place in the sort."""

    row: int
    score: float
    key: tuple[float, int]


def best_passages(parts: Sequence[Part], query: WordQuery, k: int, sort: Sort) -> list[WordFound]:
    """The ``k`` best passages of all parts and all that tie with the last of them, best first."""
    found: list[WordFound] = []
    for part in parts:
        matching = passage_query(part, query)
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
        matching = document_query(part, query)
        if matching is not None:
            total += part.searcher.search(matching, 1, count=True).count
    return total


def count_values(parts: Sequence[Part], query: WordQuery, field: str, prefix: str) -> dict[str, int]:
    """Value -> number of matching documents, for the values of a keyword field that start with ``prefix``."""
    terms: dict[str, Any] = {"field": field, "size": MAX_FACET_VALUES, "segment_size": MAX_FACET_VALUES}
    counts: dict[str, int] = {}
    for part in parts:
        matching = document_query(part, query)
        if matching is None:
            continue
        for bucket in part.searcher.aggregate(matching, {"values": {"terms": terms}})["values"]["buckets"]:
            value = bucket["key"]
            if value.startswith(prefix):
                counts[value.removeprefix(prefix)] = counts.get(value.removeprefix(prefix), 0) + bucket["doc_count"]
    return counts


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
    forms = [form for form in terms.forms if may_occur(part, form)]
    is_plain = terms.content and not terms.phrases and not terms.titled and all(len(f.phrase) == 1 for f in forms)
    if not is_plain or not part.is_clean or any(may_occur(part, form) for form in terms.wholes):
        return []
    function = rarest(part, terms.function)
    clauses = clauses_of_terms(part, rarest(part, terms.content))
    clauses += [form_query(part, form, EXACT if form.is_exact else TEXT, is_scored=True) for form in forms]
    clauses += [boosted(term_query(part, TEXT, term), n * FUNCTION_WORD_BOOST) for term, n in function]
    union = tantivy.Query.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses])
    if narrowed(part, query, union) is not union:
        return []
    found = _by_score(part, union, k)
    most = sum(n * FUNCTION_WORD_BOOST * most_points(part, term) for term, n in function)
    return found if found and found[-1].score > most else []


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
        [(tantivy.Occur.Must, matching), (tantivy.Occur.Must, between(part, sort, last, last))]
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
