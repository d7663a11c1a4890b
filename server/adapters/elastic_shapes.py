"""The fields of a hit as Elastic's Search UI reads them, and its facets and filters."""

from collections.abc import Iterable, Mapping
from typing import Any

from indexer.store import Filters
from ranker.errors import BadQuery
from ranker.hit import Hit, Results
from server.adapters.marks import Marks
from server.adapters.narrow import METADATA, Condition, filters_of
from server.doors.asker import Asker
from server.shapes import Json, passage_link, time_json

MARKS = Marks()
DATE = "modified_at"


def narrowed(values: Iterable[tuple[str, list[Any]]], asker: Asker) -> Filters | None:
    """Fields with the values of which a page must have one; a value of the date is ``{"from": ..., "to": ...}``.

    None where nothing can be found. Raises BadQuery, Forbidden.
    """
    conditions: list[Condition] = []
    bounds = {"from": "", "to": ""}
    for field, given in values:
        if field == DATE:
            (span,) = given if len(given) == 1 else ({},)
            if not isinstance(span, Mapping) or not {"from", "to"} & set(span):
                raise BadQuery(f"{DATE} takes one span of time", 'Write {"from": "2026-01-01", "to": "2026-02-01"}')
            bounds |= {name: str(span[name]) for name in bounds if span.get(name)}
        elif all(isinstance(value, str) for value in given):
            conditions.append((field, tuple(given)))
        else:
            raise BadQuery(f"{field} takes texts", f"Only {DATE} takes spans")
    return filters_of(conditions, asker, modified_from=bounds["from"], modified_before=bounds["to"])


def result_json(hit: Hit, query: str) -> Json:
    """Each field with its value and, for texts, with the query's words marked in escaped HTML."""
    passage, head = hit.passage, hit.passage.head
    values = {
        "id": head.doc_id,
        "url": passage_link(passage),
        "site": head.site,
        "path": head.path,
        "language": head.language,
        "source": head.source,
        DATE: time_json(head.modified_at),
        **dict(head.metadata),
    }
    texts = {
        "title": (head.title or head.url, MARKS.whole(head.title or head.url, query, head.language)),
        "content": (passage.text, MARKS.of_html(hit.snippet)),
        "heading": (" › ".join(passage.heading_path), ""),
    }
    marked = {
        name: {"raw": text, "snippet": shown or MARKS.whole(text, query, head.language)}
        for name, (text, shown) in texts.items()
    }
    return {
        **{name: {"raw": value} for name, value in values.items()},
        **marked,
        "_meta": {"id": head.doc_id, "score": hit.score},
    }


def facets_json(results: Results | None) -> Json:
    """Each facet with its values; ``metadata.KEY`` is called KEY, as in the fields of a result."""
    return {
        name.removeprefix(METADATA): [
            {"type": "value", "data": [{"value": value, "count": count} for value, count in counts]}
        ]
        for name, counts in (results.facets if results else {}).items()
    }
