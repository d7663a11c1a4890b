"""What the proxy connector of Elastic's Search UI asks: its state, and how it is configured."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from indexer.store import Filters
from ranker.errors import BadQuery
from ranker.hit import Hit, Results
from server.adapters.elastic_shapes import DATE, facets_json, narrowed, result_json
from server.adapters.narrow import facet_name
from server.api.access import Base, Needs, Served
from server.api.backend import Backend
from server.api.search import MAX_PREFIX_CHARS, MAX_SUGGESTIONS, searched
from server.api.search import suggestions as suggested
from server.doors.asker import Asker
from server.doors.scope import Scope
from server.request import make_query
from server.shapes import Json
from server.watching.request_id import CURRENT

PREFIX = "/search-ui"
UiAsker = Annotated[Asker, Depends(Needs(Scope.SEARCH, is_lenient=True))]
router = APIRouter(prefix=PREFIX, include_in_schema=False)


class UiModel(BaseModel):
    """A part of what is sent; the rest is about what the browser shows."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class UiFilter(UiModel):
    """A field and values of it."""

    field: str
    values: list[Any] = []
    type: str = "all"


class UiSort(UiModel):
    """An order; ``direction`` empty for the best match first."""

    field: str = ""
    direction: str = ""


class UiState(UiModel):
    """What the person asked for."""

    text: str = Field(default="", alias="searchTerm")
    page: int = Field(default=1, alias="current", ge=1)
    size: int = Field(default=20, alias="resultsPerPage", ge=1)
    filters: list[UiFilter] = []
    sort: list[UiSort] | None = Field(default=None, alias="sortList")
    sort_field: str | None = Field(default="", alias="sortField")
    sort_direction: str | None = Field(default="", alias="sortDirection")

    def order(self) -> str:
        """Raises BadQuery for an order other than by date, newest first."""
        wanted = self.sort or [UiSort(field=self.sort_field or "", direction=self.sort_direction or "")]
        return order_of([(one.field, one.direction) for one in wanted if one.field and one.direction])


class UiConfig(UiModel):
    """What the page's author asked for: facets by field, conditions, how many suggestions."""

    facets: dict[str, Any] = {}
    filters: list[UiFilter] = []
    suggestions: dict[str, Any] = {}
    results: dict[str, Any] = {}


class UiBody(UiModel):
    """A request of the connector."""

    state: UiState = UiState()
    config: UiConfig = Field(default=UiConfig(), alias="queryConfig")


def order_of(wanted: list[tuple[str, str]]) -> str:
    """Our word for an order. Raises BadQuery."""
    named = [one for one in wanted if one[0] != "_score"]
    if not named:
        return "relevance"
    if named == [(DATE, "desc")]:
        return "newest"
    raise BadQuery(f"Results cannot be sorted by {named[0][0]} {named[0][1]}", f"Sort by {DATE} desc, or not at all")


@router.post("/search")
def post_search(backend: Served, asker: UiAsker, base: Base, body: UiBody) -> Json:
    """Results as the state of Search UI."""
    state = body.state
    results = _found(backend, asker, base, body)
    total = results.total if results else 0
    hits = results.hits if results else ()
    first = (state.page - 1) * state.size
    return {
        "resultSearchTerm": state.text,
        "totalResults": total,
        "totalPages": -(-total // state.size),
        "pagingStart": first + 1 if hits else 0,
        "pagingEnd": first + len(hits),
        "wasSearched": True,
        "results": [result_json(hit, state.text) for hit in hits],
        "facets": facets_json(results),
        "requestId": CURRENT.get(),
        "rawResponse": None,
    }


@router.post("/autocomplete")
def post_autocomplete(backend: Served, asker: UiAsker, base: Base, body: UiBody) -> Json:
    """Results and suggestions while something is being typed."""
    text, config = body.state.text, body.config
    size = config.results.get("resultsPerPage")
    found: tuple[Hit, ...] = ()
    if isinstance(size, int) and size > 0:
        asked = make_query(text, asker.narrowed(Filters()), size=size, is_unfinished=True)
        found = searched(backend, asker, base, asked).hits
    return {
        "autocompletedResults": [result_json(hit, text) for hit in found],
        "autocompletedResultsRequestId": CURRENT.get(),
        "autocompletedSuggestions": {"documents": suggestions(backend, asker, text, config.suggestions)},
        "autocompletedSuggestionsRequestId": CURRENT.get(),
    }


def suggestions(backend: Backend, asker: Asker, text: str, wanted: dict[str, Any]) -> list[Json]:
    """What may be meant by what was typed; none where none are wanted."""
    if not wanted:
        return []
    size = wanted.get("size")
    size = min(max(1, size), MAX_SUGGESTIONS) if isinstance(size, int) else 5
    found = suggested(backend, asker, text[:MAX_PREFIX_CHARS], size, asker.narrowed(Filters()))
    return [{"suggestion": one} for one in found]


def _found(backend: Backend, asker: Asker, base: str, body: UiBody) -> Results | None:
    state, config = body.state, body.config
    wanted: list[tuple[str, list[Any]]] = []
    for one in (*state.filters, *config.filters):
        if one.type == "none":
            raise BadQuery(f"A filter takes {one.field} away", "Name what is wanted instead")
        wanted += [(one.field, one.values)] if one.type == "any" else [(one.field, [value]) for value in one.values]
    filters = narrowed(wanted, asker)
    if filters is None:
        return None
    asked = make_query(
        state.text,
        filters,
        page=state.page,
        size=state.size,
        sort=state.order(),
        facets=[facet_name(field) for field in config.facets],
    )
    return searched(backend, asker, base, asked)
