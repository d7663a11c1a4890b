"""The shape of Algolia's search, as algoliasearch, InstantSearch and DocSearch send and read it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from indexer.document import Passage
from ranker.hit import Hit, Results
from server.adapters.marks import Marks
from server.errors import BadInput
from server.shapes import Json, headings_below_title, passage_link, time_json

MAX_LEVEL = 6
NEWEST = "newest"
REFUSED = ("numericFilters", "tagFilters", "aroundLatLng", "insideBoundingBox", "insidePolygon")
"""Conditions that an index of pages has nothing for; left out, they would widen what is found."""


class AlgoliaQuery(BaseModel):
    """One query; what is not listed here changes nothing that is found."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    index: str = Field(default="", alias="indexName")
    query: str = ""
    page: int = Field(default=0, ge=0)
    size: int = Field(default=20, alias="hitsPerPage", ge=0)
    facets: list[str] = []
    facet_filters: list[str | list[str]] = Field(default=[], alias="facetFilters")
    filters: str = ""
    before: str = Field(default="<em>", alias="highlightPreTag")
    after: str = Field(default="</em>", alias="highlightPostTag")
    attributes: list[str] = Field(default=[], alias="attributesToRetrieve")
    kind: str = Field(default="default", alias="type")
    facet: str = ""
    facet_query: str = Field(default="", alias="facetQuery")

    @property
    def marks(self) -> Marks:
        """How found words are marked."""
        return Marks(self.before, self.after)

    @property
    def sort(self) -> str:
        """Algolia has a replica of an index for each order; here its name ends in ``newest``."""
        return NEWEST if self.index.endswith(NEWEST) else "relevance"

    @property
    def wants_sections(self) -> bool:
        """Whether headings are wanted as records of their own, as DocSearch wants them."""
        return any(name.startswith("hierarchy") for name in self.attributes)


def query_of(sent: Any) -> AlgoliaQuery:
    """From a JSON object; ``params`` in it is a query string. Raises BadInput."""
    if not isinstance(sent, dict):
        raise BadInput("A query is not an object", "See the reference of Algolia's search")
    params = {name: _value(name, text) for name, text in parse_qsl(str(sent.get("params") or ""))}
    given = {name: value for name, value in ({**params, **sent}).items() if value is not None and name != "params"}
    for name in ("facets", "attributesToRetrieve"):
        if isinstance(given.get(name), str):
            given[name] = [part.strip() for part in given[name].split(",")]
    if isinstance(given.get("facetFilters"), str):
        given["facetFilters"] = [given["facetFilters"]]
    refused = next((name for name in REFUSED if given.get(name)), None)
    if refused:
        raise BadInput(f"{refused} is not possible here", "Use facetFilters or filters")
    try:
        return AlgoliaQuery.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(f"{'.'.join(map(str, first['loc']))}: {first['msg']}", "See Algolia's reference") from error


def _value(name: str, text: str) -> Any:
    """Lists stand in a query string as JSON."""
    if name in ("query", "facetQuery", "filters") or not text.startswith(("[", "{")):
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(f"{name} is not JSON", "Write a list as JSON") from error


def answer_json(query: AlgoliaQuery, results: Results | None) -> Json:
    """One answer; ``results`` None where nothing can be found."""
    total = results.total if results else 0
    hits = list(_records(results.hits, query)) if results and query.size else []
    return {
        "index": query.index,
        "query": query.query,
        "params": "",
        "hits": hits,
        "nbHits": total,
        "page": query.page,
        "nbPages": -(-total // query.size) if query.size else 0,
        "hitsPerPage": query.size,
        "exhaustiveNbHits": True,
        "exhaustiveFacetsCount": True,
        "processingTimeMS": round(results.took_ms) if results else 0,
        "facets": _facets(results.facets) if results else {},
    }


def facet_json(query: AlgoliaQuery, results: Results | None) -> Json:
    """The values of one facet that hold what was typed."""
    values = next(iter(results.facets.values()), []) if results else []
    wanted = query.facet_query.casefold()
    found = [(value, count) for value, count in values if wanted in value.casefold()]
    return {
        "facetHits": [
            {"value": v, "highlighted": query.marks.whole(v, query.facet_query, None), "count": n} for v, n in found
        ],
        "exhaustiveFacetsCount": True,
        "processingTimeMS": round(results.took_ms) if results else 0,
    }


def _facets(facets: Mapping[str, list[tuple[str, int]]]) -> dict[str, dict[str, int]]:
    return {name.removeprefix("metadata."): dict(counts) for name, counts in facets.items()}


def _records(hits: Iterable[Hit], query: AlgoliaQuery) -> Iterable[Json]:
    for hit in hits:
        yield _record(hit.passage, hit.snippet, query)
        if query.wants_sections:
            yield from (_record(passage, None, query) for passage in hit.more)


def _record(passage: Passage, snippet: str | None, query: AlgoliaQuery) -> Json:
    """A page's best passage, or with ``snippet`` None a heading under which more was found."""
    head, marks = passage.head, query.marks
    below = headings_below_title(passage)[: MAX_LEVEL - 1]
    levels = [head.site, head.title or head.url, *below]
    hierarchy = {f"lvl{n}": levels[n] if n < len(levels) else None for n in range(MAX_LEVEL + 1)}
    texts = {"title": head.title, "content": passage.text if snippet is not None else None}
    whole = {name: _marked(text, query, head.language) for name, text in texts.items() if text}
    shown = dict(whole)
    if snippet is not None:
        shown["content"] = _matched(marks.of_html(snippet), marks)
    levels_marked = {name: _marked(text, query, head.language) for name, text in hierarchy.items() if text}
    return {
        "objectID": passage.passage_id,
        "url": passage_link(passage),
        "url_without_anchor": head.url,
        "anchor": passage.anchor,
        **texts,
        "type": "content" if snippet is not None else f"lvl{len(levels) - 1}",
        "hierarchy": hierarchy,
        "site": head.site,
        "path": head.path,
        "language": head.language,
        "source": head.source,
        "modified_at": time_json(head.modified_at),
        "metadata": dict(head.metadata),
        "_highlightResult": {**whole, "hierarchy": levels_marked},
        "_snippetResult": {**shown, "hierarchy": levels_marked},
    }


def _marked(text: str, query: AlgoliaQuery, language: str | None) -> Json:
    return _matched(query.marks.whole(text, query.query, language), query.marks)


def _matched(text: str, marks: Marks) -> Json:
    return {"value": text, "matchLevel": "full" if marks.is_marked(text) else "none", "matchedWords": []}
