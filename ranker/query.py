"""What is asked of the ranker."""

from dataclasses import dataclass
from typing import Literal

from indexer.store import Filters, Sort

Mode = Literal["lexical", "dense", "hybrid", "rerank"]


@dataclass(frozen=True, slots=True)
class Query:
    """A search: ``page`` counts from 1; ``facets`` names fields to count; ``mode`` None means the configured one.

    ``is_unfinished``: the last word is still being typed; where no mode is named, nothing is reranked then.
    Without ``corrects``, unknown words are taken as they are.
    Without ``excludes``, a dash before a word leaves nothing out: a question names options (``-z``).
    Without ``is_steered``, synonyms, pins and boosts of the settings do not count.
    Without ``collapses``, documents that say what an earlier one says are hits, too.
    ``rerank_passages`` at most are reranked, for a caller that reads the best of them; None leaves it to the settings.
    """

    text: str
    page: int = 1
    size: int = 10
    filters: Filters = Filters()
    sort: Sort = "relevance"
    facets: tuple[str, ...] = ()
    mode: Mode | None = None
    is_unfinished: bool = False
    corrects: bool = True
    excludes: bool = True
    is_steered: bool = True
    collapses: bool = True
    rerank_passages: int | None = None
