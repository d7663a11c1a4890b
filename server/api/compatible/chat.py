"""/v1/chat/completions and /v1/models: answers from the index, for programs that know OpenAI's API."""

import json
import logging
import time
from collections.abc import AsyncIterator, Generator, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.concurrency import iterate_in_threadpool
from starlette.responses import Response, StreamingResponse

from crawler.errors import RecollectError
from indexer.store import Filters
from rag.events import Chunk, Done, Event, Failed
from server.api.access import Base, Needs, Served
from server.api.answer import EVENT_STREAM, STREAM_HEADERS
from server.api.backend import Backend
from server.api.compatible.chat_bodies import MODEL, ChatBody, Completion, content_of, model_json, models_json
from server.api.compatible.models import NO_MODEL, PREFIX
from server.api.json_answer import JsonAnswer
from server.api.problems import openai_problem_json
from server.api.schemas.chat import CompletionSchema, ModelSchema, ModelsSchema
from server.doors.asker import Asker
from server.doors.scope import Scope
from server.errors import NoModel
from server.opening import opened_answer, opened_events
from server.shapes import Json

INSIDE = "Something went wrong inside the server"
STARTED = int(time.time())
CHATTED: dict[int | str, dict[str, Any]] = {
    200: {"model": CompletionSchema, "content": {EVENT_STREAM: {}}},
    404: NO_MODEL,
}
log = logging.getLogger(__name__)
router = APIRouter(prefix=PREFIX, tags=["chat"])
Chatter = Annotated[Asker, Depends(Needs(Scope.ANSWER, is_lenient=True))]


@router.get("/models", responses={200: {"model": ModelsSchema}})
def get_models(backend: Served, asker: Chatter) -> Json:
    """What ``model`` may be: ``recollect`` for chat, and the encoder and scorer for those who may use them."""
    return models_json(STARTED, _names(backend, asker))


@router.get("/models/{name}", responses={200: {"model": ModelSchema}})
def get_model(backend: Served, asker: Chatter, name: str) -> Json:
    """One of them."""
    if name not in _names(backend, asker):
        raise NoModel(f"model: {name!r} is not served here", f"Ask for {MODEL!r}")
    return model_json(STARTED, name)


@router.post("/chat/completions", responses=CHATTED)
def post_chat(backend: Served, asker: Chatter, base: Base, body: ChatBody) -> Response:
    """An answer whose citations are annotations; with ``stream`` as server-sent chunks.

    Earlier messages of the user complete a question that does not stand by itself.
    """
    if body.model != MODEL:
        raise NoModel(f"model: {body.model!r} does not chat here", f"Ask for {MODEL!r}")
    question, filters = body.question(), asker.narrowed(Filters())
    completion = Completion(body.model, body.messages)
    if not body.stream:
        answer = opened_answer(backend.responder().answer(question, filters=filters), base)
        backend.query_log().record_answer(answer, asker, filters)
        return JsonAnswer(completion.document(answer))
    events = backend.query_log().recorded(backend.responder().stream(question, filters=filters), asker, filters)
    chunks = _chunks(opened_events(events, base), completion, wants_usage=body.wants_usage)
    return StreamingResponse(_frames(chunks), media_type=EVENT_STREAM, headers=STREAM_HEADERS)


def _names(backend: Backend, asker: Asker) -> list[str]:
    if not asker.may(Scope.MODELS):
        return [MODEL]
    scorer = backend.scorer()
    names = (MODEL, backend.encoder().name, scorer.name if scorer else "")
    return [name.split(":", maxsplit=1)[0] for name in names if name]


def _chunks(events: Iterator[Event], completion: Completion, *, wants_usage: bool) -> Iterator[Json]:
    """OpenAI's chunks of our events. Closing it stops the work; errors are a last chunk, since the status is sent."""
    try:
        yield completion.opening()
        for event in events:
            match event:
                case Chunk(text=text, citations=citations):
                    yield completion.piece(text, citations)
                case Failed(what=what, cure=cure):
                    yield openai_problem_json(503, what, cure)
                case Done(answer=answer):
                    if not answer.text:
                        yield completion.piece(content_of(answer), ())
                    yield completion.ending(answer)
                    if wants_usage:
                        yield completion.counts(answer)
    except RecollectError as error:
        yield openai_problem_json(503, error.what, error.cure)
    except Exception:
        log.exception("answering failed")
        yield openai_problem_json(500, INSIDE, "Its log says what")
    finally:
        if isinstance(events, Generator):
            events.close()


async def _frames(chunks: Iterator[Json]) -> AsyncIterator[str]:
    try:
        async for chunk in iterate_in_threadpool(chunks):
            yield f"data: {json.dumps(chunk)}\n\n"
        yield "data: [DONE]\n\n"
    finally:
        # Whoever has left wants no more.
        if isinstance(chunks, Generator):
            chunks.close()
