"""Ranked passages to hits, one a document: a pure function."""

from collections.abc import Iterable

from ranker.hit import Hit
from ranker.ranked import Ranked


def group(ranked: Iterable[Ranked]) -> list[Hit]:
    """One hit a document, in the order of the documents' first passages.

    The passage of the highest score (the first of equals) represents its document; the others follow in ``more``.
    """
    by_document: dict[str, list[Ranked]] = {}
    for item in ranked:
        by_document.setdefault(item.passage.head.doc_id, []).append(item)
    return [_hit(items) for items in by_document.values()]


def _hit(items: list[Ranked]) -> Hit:
    best, *others = sorted(items, key=lambda item: -item.score)
    return Hit(best.passage, best.score, best.evidence, more=tuple(item.passage for item in others))
