"""Errors as HTTP: which status a RecollectError has, and its JSON."""

import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

from crawler.errors import RecollectError
from indexer.errors import EncoderError, StoreLocked, StoreUnavailable
from rag.errors import GeneratorUnavailable
from ranker.errors import BadQuery, ScorerError
from server.errors import (
    BadInput,
    Forbidden,
    NoDocument,
    NoIndex,
    NoJob,
    NoModel,
    NoSite,
    NotAllowed,
    NotReloaded,
    Outdated,
    ScheduleTaken,
    TooLarge,
    TooMany,
    WrongKind,
)

STATUSES: tuple[tuple[type[RecollectError], int], ...] = (
    (BadQuery, 400),
    (BadInput, 400),
    (NotAllowed, 401),
    (Forbidden, 403),
    (NoModel, 404),
    (NoDocument, 404),
    (NoJob, 404),
    (NoSite, 404),
    (ScheduleTaken, 409),
    (Outdated, 409),
    (NotReloaded, 409),
    (TooLarge, 413),
    (WrongKind, 415),
    (TooMany, 429),
    (NoIndex, 503),
    (StoreUnavailable, 503),
    (StoreLocked, 503),
    (EncoderError, 503),
    (ScorerError, 503),
    (GeneratorUnavailable, 503),
)

ERROR_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}


def status_of(error: RecollectError) -> int:
    """400 for what the asker can mend, 503 for what time may mend, 500 for what only the operator can."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def headers_of(error: RecollectError) -> dict[str, str]:
    """The headers that belong to an error's status."""
    if isinstance(error, NotAllowed):
        return {"WWW-Authenticate": "Bearer"}
    return {"Retry-After": str(math.ceil(error.wait_s))} if isinstance(error, TooMany) else {}


class Problem(JSONResponse):
    """An error of our own API as problem details (RFC 9457), and as ``error``, in the words of the command line."""

    media_type = "application/problem+json"

    def __init__(self, status: int, what: str, cure: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(problem_json(status, what, cure), status, headers)


def problem_json(status: int, what: str, cure: str = "") -> dict[str, Any]:
    """The body of a ``Problem``."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": what,
        "error": {"what": what, "cure": cure},
    }


def openai_problem_json(status: int, what: str, cure: str = "") -> dict[str, Any]:
    """The body of an error below /v1: OpenAI's ``error``, and Cohere's ``message`` beside it."""
    message = f"{what}. {cure}" if cure else what
    kind = ERROR_TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
    code = "model_not_found" if kind == "not_found_error" else None
    return {"error": {"message": message, "type": kind, "param": None, "code": code}, "message": message}
