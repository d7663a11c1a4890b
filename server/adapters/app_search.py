"""What the App Search connector of Elastic's Search UI asks; every engine is this index."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from ranker.errors import BadQuery
from ranker.hit import Results
from server.adapters.elastic_shapes import facets_json, narrowed, result_json
from server.adapters.narrow import facet_name
from server.adapters.search_ui import order_of, suggestions
from server.api.access import Base, Needs, Served
from server.api.backend import Backend
from server.api.search import searched
from server.doors.asker import Asker
from server.doors.scope import Scope
from server.request import make_query
from server.shapes import Json
from server.watching.request_id import CURRENT

EngineAsker = Annotated[Asker, Depends(Needs(Scope.SEARCH, is_lenient=True))]
router = APIRouter(prefix="/api/as/v1/engines", include_in_schema=False)


class Page(BaseModel):
    """Which results are wanted."""

    model_config = ConfigDict(extra="ignore")

    current: int = Field(default=1, ge=1)
    size: int = Field(default=10, ge=1)


class EngineQuery(BaseModel):
    """A search; what is not listed here changes nothing that is found."""

    model_config = ConfigDict(extra="ignore")

    query: str = ""
    page: Page = Page()
    filters: dict[str, Any] = {}
    facets: dict[str, Any] = {}
    sort: dict[str, str] | list[dict[str, str]] = []
    size: int = 5


@router.post("/{engine}/search.json")
def post_search(backend: Served, asker: EngineAsker, base: Base, engine: str, body: EngineQuery) -> Json:
    """One page of results."""
    results = _found(backend, asker, base, body)
    total = results.total if results else 0
    size = body.page.size
    page = {"current": body.page.current, "size": size, "total_pages": -(-total // size), "total_results": total}
    return {
        "meta": {
            "page": page,
            "request_id": CURRENT.get(),
            "engine": {"name": engine, "type": "default"},
            "warnings": [],
        },
        "results": [result_json(hit, body.query) for hit in (results.hits if results else ())],
        "facets": facets_json(results),
    }


@router.post("/{engine}/query_suggestion")
def post_query_suggestion(backend: Served, asker: EngineAsker, engine: str, body: EngineQuery) -> Json:
    """Suggestions for what is being typed."""
    found = suggestions(backend, asker, body.query, {"size": body.size})
    return {"results": {"documents": found}, "meta": {"request_id": CURRENT.get(), "engine": {"name": engine}}}


def _found(backend: Backend, asker: Asker, base: str, body: EngineQuery) -> Results | None:
    filters = narrowed(_values(body.filters), asker)
    if filters is None:
        return None
    orders = [body.sort] if isinstance(body.sort, dict) else body.sort
    asked = make_query(
        body.query,
        filters,
        page=body.page.current,
        size=body.page.size,
        sort=order_of([pair for order in orders for pair in order.items()]),
        facets=[facet_name(field) for field in body.facets],
    )
    return searched(backend, asker, base, asked)


def _values(filters: dict[str, Any]) -> list[tuple[str, list[Any]]]:
    """``{"all": [{"any": [{"path": "/a"}, {"path": "/b"}]}]}`` -> ``[("path", ["/a", "/b"])]``. Raises BadQuery."""
    found: list[tuple[str, list[Any]]] = []
    for name, given in filters.items():
        parts = given if isinstance(given, list) else [given]
        if name == "none":
            raise BadQuery("A filter takes something away", "Name what is wanted instead")
        if name == "all":
            found += [one for part in parts for one in _values(part)]
        elif name == "any":
            alternatives = [one for part in parts for one in _values(part)]
            fields = {field for field, _ in alternatives}
            if len(fields) > 1:
                raise BadQuery("Alternatives of several fields are not possible", "Combine fields with all")
            found += [(field, [value for _, values in alternatives for value in values]) for field in fields]
        else:
            found.append((name, parts))
    return found
