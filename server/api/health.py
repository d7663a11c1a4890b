"""/health: is every part this server needs at work?"""

import time
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from crawler.errors import RecollectError
from server.api.access import Served, asker_of
from server.api.backend import Backend
from server.api.count import visible_documents
from server.api.schemas.health import HealthSchema, StatusSchema
from server.doors.asker import Asker
from server.schedule.status import schedule_status

NOBODY = Asker(frozenset())
HEALTH: dict[int | str, dict[str, Any]] = {
    200: {"model": HealthSchema},
    503: {"model": HealthSchema, "description": "A part does not work; `parts` says which and why"},
}
READY: dict[int | str, dict[str, Any]] = {
    200: {"model": StatusSchema},
    503: {"model": StatusSchema, "description": "It cannot search now"},
}
router = APIRouter(tags=["health"])


@router.get("/health", responses=HEALTH)
def get_health(request: Request, backend: Served) -> JSONResponse:
    """200 when every part works, 503 when one does not. Scheduled crawls and other workers decide nothing."""
    parts = health(backend, asker_of(request, is_lenient=True))
    is_well = all(part["ok"] for part in parts.values())
    body = {"status": "ok" if is_well else "failing", "parts": parts, **schedule(backend), **workers(backend)}
    return JSONResponse(body, 200 if is_well else 503)


@router.get("/health/live", responses={200: {"model": StatusSchema}})
def get_live() -> dict[str, str]:
    """200 for as long as the process answers at all."""
    return {"status": "ok"}


@router.get("/health/ready", responses=READY)
def get_ready(backend: Served) -> JSONResponse:
    """200 when every part works, 503 when one does not; a load balancer need know no more."""
    is_well = all(part["ok"] for part in health(backend, NOBODY).values())
    return JSONResponse({"status": "ok" if is_well else "failing"}, 200 if is_well else 503)


def health(backend: Backend, asker: Asker) -> dict[str, dict[str, Any]]:
    """Part -> whether it works, in how many milliseconds, and what is wrong if it does not."""
    return {
        "store": _try(lambda: _count(backend, asker)),
        "encoder": _try(lambda: {"dim": int(backend.encoder().encode_queries(["health"]).shape[1])}),
    }


def schedule(backend: Backend) -> dict[str, Any]:
    """``schedule``: each site's state, last outcome and next run; nothing where no site has a schedule."""
    if not any(site.schedule for site in backend.config.all_sites()):
        return {}
    try:
        sites = schedule_status(backend.config, time.time)
    except RecollectError as error:
        return {"schedule": {"ok": False, "what": error.what, "cure": error.cure}}
    # Seeds and details of failures are for those who run the server: recollect schedule --list.
    shown = ("name", "state", "started", "finished", "outcome", "next")
    return {"schedule": {"ok": True, "sites": [{key: site[key] for key in shown} for site in sites]}}


def workers(backend: Backend) -> dict[str, Any]:
    """``workers``: how many of them there should be and are; nothing where this process serves alone."""
    standing = backend.shared.standing() if backend.shared else {}
    if not standing:
        return {}
    return {"workers": {"ok": standing["ready"] >= standing["wanted"], **standing}}


def _count(backend: Backend, asker: Asker) -> dict[str, Any]:
    # Ready to search is more than there: an index of another encoder, or none yet, is of no use.
    backend.ranker()
    return {"documents": visible_documents(backend, asker)}


def _try(part: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    start = time.perf_counter()
    try:
        found = part()
    except RecollectError as error:
        return {"ok": False, "what": error.what, "cure": error.cure}
    return {"ok": True, **found, "took_ms": round((time.perf_counter() - start) * 1000, 1)}
