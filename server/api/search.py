"""/api/v1/search and /api/v1/suggest."""

from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Query as Parameter

from indexer.store import Filters
from ranker.hit import Results
from ranker.query import Query
from server.api.access import Base, Searcher, Served
from server.api.backend import Backend
from server.api.bodies import MODE, PAGE, SIZE, SORT, FilterBody, SearchBody, Values, filter_parameters
from server.api.json_answer import JsonAnswer
from server.api.parameters import known_parameters
from server.api.schemas.search import ResultsSchema, SuggestionsSchema
from server.api.unchanged import headers_of, is_current, tag_of, unchanged
from server.doors.asker import Asker
from server.opening import opened_results
from server.querylog.shared import finding
from server.shapes import Json, results_json

MAX_SUGGESTIONS = 20
MAX_PREFIX_CHARS = 100
PAST_SHARE = 3
"""One in so many suggestions is a past query where there are more titles than places."""
MAX_TRIED = 20
"""So many past queries are looked up, the commonest first, until enough find something for the asker."""
router = APIRouter(prefix="/api/v1", tags=["search"], dependencies=[Depends(known_parameters)])


UNCHANGED: dict[str, Any] = {"description": "The caller holds this answer already"}
SEARCHED: dict[int | str, dict[str, Any]] = {200: {"model": ResultsSchema}, 304: UNCHANGED}
Filtered = Annotated[FilterBody, Depends(filter_parameters)]


# Plain functions run in the server's thread pool, so a slow search never holds up the others.
@router.get("/search", responses=SEARCHED)
def get_search(
    request: Request,
    backend: Served,
    asker: Searcher,
    base: Base,
    filters: Filtered,
    q: str = "",
    page: Annotated[int, Parameter(json_schema_extra=PAGE)] = 1,
    size: Annotated[int, Parameter(json_schema_extra=SIZE)] = 10,
    sort: Annotated[str, Parameter(json_schema_extra=SORT)] = "relevance",
    facet: Values = None,
    mode: Annotated[str | None, Parameter(json_schema_extra=MODE)] = None,
    unfinished: bool = False,
    corrects: bool = True,
    steered: bool = True,
    collapse: bool = True,
) -> Response:
    """Documents that match, best first; 304 where the caller holds them already (`ETag`, `If-None-Match`)."""
    tag = tag_of(request, backend, asker)
    if is_current(request, tag):
        return unchanged(tag)
    body = SearchBody(
        query=q,
        page=page,
        size=size,
        sort=sort,
        facets=facet or [],
        mode=mode,
        unfinished=unfinished,
        corrects=corrects,
        steered=steered,
        collapse=collapse,
        filters=filters,
    )
    found = found_json(backend, asker, base, body)
    return JsonAnswer(found, headers={} if found["degraded"] else headers_of(tag))


@router.post("/search", responses={200: {"model": ResultsSchema}})
def post_search(backend: Served, asker: Searcher, base: Base, body: SearchBody) -> Response:
    """Documents that match, best first."""
    return JsonAnswer(found_json(backend, asker, base, body))


def found_json(backend: Backend, asker: Asker, base: str, body: SearchBody) -> Json:
    """What a search for this answers."""
    return results_json(searched(backend, asker, base, body.as_query(asker)), (body.page - 1) * body.size + 1)


def searched(backend: Backend, asker: Asker, base: str, query: Query) -> Results:
    """What is found, with addresses that browsers open; written down in the query log."""
    results = opened_results(backend.ranker().search(query), base)
    # Whoever turns a page asks nothing new.
    if query.page == 1:
        backend.query_log().record_search(results, asker, query.filters, is_unfinished=query.is_unfinished)
    return results


@router.get("/suggest", responses={200: {"model": SuggestionsSchema}, 304: UNCHANGED})
def get_suggest(
    request: Request,
    backend: Served,
    asker: Searcher,
    filters: Filtered,
    q: Annotated[str, Parameter(max_length=MAX_PREFIX_CHARS)] = "",
    size: Annotated[int, Parameter(ge=1, le=MAX_SUGGESTIONS)] = 8,
) -> Response:
    """Titles and headings with a word that begins with ``q``, then what others asked; 304 as for a search."""
    tag = tag_of(request, backend, asker, backend.query_log().shared.version())
    if is_current(request, tag):
        return unchanged(tag)
    found = {"query": q, "suggestions": suggestions(backend, asker, q, size, filters.filters(asker))}
    return JsonAnswer(found, headers=headers_of(tag))


def suggestions(backend: Backend, asker: Asker, typed: str, size: int, filters: Filters) -> list[str]:
    """Titles and headings for what was typed so far, then what others asked; none for nothing."""
    if not typed.strip():
        return []
    titles = backend.store().suggest(typed, size, filters)
    asked = islice(backend.query_log().shared.beginning(typed, filters), MAX_TRIED)
    known = {text.casefold() for text in (typed.strip(), *titles)}
    new = (query for query in asked if query.casefold() not in known)
    seen = finding(new, backend.store(), filters, backend.config.rank.steer)
    # Some places are for what people ask, however many titles there are.
    past = list(islice(seen, max(size - len(titles), size // PAST_SHARE)))
    found = [*titles[: size - len(past)], *past]
    backend.query_log().record_suggestions(typed, len(found), asker, filters)
    return found
