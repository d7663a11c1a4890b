"""A word on an answer from those without JavaScript: a form, and a page that says thank you."""

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from server.api.access import Searcher, Served
from server.api.body import read_body
from server.errors import Forbidden
from server.page.render import rendered

MAX_BYTES = 20_000
router = APIRouter(include_in_schema=False)


async def fields_of(request: Request) -> dict[str, str]:
    """The form's fields, each once. Raises Forbidden for a form of another site."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("This form is not of this site", "Search here and say it below the answer")
    body = await read_body(request, MAX_BYTES)
    return {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}


@router.post("/feedback")
def post_feedback(backend: Served, asker: Searcher, fields: Annotated[dict[str, str], Depends(fields_of)]) -> Response:
    """Writes it down and thanks."""
    query = fields.get("query", "")
    if query.strip():
        site = ", ".join(asker.sites)
        is_useful = fields.get("useful") == "1"
        backend.query_log().record_feedback(query, fields.get("url", ""), is_useful=is_useful, site=site)
    return rendered("thanks.html", {"title": backend.config.serve.title, "query": query})
