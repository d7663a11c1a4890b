"""Refuses a query that cannot be run as asked, with one line that names the thing and the cure."""

from typing import get_args

from indexer.store import FACET_FIELDS, Sort
from ranker.config import RankConfig
from ranker.errors import BadQuery
from ranker.query import Mode, Query


def check_query(query: Query, config: RankConfig) -> None:
    """Raise BadQuery if the text is too long, the page is out of bounds, or a name is unknown."""
    _check_text(query.text, config)
    _check_page(query, config)
    _check_choice("sort", query.sort, get_args(Sort))
    if query.mode is not None:
        _check_choice("mode", query.mode, get_args(Mode))
    for facet in query.facets:
        if facet not in FACET_FIELDS and not (facet.startswith("metadata.") and facet != "metadata."):
            raise BadQuery(f"No facet is called {facet!r}", f"Use {', '.join(FACET_FIELDS)} or metadata.KEY")


def _check_text(text: str, config: RankConfig) -> None:
    if len(text) > config.max_query_chars:
        what = f"The query has {len(text):,} characters; the most is {config.max_query_chars:,}"
        raise BadQuery(what, "Shorten it to the words that matter")


def _check_page(query: Query, config: RankConfig) -> None:
    if query.page < 1:
        raise BadQuery(f"Page {query.page} does not exist", "Pages count from 1")
    if not 0 <= query.size <= config.max_page_size:
        raise BadQuery(f"A page of {query.size} hits cannot be had", f"Ask for 0 to {config.max_page_size}")
    if query.page * query.size > config.max_documents:
        what = (
            f"Page {query.page} of {query.size} hits ends beyond the {config.max_documents:,} documents of one search"
        )
        raise BadQuery(what, "Narrow the search with more words or a filter")


def _check_choice(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise BadQuery(f"{value!r} is not a {name}", f"Use {', '.join(allowed)}")
