"""Ranked passages to hits, one a document: a pure function."""

import math
from collections.abc import Iterable

from indexer.store import Sort
from ranker.hit import Hit
from ranker.ranked import Ranked


def group(ranked: Iterable[Ranked], more_passages: int = 5) -> list[Hit]:
    """One hit a document, in the order of the documents' first passages.

    The passage of the highest score (the first of equals) represents its document; the next best ``more_passages``
    follow in ``more``.
    """
    by_document: dict[str, list[Ranked]] = {}
    for item in ranked:
        by_document.setdefault(item.passage.head.doc_id, []).append(item)
    return [_hit(items, more_passages) for items in by_document.values()]


def by_date(hits: Iterable[Hit], sort: Sort) -> list[Hit]:
    """The newest or the oldest first, as stores sort them: those without a date last, ties by passage id."""

    def key(hit: Hit) -> tuple[float, str]:
        modified = hit.passage.head.modified_at
        seconds = math.inf if modified is None else math.floor(modified.timestamp())
        return (seconds if sort == "oldest" or modified is None else -seconds), hit.passage.passage_id

    return sorted(hits, key=key)


def _hit(items: list[Ranked], more_passages: int) -> Hit:
    if len(items) == 1:
        return Hit(items[0].passage, items[0].score, items[0].evidence)
    best, *others = sorted(items, key=lambda item: -item.score)
    return Hit(best.passage, best.score, best.evidence, more=tuple(item.passage for item in others[:more_passages]))
