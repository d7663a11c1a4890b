"""/api/v1/feedback, /api/v1/click and /api/v1/judgements: what people make of what they found."""

import json
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi import Query as Parameter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response, StreamingResponse

from server.api.access import Admin, Searcher, Served
from server.api.parameters import known_parameters
from server.doors.asker import Asker
from server.querylog.log import MAX_POSITION
from server.querylog.record import MAX_QUERY_CHARS, MAX_RELEVANCE, MAX_URL_CHARS, Judgement

NDJSON = "application/x-ndjson"
MAX_JUDGEMENTS = 10_000
router = APIRouter(prefix="/api/v1", tags=["feedback"], dependencies=[Depends(known_parameters)])

VISIBLE = r"[^\s\x00-\x1f\x7f-\x9f\u2028\u2029]"
"""Of blanks and control characters nothing would be left in the log."""

Words = Annotated[str, Field(pattern=VISIBLE, max_length=MAX_QUERY_CHARS)]
Url = Annotated[str, Field(pattern=VISIBLE, max_length=MAX_URL_CHARS)]


class FeedbackBody(BaseModel):
    """Whether an answer, or the page `url`, is of use for this query."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"query": "How do I open a file?", "useful": True}]}
    )

    query: Words
    url: Annotated[str, Field(max_length=MAX_URL_CHARS)] = ""
    useful: bool


class ClickBody(BaseModel):
    """A result that was opened; `position` counts from 1, 0 where it is not known."""

    model_config = ConfigDict(extra="forbid")

    query: Words
    url: Url
    position: int = Field(default=0, ge=0, le=MAX_POSITION)


class JudgementBody(BaseModel):
    """How relevant a page is for a query: 0 not at all, 3 perfectly."""

    model_config = ConfigDict(extra="forbid")

    query: Words
    url: Url
    relevance: int = Field(ge=0, le=MAX_RELEVANCE)


class JudgementsBody(BaseModel):
    """Judgements; each takes the place of an earlier one of the same query and page."""

    model_config = ConfigDict(extra="forbid")

    judgements: Annotated[list[JudgementBody], Field(min_length=1, max_length=MAX_JUDGEMENTS)]


class KeptBody(BaseModel):
    """How many judgements were kept."""

    kept: int


@router.post("/feedback", status_code=204, response_class=Response)
def post_feedback(backend: Served, asker: Searcher, body: FeedbackBody) -> None:
    """Tell whether an answer was of use; kept where `serve.query_log` is on."""
    backend.query_log().record_feedback(body.query, body.url, is_useful=body.useful, site=_site(asker))


@router.post("/click", status_code=204, response_class=Response)
def post_click(backend: Served, asker: Searcher, body: ClickBody) -> None:
    """Tell which result was opened; kept where `serve.query_log` is on."""
    backend.query_log().record_click(body.query, body.url, body.position, site=_site(asker))


@router.post("/judgements")
def post_judgements(backend: Served, asker: Admin, body: JudgementsBody) -> KeptBody:
    """Keep judgements, for `recollect eval` and `tune`."""
    for one in body.judgements:
        backend.query_log().record_judgement(one.query, one.url, one.relevance, judge=asker.key_id)
    return KeptBody(kept=len(body.judgements))


@router.get(
    "/judgements", response_class=Response, responses={200: {"content": {NDJSON: {"schema": {"type": "string"}}}}}
)
def get_judgements(
    backend: Served,
    asker: Admin,
    query: Annotated[str | None, Parameter(description="Only those of this query")] = None,
) -> Response:
    """All judgements as NDJSON, as `recollect eval` and `tune` read them."""
    return StreamingResponse(_lines(backend.query_log().file.judgements(query)), media_type=NDJSON)


def _lines(judgements: list[Judgement]) -> Iterator[str]:
    for one in judgements:
        line: dict[str, Any] = {"query": one.query, "url": one.url, "relevance": one.relevance, "judge": one.judge}
        yield json.dumps(line) + "\n"


def _site(asker: Asker) -> str:
    return ", ".join(asker.sites)
