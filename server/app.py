"""The HTTP server: which routes there are, and what every answer has in common."""

import logging
from collections.abc import Mapping
from importlib.metadata import version
from importlib.util import find_spec

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from crawler.errors import RecollectError
from server.adapters import algolia, app_search, search_ui
from server.admin import routes as admin
from server.admin.desk import make_desk
from server.admin.guard import PREFIX as ADMIN
from server.admin.rules import routes as admin_rules
from server.api import answer as api_answer
from server.api import documents as api_documents
from server.api import feedback as api_feedback
from server.api import health as api_health
from server.api import metrics as api_metrics
from server.api import reload as api_reload
from server.api import search as api_search
from server.api import sites as api_sites
from server.api.backend import Backend
from server.api.compatible import chat as api_chat
from server.api.compatible import models as api_models
from server.api.described import described
from server.api.gauges import Ages
from server.api.problems import Problem, headers_of, openai_problem_json, status_of
from server.api.unchanged import SettingsDigest
from server.edge.body_limit import BodyLimit
from server.edge.compress import Compressed
from server.edge.cors import KeyedCors
from server.edge.head import HeadAsGet
from server.edge.headers import SecurityHeaders
from server.edge.heads import HeadLimit
from server.edge.hosts import KnownHosts, names_of
from server.edge.overload import Overload
from server.edge.watch import Watch
from server.mcp.over_http import PATH as MCP_PATH
from server.mcp.over_http import McpOverHttp
from server.page import document as page_document
from server.page import feedback as page_feedback
from server.page import routes as page
from server.sharing.shared import COUNTS, TALLY
from server.sharing.tally import LocalTally, SharedTally
from server.watching.metrics import Metrics
from server.watching.request_id import CURRENT, HEADER
from server.widget import routes as widget

ROUTERS = (
    api_search.router,
    api_sites.router,
    admin_rules.router,
    api_reload.router,
    api_answer.router,
    api_documents.router,
    api_feedback.router,
    api_health.router,
    api_metrics.router,
    api_models.router,
    api_chat.router,
    page.router,
    page_document.router,
    page_feedback.router,
    widget.router,
    algolia.router,
    app_search.router,
    search_ui.router,
)
PUSH_PATH = "/api/v1/documents"
log = logging.getLogger(__name__)


def create_app(backend: Backend) -> FastAPI:
    """The application over one opened installation; the caller closes the backend afterwards."""
    # The interactive documentation would load scripts from elsewhere; /openapi.json says the same.
    mcp = McpOverHttp(backend) if find_spec("mcp") else None
    app = FastAPI(
        title="Recollect",
        version=version("recollect"),
        docs_url=None,
        redoc_url=None,
        lifespan=(lambda _: mcp.running()) if mcp else None,
    )
    app.state.backend = backend
    shared = backend.shared
    app.state.metrics = Metrics(shared.folder / COUNTS if shared else None)
    backend.watch(app.state.metrics)
    app.state.ages = Ages()
    app.state.routers = ROUTERS
    app.openapi = lambda: described(app)  # type: ignore[method-assign]  # as FastAPI's documentation says
    app.state.settings = SettingsDigest()
    app.state.desk = make_desk(backend)
    for router in (*ROUTERS, *admin.ROUTERS):
        app.include_router(router)
    if mcp:
        app.router.routes.append(Route(MCP_PATH, mcp))
    app.add_exception_handler(RecollectError, _known_problem)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(Exception, _unknown_problem)
    serve = backend.config.serve
    # The last one added sees a request first.
    app.add_middleware(
        BodyLimit,
        max_bytes=serve.limits.max_body_bytes,
        max_push_bytes=serve.limits.max_push_bytes,
        push_path=PUSH_PATH,
    )
    tally = SharedTally(shared.folder / TALLY, shared.slot) if shared else LocalTally()
    app.add_middleware(Overload, max_at_once=serve.limits.max_at_once, push_path=PUSH_PATH, tally=tally)
    app.add_middleware(HeadAsGet)
    app.add_middleware(Compressed, secret=ADMIN)
    app.add_middleware(KeyedCors, is_known=backend.doors().is_known_origin)
    app.add_middleware(KnownHosts, names=names_of(serve))
    app.add_middleware(HeadLimit)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Watch, metrics=app.state.metrics, traces=backend.traces())
    return app


async def _known_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, RecollectError)
    status = status_of(error)
    if status >= 500:
        log.error("%s %s: %s", request.method, request.url.path, error)
    if admin.is_within(request):
        # It asks a file who is signed in.
        return await run_in_threadpool(admin.refusal, request, error)
    if request.url.path == page.PATH:
        return page.refusal_page(request, error)
    return _problem(request, status, error.what, error.cure, headers_of(error))


async def _bad_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"][1:]) or "the body"
    return _problem(request, 400, f"{name}: {first['msg']}", "See /openapi.json for what is expected")


async def _http_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    cure = "See /openapi.json for what there is" if error.status_code in (404, 405) else ""
    what = f"{request.method} {request.url.path}: {error.detail}"
    return _problem(request, error.status_code, what, cure, error.headers)


async def _unknown_problem(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _problem(
        request, 500, "Something went wrong inside the server", "Its log says what", {HEADER: CURRENT.get()}
    )


def _problem(request: Request, status: int, what: str, cure: str, headers: Mapping[str, str] | None = None) -> Response:
    """In the shape that clients of the route know."""
    is_openai = request.url.path.startswith(f"{api_models.PREFIX}/")
    if is_openai:
        return JSONResponse(openai_problem_json(status, what, cure), status, headers)
    return Problem(status, what, cure, headers)
