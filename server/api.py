"""The HTTP server: which routes there are, and what every answer has in common."""

import logging
from importlib.metadata import version

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from crawler.errors import RecollectError
from server import api_answer, api_health, api_search
from server.backend import Backend
from server.headers import SecurityHeaders
from server.page import routes as page
from server.problems import problem_json, status_of

log = logging.getLogger(__name__)


def create_app(backend: Backend) -> FastAPI:
    """The application over one opened installation; the caller closes the backend afterwards."""
    # The interactive documentation would load scripts from elsewhere; /openapi.json says the same.
    app = FastAPI(title="Recollect", version=version("recollect"), docs_url=None, redoc_url=None)
    app.state.backend = backend
    app.include_router(api_search.router)
    app.include_router(api_answer.router)
    app.include_router(api_health.router)
    app.include_router(page.router)
    app.add_exception_handler(RecollectError, _known_problem)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(Exception, _unknown_problem)
    app.add_middleware(SecurityHeaders)
    origins = backend.config.serve.cors_origins
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "X-API-Key"],
        )
    return app


async def _known_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, RecollectError)
    status = status_of(error)
    if status >= 500:
        log.error("%s %s: %s", request.method, request.url.path, error)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(problem_json(error.what, error.cure), status, headers)


async def _bad_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"][1:]) or "the body"
    return JSONResponse(problem_json(f"{name}: {first['msg']}", "See /openapi.json for what is expected"), 400)


async def _http_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    cure = "See /openapi.json for what there is" if error.status_code in (404, 405) else ""
    what = f"{request.method} {request.url.path}: {error.detail}"
    return JSONResponse(problem_json(what, cure), error.status_code, error.headers)


async def _unknown_problem(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return JSONResponse(problem_json("Something went wrong inside the server", "Its log says what"), 500)
