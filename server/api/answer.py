"""/api/v1/answer: one JSON document, or server-sent events while the answer is being made."""

import json
import logging
from collections.abc import AsyncIterator, Generator, Iterator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi import Query as Parameter
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from crawler.errors import RecollectError
from rag.events import Chunk, Done, Event, Failed, Notice, Phase, Rephrased, Sources
from server.api.access import Questioner, Served, base_of
from server.api.bodies import AnswerBody, Session
from server.api.json_answer import JsonAnswer
from server.api.parameters import known_parameters
from server.api.schemas.answer import AnswerSchema
from server.api.search import Filtered
from server.opening import opened_answer, opened_events
from server.shapes import Json, answer_json, citation_json, degradation_json, hits_json

EVENT_STREAM = "text/event-stream"
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
ANSWERED: dict[int | str, dict[str, Any]] = {200: {"model": AnswerSchema, "content": {EVENT_STREAM: {}}}}
log = logging.getLogger(__name__)
router = APIRouter(prefix="/api/v1", tags=["answer"], dependencies=[Depends(known_parameters)])


@router.get("/answer", responses=ANSWERED)
def get_answer(
    request: Request,
    backend: Served,
    asker: Questioner,
    filters: Filtered,
    q: Annotated[str, Parameter()] = "",
    session: Session = "",
) -> Response:
    """An answer with citations; ask with ``Accept: text/event-stream`` to see it being made."""
    return post_answer(request, backend, asker, AnswerBody(question=q, session=session, filters=filters))


@router.post("/answer", responses=ANSWERED)
def post_answer(request: Request, backend: Served, asker: Questioner, body: AnswerBody) -> Response:
    """An answer with citations; ask with ``Accept: text/event-stream`` to see it being made."""
    filters, base, session = body.filters.filters(asker), base_of(request), asker.session(body.session)
    if EVENT_STREAM not in request.headers.get("accept", ""):
        if session:
            answer = backend.conversation().answer(body.question, session, filters)
        else:
            answer = backend.responder().answer(body.question, filters)
        backend.query_log().record_answer(answer, asker, filters)
        return JsonAnswer(answer_json(opened_answer(answer, base)))
    # What is wrong with the question itself is told by the status; the stream begins after that.
    if session:
        events = backend.conversation().stream(body.question, session, filters)
    else:
        events = backend.responder().stream(body.question, filters)
    recorded = backend.query_log().recorded(events, asker, filters)
    return StreamingResponse(frames(opened_events(recorded, base)), media_type=EVENT_STREAM, headers=STREAM_HEADERS)


async def frames(events: Iterator[Event]) -> AsyncIterator[str]:
    """Each event as a frame of the stream; whatever fails becomes an ``error`` event, since the status is sent."""
    try:
        async for event in iterate_in_threadpool(events):
            yield frame(event.event, event_json(event))
    except RecollectError as error:
        yield frame(Failed.event, {"what": error.what, "cure": error.cure})
    except Exception:
        log.exception("answering failed")
        yield frame(Failed.event, {"what": "Something went wrong inside the server", "cure": "Its log says what"})
    finally:
        # When the asker has left, nobody wants the rest: closing stops the generator's work.
        if isinstance(events, Generator):
            events.close()


def frame(name: str, data: Json) -> str:
    """One server-sent event; JSON has no line break of its own."""
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def event_json(event: Event) -> dict[str, Any]:
    """The data of an event; that of ``done`` is the whole document of ``/api/v1/answer``."""
    match event:
        case Phase(name=name):
            return {"name": name}
        case Rephrased() | Failed():
            return asdict(event)
        case Notice(degradation=degradation):
            return degradation_json(degradation)
        case Sources(hits=hits):
            return {"hits": hits_json(hits)}
        case Chunk(text=text, citations=citations):
            return {"text": text, "citations": [citation_json(citation) for citation in citations]}
        case Done(answer=answer):
            return answer_json(answer)
