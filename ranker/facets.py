"""Facets of documents at hand, counted as a store counts them: a pure function."""

from collections import Counter
from collections.abc import Iterable

from indexer.document import Head
from indexer.keywords import facet_keyword, keywords


def counted(facet: str, heads: Iterable[Head]) -> list[tuple[str, int]]:
    """The values of a facet and how many of the documents have each; commonest first, ties A to Z."""
    field, prefix = facet_keyword(facet)
    values = (v.removeprefix(prefix) for head in heads for v in keywords(head)[field] if v.startswith(prefix))
    return sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))


def less(values: Iterable[tuple[str, int]], fewer: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """The values with so many documents fewer, in the same order; without those that none are left of."""
    left = Counter(dict(values))
    left.subtract(dict(fewer))
    return sorted(((value, n) for value, n in left.items() if n > 0), key=lambda pair: (-pair[1], pair[0]))
