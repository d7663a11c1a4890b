"""The OpenAPI document: what FastAPI knows of the routes, and what it does not: keys, errors, and how to ask."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from server.api.access import Needs
from server.api.compatible.models import PREFIX
from server.api.schemas.errors import OpenaiProblemSchema, ProblemSchema

SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key, or a signed token"},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "An API key"},
}
ANSWERED_TO_ALL = (400, 421, 431)
"""Whatever the route: a request that cannot be understood, a name that is not the server's, a head too large."""

REFUSED = (401, 403, 429, 503)
"""By every route with a door; 503 also where the keys cannot be read."""

DESCRIPTION = (
    "Search and cited answers over this server's index. Without a key only what the server opens to all can be asked, "
    "and only documents without an access list show."
)


def described(app: FastAPI) -> dict[str, Any]:
    """The document, made at the first call."""
    if app.openapi_schema is None:
        document = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes)
        components = document.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for model in (ProblemSchema, OpenaiProblemSchema):
            schemas.update(_schemas(model))
        schemas["Documents"] = DOCUMENTS
        components["securitySchemes"] = SCHEMES
        for path, method, route in _routes(app):
            if operation := document["paths"].get(path, {}).get(method):
                _complete(operation, path, route)
        app.openapi_schema = document
    return app.openapi_schema


def _routes(app: FastAPI) -> Iterator[tuple[str, str, APIRoute]]:
    for router in app.state.routers:
        for route in router.routes:
            if isinstance(route, APIRoute):
                yield from ((route.path_format, method.lower(), route) for method in route.methods or ())


def _complete(operation: dict[str, Any], path: str, route: APIRoute) -> None:
    answers = operation["responses"]
    # What FastAPI says of every route with parameters; ours are told as 400.
    answers.pop("422", None)
    statuses = {*ANSWERED_TO_ALL}
    if needs := _door(route):
        statuses.update(REFUSED)
        operation["security"] = [{}, {"bearer": []}, {"key": []}]
        operation["description"] = f"{operation.get('description', '')}\n\nThe scope is `{needs.scope}`.".strip()
    if "{" in path:
        statuses.add(404)
    if "requestBody" in operation:
        statuses.update((408, 413, 415))
    schema = OpenaiProblemSchema if path.startswith(f"{PREFIX}/") else ProblemSchema
    for status in sorted(statuses):
        answers.setdefault(str(status), _problem(status, schema.__name__))
    for answer in answers.values():
        # FastAPI takes what a route names for JSON of its own.
        if answer.get("content", {}).get("application/json", {}).get("schema") == _ref(ProblemSchema.__name__):
            answer["content"] = {"application/problem+json": {"schema": _ref(ProblemSchema.__name__)}}


def _door(route: APIRoute) -> Needs | None:
    return next((one.call for one in route.dependant.dependencies if isinstance(one.call, Needs)), None)


def _problem(status: int, schema: str) -> dict[str, Any]:
    kinds = {"application/json"} if schema == OpenaiProblemSchema.__name__ else {"application/problem+json"}
    if schema == OpenaiProblemSchema.__name__ and status in (408, 413, 421, 431):
        # Told before the route is known.
        kinds, schema = {"application/problem+json"}, ProblemSchema.__name__
    body = {"schema": _ref(schema)}
    return {"description": HTTPStatus(status).phrase, "content": dict.fromkeys(kinds, body)}


def _ref(schema: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{schema}"}


def _schemas(model: Any) -> Mapping[str, Any]:
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    inner: dict[str, Any] = schema.pop("$defs", {})
    return {**inner, model.__name__: schema}


_DOCUMENT: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "id": {"oneOf": [{"type": "string"}, {"type": "integer"}], "description": "Its key within the source"},
        "url": {"type": "string", "description": "Where a result leads; the key where there is no id"},
        "title": {"type": "string"},
        "text": {"type": "string", "description": "One of text, html and sections"},
        "html": {"type": "string", "description": "A page, read as a crawl reads it"},
        "sections": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "text": {"type": "string"},
                    "heading_path": {"type": "array", "items": {"type": "string"}},
                    "anchor": {"type": "string"},
                },
            },
        },
        "metadata": {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}},
        "access": {"type": "array", "items": {"type": "string"}, "description": "The groups that may see it"},
        "language": {"type": "string", "description": "ISO 639-1"},
        "modified_at": {"type": "string", "description": "ISO 8601"},
    },
    "example": {"id": "42", "url": "https://example.com/faq#42", "title": "Returns", "text": "Within 30 days."},
}
_LIST = {"type": "array", "items": _DOCUMENT, "minItems": 1}
DOCUMENTS: dict[str, Any] = {
    "oneOf": [
        _DOCUMENT,
        _LIST,
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["documents"],
            "properties": {"documents": _LIST},
        },
    ]
}
