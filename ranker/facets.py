"""Facets that count what is shown: those of the words, and the documents found by their meaning besides."""

from collections import Counter
from collections.abc import Iterable, Sequence

from indexer.document import Head
from indexer.keywords import facet_keyword, keywords


def with_heads(facet: str, counts: Sequence[tuple[str, int]], heads: Iterable[Head]) -> list[tuple[str, int]]:
    """The counts of a facet with more documents counted in; commonest first, ties A to Z."""
    field, prefix = facet_keyword(facet)
    found = Counter(dict(counts))
    for head in heads:
        found.update(v.removeprefix(prefix) for v in keywords(head)[field] if v.startswith(prefix))
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
