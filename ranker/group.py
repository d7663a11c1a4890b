"""Ranked passages to hits, one a document: a pure function."""

import math
from collections.abc import Iterable
from dataclasses import replace

from indexer.document import Passage
from indexer.store import Sort
from ranker.hit import Hit
from ranker.ranked import Ranked
from ranker.words import marked, term_set

FEW_CHARS = 80
"""A passage of fewer characters may say nothing by itself."""


def group(ranked: Iterable[Ranked], more_passages: int = 5) -> list[Hit]:
    """One hit a document, in the order of the documents' first passages.

    The passage of the highest score (the first of equals) represents its document; the next best ``more_passages``
    follow in ``more``.
    """
    by_document: dict[str, list[Ranked]] = {}
    for item in ranked:
        by_document.setdefault(item.passage.head.doc_id, []).append(item)
    return [_hit(items, more_passages) for items in by_document.values()]


def telling(hit: Hit, query: str) -> Hit:
    """The same document by a passage that says something, where its best one is a line without a word of the query.

    A page that is named as the query is found by any of its passages, even one that says ``Since: 0.5``.
    """
    if _says(hit.passage, query) or not any(_says(other, query) for other in hit.more):
        return hit
    told = next(other for other in hit.more if _says(other, query))
    return replace(hit, passage=told, more=(hit.passage, *(other for other in hit.more if other is not told)))


def _says(passage: Passage, query: str) -> bool:
    language = passage.head.language
    return len(passage.text) >= FEW_CHARS or bool(marked(passage.text, term_set(query, language), language))


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
