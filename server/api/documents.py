"""/api/v1/documents: documents that programs push, and take out again."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi import Query as Parameter
from starlette.concurrency import run_in_threadpool

from server.api.access import Pusher, Served
from server.api.backend import Backend
from server.api.body import read_body
from server.api.document_bodies import JobBody, KeysBody, ListBody, PushBody, bad_line_json, job_body, listed_json
from server.api.parameters import known_parameters
from server.doors.asker import Asker
from server.errors import BadInput, Forbidden, NoJob, WrongKind
from server.pushing.lines import Read, read, read_json, read_ndjson
from server.watching.metrics import Metrics

JSON = "application/json"
NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/jsonlines")
CONTENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {"schema": {"$ref": "#/components/schemas/Documents"}},
            NDJSON[0]: {"schema": {"type": "string", "description": "One document on a line"}},
        },
    }
}
MAX_LISTED = 1000
MAX_WAIT_S = 30.0
OURS = ("web",)
"""Names of sources that others fill."""

router = APIRouter(prefix="/api/v1", tags=["documents"], dependencies=[Depends(known_parameters)])
Source = Annotated[
    str,
    Parameter(
        pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,63})?$",
        description="The source that the documents belong to; where the key is for one source, that one, else `push`",
    ),
]


@router.post("/documents", status_code=202, openapi_extra=CONTENT)
async def post_documents(request: Request, backend: Served, asker: Pusher, source: Source = "") -> PushBody:
    """Keep documents, each in place of the one with its id (or URL) in this source; they are indexed at once.

    Send a document, a list of them or `{"documents": [...]}` as JSON, or NDJSON. A bad line is told and takes no other
    with it.
    """
    return await _put(request, backend, asker, source, is_all=False)


@router.put("/documents", status_code=202, openapi_extra=CONTENT)
async def put_documents(request: Request, backend: Served, asker: Pusher, source: Source = "") -> PushBody:
    """The same, and every other document of this source is taken out. With a bad line nothing is changed."""
    return await _put(request, backend, asker, source, is_all=True)


@router.get("/documents")
def get_documents(
    backend: Served,
    asker: Pusher,
    source: Source = "",
    after: Annotated[str, Parameter(description="The last id of the page before")] = "",
    size: Annotated[int, Parameter(ge=1, le=MAX_LISTED)] = 100,
) -> ListBody:
    """The documents of a source by id, and what became of each."""
    rows = backend.pushes().spool.listed(_source(asker, source), after, size, asker.sites)
    return listed_json(rows, size)


@router.delete("/documents/{key:path}", status_code=202)
def delete_document(backend: Served, asker: Pusher, key: str, source: Source = "") -> JobBody:
    """Take a document out, by its id (or URL). Once the job is done it is in no result, suggestion or answer."""
    return _removed(backend, asker, source, [key])


@router.post("/documents/delete", status_code=202)
def delete_documents(backend: Served, asker: Pusher, body: KeysBody, source: Source = "") -> JobBody:
    """Take documents out, by their ids (or URLs)."""
    return _removed(backend, asker, source, body.ids)


@router.get("/jobs/{job}")
def get_job(
    backend: Served,
    asker: Pusher,
    job: str,
    wait_s: Annotated[
        float, Parameter(ge=0, le=MAX_WAIT_S, description="Answer once it is done, or after so long")
    ] = 0,
) -> JobBody:
    """How far a push or deletion is; jobs are remembered for a week."""
    pushes = backend.pushes()
    if wait_s:
        pushes.wait(lambda: not ((now := pushes.spool.job(job)) and now.waiting), wait_s)
    found = pushes.spool.job(job)
    if found is None or (asker.sources and found.source not in asker.sources):
        raise NoJob(f"There is no job {job}", "Take the id from the answer to a push; jobs are kept for a week")
    return job_body(found, pushes.problem)


async def _put(request: Request, backend: Backend, asker: Asker, source: str, *, is_all: bool) -> PushBody:
    name = _source(asker, source)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (JSON, *NDJSON):
        raise WrongKind(f"Content-Type {kind or 'none'} is not read here", f"Send {JSON} or {NDJSON[0]}")
    body = await read_body(request, backend.config.serve.limits.max_push_bytes)
    found = await run_in_threadpool(_found, backend, asker, name, body, is_json=kind == JSON)
    is_refused = found.refused > 0 and (is_all or not found.pushed)
    metrics: Metrics = request.app.state.metrics
    metrics.pushed(0 if is_refused else len(found.pushed), found.refused)
    if is_refused:
        raise BadInput(_said(found), "Mend it and send it again; nothing was changed")
    return await run_in_threadpool(_kept, backend, asker, name, found, is_all=is_all)


def _found(backend: Backend, asker: Asker, source: str, body: bytes, *, is_json: bool) -> Read:
    found = read(read_json(body) if is_json else read_ndjson(body), source, asker.sites)
    held = backend.pushes().spool.held_elsewhere(source, [one.key for one in found.pushed], asker.sites)
    found.refuse(held)
    return found


def _kept(backend: Backend, asker: Asker, source: str, found: Read, *, is_all: bool) -> PushBody:
    if not found.pushed and not is_all:
        raise BadInput("There is no document in the body", "Send at least one")
    pushes = backend.pushes()
    job = pushes.spool.put(source, found.pushed, is_all=is_all, sites=asker.sites)
    pushes.wake()
    return PushBody(
        **job_body(job, pushes.problem).model_dump(),
        refused=found.refused,
        errors=[bad_line_json(bad) for bad in found.bad],
    )


def _removed(backend: Backend, asker: Asker, source: str, keys: list[str]) -> JobBody:
    pushes = backend.pushes()
    job, unknown = pushes.spool.remove(_source(asker, source), keys, asker.sites)
    pushes.wake()
    return job_body(job, pushes.problem, unknown)


def _source(asker: Asker, given: str) -> str:
    """Raises Forbidden for a source that the key is not for."""
    name = given or (asker.sources[0] if len(asker.sources) == 1 else "push")
    if asker.sources and name not in asker.sources:
        raise Forbidden(f"This key is for {', '.join(asker.sources)}, not for {name}", "Name one of them as source")
    if name in OURS:
        raise BadInput(f"source {name!r} is what crawls fill", "Choose another name")
    return name


def _said(found: Read) -> str:
    first = found.bad[0]
    others = f"; {found.refused - 1:,} more are bad" if found.refused > 1 else ""
    return f"Line {first.line}: {first.what}. {first.cure}{others}"
