"""tantivy's queries over a part, each made in one line: pure functions."""

from collections.abc import Sequence
from typing import Any

from indexer.embedded.words import EXACT, HEADING, TEXT, TITLE, Part

SCORED = (TEXT, TITLE, HEADING, EXACT)


def term_query(part: Part, field: str, term: str) -> Any:
    """A term in a field, its frequency counted where the field is scored."""
    import tantivy

    return tantivy.Query.term_query(part.schema, field, term, "freq" if field in SCORED else "basic")


def any_of(part: Part, field: str, terms: Sequence[str]) -> Any:
    """One of some terms in a field."""
    import tantivy

    if len(terms) == 1:
        return term_query(part, field, terms[0])
    return tantivy.Query.term_set_query(part.schema, field, list(terms))


def phrase_query(part: Part, field: str, phrase: Sequence[str]) -> Any:
    """Terms side by side in a field; one alone is a term."""
    import tantivy

    if len(phrase) == 1:
        return term_query(part, field, phrase[0])
    return tantivy.Query.phrase_query(part.schema, field, list(phrase))


def each(queries: Sequence[Any]) -> Any:
    """What fits every one of these."""
    import tantivy

    return queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(tantivy.Occur.Must, q) for q in queries])


def either(queries: Sequence[Any]) -> Any:
    """What fits one of these."""
    import tantivy

    return (
        queries[0] if len(queries) == 1 else tantivy.Query.boolean_query([(tantivy.Occur.Should, q) for q in queries])
    )


def boosted(query: Any, boost: float) -> Any:
    """What fits the same, its score so many times as high."""
    import tantivy

    return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)


def between(part: Part, field: str, low: int, high: int) -> Any:
    """A number from ``low`` to ``high``, both included."""
    import tantivy

    return tantivy.Query.range_query(part.schema, field, tantivy.FieldType.Integer, low, high)
