"""Algolia's search routes: algoliasearch, InstantSearch and DocSearch work with nothing changed but their hosts."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.requests import ClientDisconnect

from ranker.hit import Results
from server.adapters.algolia_shapes import AlgoliaQuery, answer_json, facet_json, query_of
from server.adapters.narrow import conditions_of, facet_name, filters_of, one_field, term
from server.api.access import Base, Needs, Served
from server.api.backend import Backend
from server.api.search import searched
from server.doors.asker import Asker
from server.doors.scope import Scope
from server.errors import BadInput
from server.request import make_query
from server.shapes import Json

KEY_NAME = "x-algolia-api-key"
MAX_QUERIES = 50
"""As many as Algolia takes at once."""

ALL_FACETS = ("site", "path", "language", "source")
AlgoliaAsker = Annotated[Asker, Depends(Needs(Scope.SEARCH, is_lenient=True, key_name=KEY_NAME))]
router = APIRouter(prefix="/1/indexes", include_in_schema=False)


async def sent_json(request: Request) -> Any:
    """The body, whatever its type is called: browsers send it as text, so that they need not ask before."""
    try:
        return json.loads(await request.body() or b"{}")
    except (ValueError, ClientDisconnect) as error:
        raise BadInput("The body is not JSON", "See the reference of Algolia's search") from error


Sent = Annotated[Any, Depends(sent_json)]


# Before the route of one index, whose name may be anything.
@router.post("/*/queries")
def post_queries(backend: Served, asker: AlgoliaAsker, base: Base, sent: Sent) -> dict[str, list[Json]]:
    """Several searches at once, each with its own answer."""
    requests = sent.get("requests") if isinstance(sent, dict) else sent
    if not isinstance(requests, list) or len(requests) > MAX_QUERIES:
        raise BadInput("requests is not a list of queries", f"Send at most {MAX_QUERIES} in requests")
    return {"results": [_answer(backend, asker, base, query_of(one)) for one in requests]}


@router.post("/{index}/query")
def post_query(backend: Served, asker: AlgoliaAsker, base: Base, index: str, sent: Sent) -> Json:
    """One search."""
    return _answer(backend, asker, base, query_of({**sent, "indexName": index} if isinstance(sent, dict) else sent))


@router.post("/{index}/facets/{facet}/query")
def post_facet_query(backend: Served, asker: AlgoliaAsker, base: Base, index: str, facet: str, sent: Sent) -> Json:
    """The values of a facet that hold what was typed."""
    given = {**sent, "indexName": index, "facet": facet, "type": "facet"} if isinstance(sent, dict) else sent
    return _answer(backend, asker, base, query_of(given))


def _answer(backend: Backend, asker: Asker, base: str, query: AlgoliaQuery) -> Json:
    is_facet = query.kind == "facet"
    wanted = [query.facet] if is_facet else query.facets
    facets = [facet_name(name) for one in wanted for name in (ALL_FACETS if one == "*" else (one,))]
    results = _found(backend, asker, base, query, facets)
    return facet_json(query, results) if is_facet else answer_json(query, results)


def _found(backend: Backend, asker: Asker, base: str, query: AlgoliaQuery, facets: list[str]) -> Results | None:
    alternatives = [[one] if isinstance(one, str) else one for one in query.facet_filters]
    conditions = [one_field([term(text) for text in group]) for group in alternatives if group]
    filters = filters_of([*conditions, *conditions_of(query.filters)], asker)
    if filters is None:
        return None
    # Every search there is one while the last word is being typed. A size of 0 asks for the counts alone.
    asked = make_query(
        query.query,
        filters,
        page=query.page + 1 if query.size else 1,
        size=query.size or 1,
        sort=query.sort,
        facets=dict.fromkeys(facets),
        is_unfinished=True,
    )
    return searched(backend, asker, base, asked)
