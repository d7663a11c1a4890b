"""Every route by every kind of key: what a caller may not do is refused, and no route lacks a door."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from crawler.page import Section
from indexer.document import Document, Head
from server.api.access import Needs
from server.app import create_app
from server.assemble import key_file
from server.doors.scope import Scope
from server.installation import Installation
from server.settings.choices import EncoderConfig, ScorerConfig, ServeConfig
from server.settings.config import Config

SITE = "https://www.example.com"
OPEN = {
    "/widget/{name}",
    "/static/{digest}/{name}",
    "/favicon.ico",
    "/opensearch.xml",
    "/health",
    "/health/live",
    "/health/ready",
}
"""Routes that tell nothing of what is indexed, beyond what their caller may see."""

REQUESTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "GET /": ("GET", "/?q=badger", {}),
    "GET /opensearch/suggest": ("GET", "/opensearch/suggest?q=b", {}),
    "GET /documents/{document_id}": ("GET", "/documents/1", {}),
    "GET /api/v1/search": ("GET", "/api/v1/search?q=badger", {}),
    "POST /api/v1/search": ("POST", "/api/v1/search", {"json": {"query": "badger"}}),
    "GET /api/v1/suggest": ("GET", "/api/v1/suggest?q=b", {}),
    "GET /api/v1/answer": ("GET", "/api/v1/answer?q=What+eats+it", {}),
    "POST /api/v1/answer": ("POST", "/api/v1/answer", {"json": {"question": "What eats it"}}),
    "POST /api/v1/documents": ("POST", "/api/v1/documents", {"json": {"id": "x", "text": "An otter."}}),
    "PUT /api/v1/documents": ("PUT", "/api/v1/documents", {"json": {"id": "x", "text": "An otter."}}),
    "GET /api/v1/documents": ("GET", "/api/v1/documents", {}),
    "DELETE /api/v1/documents/{key:path}": ("DELETE", "/api/v1/documents/a/b", {}),
    "POST /api/v1/documents/delete": ("POST", "/api/v1/documents/delete", {"json": {"ids": ["x"]}}),
    "GET /api/v1/jobs/{job}": ("GET", "/api/v1/jobs/1", {}),
    "POST /api/v1/feedback": ("POST", "/api/v1/feedback", {"json": {"query": "badger", "useful": True}}),
    "POST /api/v1/click": ("POST", "/api/v1/click", {"json": {"query": "badger", "url": "https://a.example/"}}),
    "POST /api/v1/judgements": (
        "POST",
        "/api/v1/judgements",
        {"json": {"judgements": [{"query": "badger", "url": "https://a.example/", "relevance": 2}]}},
    ),
    "GET /api/v1/judgements": ("GET", "/api/v1/judgements", {}),
    "GET /api/v1/rules": ("GET", "/api/v1/rules", {}),
    "PUT /api/v1/rules": ("PUT", "/api/v1/rules", {"json": {"rules": {}, "version": "none"}}),
    "POST /api/v1/rules/preview": ("POST", "/api/v1/rules/preview", {"json": {"rules": {}, "query": "badger"}}),
    "GET /api/v1/sites": ("GET", "/api/v1/sites", {}),
    "GET /api/v1/sites/{name}": ("GET", "/api/v1/sites/none", {}),
    "POST /api/v1/sites/{name}/crawl": ("POST", "/api/v1/sites/none/crawl", {}),
    "DELETE /api/v1/sites/{name}/crawl": ("DELETE", "/api/v1/sites/none/crawl", {}),
    "POST /api/v1/reload": ("POST", "/api/v1/reload", {}),
    "GET /metrics": ("GET", "/metrics", {}),
    "GET /v1/models": ("GET", "/v1/models", {}),
    "GET /v1/models/{name}": ("GET", "/v1/models/recollect", {}),
    "POST /v1/chat/completions": (
        "POST",
        "/v1/chat/completions",
        {"json": {"model": "recollect", "messages": [{"role": "user", "content": "What eats it?"}]}},
    ),
    "POST /v1/embeddings": ("POST", "/v1/embeddings", {"json": {"model": "hashing-256", "input": "a"}}),
    "POST /v1/rerank": ("POST", "/v1/rerank", {"json": {"model": "overlap", "query": "a", "documents": ["a"]}}),
    "POST /feedback": ("POST", "/feedback", {"data": {"query": "badger", "useful": "1"}}),
    "POST /1/indexes/*/queries": ("POST", "/1/indexes/*/queries", {"json": {"requests": [{"query": "badger"}]}}),
    "POST /1/indexes/{index}/query": ("POST", "/1/indexes/pages/query", {"json": {"query": "badger"}}),
    "POST /1/indexes/{index}/facets/{facet}/query": ("POST", "/1/indexes/pages/facets/site/query", {"json": {}}),
    "POST /search-ui/search": ("POST", "/search-ui/search", {"json": {"state": {"searchTerm": "badger"}}}),
    "POST /search-ui/autocomplete": ("POST", "/search-ui/autocomplete", {"json": {"state": {"searchTerm": "b"}}}),
    "POST /api/as/v1/engines/{engine}/search.json": (
        "POST",
        "/api/as/v1/engines/pages/search.json",
        {"json": {"query": "badger"}},
    ),
    "POST /api/as/v1/engines/{engine}/query_suggestion": (
        "POST",
        "/api/as/v1/engines/pages/query_suggestion",
        {"json": {"query": "b"}},
    ),
}
DONE = (200, 202, 204, 404, 409)
"""What comes of a request that is let in; 404 where the thing it names was never there, 409 where it cannot be now."""
NEEDED = {
    "POST /feedback": Scope.SEARCH,
    "POST /1/indexes/*/queries": Scope.SEARCH,
    "POST /1/indexes/{index}/query": Scope.SEARCH,
    "POST /1/indexes/{index}/facets/{facet}/query": Scope.SEARCH,
    "POST /search-ui/search": Scope.SEARCH,
    "POST /search-ui/autocomplete": Scope.SEARCH,
    "POST /api/as/v1/engines/{engine}/search.json": Scope.SEARCH,
    "POST /api/as/v1/engines/{engine}/query_suggestion": Scope.SEARCH,
    "GET /": Scope.SEARCH,
    "GET /opensearch/suggest": Scope.SEARCH,
    "GET /documents/{document_id}": Scope.SEARCH,
    "GET /api/v1/search": Scope.SEARCH,
    "POST /api/v1/search": Scope.SEARCH,
    "GET /api/v1/suggest": Scope.SEARCH,
    "GET /api/v1/answer": Scope.ANSWER,
    "POST /api/v1/answer": Scope.ANSWER,
    "POST /api/v1/documents": Scope.PUSH,
    "PUT /api/v1/documents": Scope.PUSH,
    "GET /api/v1/documents": Scope.PUSH,
    "DELETE /api/v1/documents/{key:path}": Scope.PUSH,
    "POST /api/v1/documents/delete": Scope.PUSH,
    "GET /api/v1/jobs/{job}": Scope.PUSH,
    "POST /api/v1/feedback": Scope.SEARCH,
    "POST /api/v1/click": Scope.SEARCH,
    "POST /api/v1/judgements": Scope.ADMIN,
    "GET /api/v1/judgements": Scope.ADMIN,
    "GET /api/v1/rules": Scope.ADMIN,
    "PUT /api/v1/rules": Scope.ADMIN,
    "POST /api/v1/rules/preview": Scope.ADMIN,
    "GET /api/v1/sites": Scope.ADMIN,
    "GET /api/v1/sites/{name}": Scope.ADMIN,
    "POST /api/v1/sites/{name}/crawl": Scope.ADMIN,
    "DELETE /api/v1/sites/{name}/crawl": Scope.ADMIN,
    "POST /api/v1/reload": Scope.ADMIN,
    "GET /metrics": Scope.METRICS,
    "GET /v1/models": Scope.ANSWER,
    "GET /v1/models/{name}": Scope.ANSWER,
    "POST /v1/chat/completions": Scope.ANSWER,
    "POST /v1/embeddings": Scope.MODELS,
    "POST /v1/rerank": Scope.MODELS,
}


@dataclass(frozen=True)
class Caller:
    """What a caller sends, and the scopes it holds; None where it is refused as a stranger, whatever it asks."""

    headers: dict[str, str]
    scopes: frozenset[Scope] | None


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A public server of other machines, with an index of one document."""
    config = Config(
        data=tmp_path_factory.mktemp("matrix"),
        encoder=EncoderConfig("hashing"),
        scorer=ScorerConfig("overlap"),
        serve=ServeConfig(host="0.0.0.0", api_keys={"configured": ("staff",)}),
    )
    head = Head("1", "https://a.example/", "Badger food", "h", site="a.example")
    # A file that is not there and stays so, since there are no rules to write.
    file = config.data / "recollect.yml"
    with Installation(config, is_writing=True, config_file=file) as opened:
        opened.indexer().index([Document(head, (Section("The badger eats earthworms.", end_char=27),))])
        yield opened


@pytest.fixture(scope="module")
def callers(installation: Installation) -> dict[str, Caller]:
    keys = key_file(installation.config)
    found = {
        "nobody": Caller({}, frozenset()),
        "configured": Caller({"X-API-Key": "configured"}, frozenset({Scope.SEARCH, Scope.ANSWER, Scope.MODELS})),
        "malformed": Caller({"Authorization": "Bearer rk_x"}, None),
    }
    for scope in Scope:
        _, secret = keys.create(scope, [scope])
        found[scope] = Caller({"Authorization": f"Bearer {secret}"}, frozenset({scope}))
    _, web = keys.create("web", [Scope.SEARCH, Scope.ANSWER], origins=[SITE])
    found["public"] = Caller({"X-API-Key": web, "Origin": SITE}, frozenset({Scope.SEARCH, Scope.ANSWER}))
    found["public elsewhere"] = Caller({"X-API-Key": web, "Origin": "https://evil.example"}, None)
    found["public without a page"] = Caller({"X-API-Key": web}, None)
    _, old = keys.create("old", list(Scope), expires_at=datetime.now(UTC) - timedelta(days=1))
    found["expired"] = Caller({"X-API-Key": old}, None)
    key, gone = keys.create("gone", list(Scope))
    keys.revoke(key.key_id)
    found["revoked"] = Caller({"X-API-Key": gone}, None)
    return found


@pytest.fixture(scope="module")
def strict(installation: Installation) -> Iterator[TestClient]:
    with TestClient(create_app(installation), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def public(installation: Installation) -> Iterator[TestClient]:
    """The same with ``serve.public``."""
    config = replace(installation.config, serve=replace(installation.config.serve, public=True))
    with Installation(config) as opened, TestClient(create_app(opened), raise_server_exceptions=False) as client:
        yield client


def routes(client: TestClient) -> dict[str, APIRoute]:
    found = {}
    for router in _routers():
        for route in router.routes:
            assert isinstance(route, APIRoute)
            found.update({f"{method} {route.path}": route for method in route.methods or ()})
    return found


def _routers() -> list[Any]:
    from server.app import ROUTERS

    return list(ROUTERS)


def test_every_route_names_its_scope_or_is_known_to_be_open(strict: TestClient) -> None:
    asked = set()
    for name, route in routes(strict).items():
        needs = [found.call for found in route.dependant.dependencies if isinstance(found.call, Needs)]
        if route.path in OPEN:
            assert not needs, name
            continue
        assert [need.scope for need in needs] == [NEEDED[name]], name
        asked.add(name)
    assert asked == set(REQUESTS) == set(NEEDED)


@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_each_caller_gets_what_its_key_allows(name: str, strict: TestClient, callers: dict[str, Caller]) -> None:
    method, path, options = REQUESTS[name]
    for who, caller in callers.items():
        status = strict.request(method, path, headers=caller.headers, **options).status_code
        if caller.scopes is None:
            assert status in (401, 403), (who, name)
        elif not caller.scopes:
            assert status == 401, (who, name)
        else:
            assert status in (DONE if NEEDED[name] in caller.scopes else (403,)), (who, name)


@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_the_key_of_another_site_gets_nothing_of_this_one(
    name: str, strict: TestClient, installation: Installation
) -> None:
    _, secret = key_file(installation.config).create("site", list(Scope), sites=["other.example"])
    method, path, options = REQUESTS[name]
    answer = strict.request(method, path, headers={"X-API-Key": secret}, **options)
    assert answer.status_code in (*DONE, 400, 403)
    assert "earthworms" not in answer.text


@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_public_opens_search_and_answers_and_nothing_else(name: str, public: TestClient) -> None:
    method, path, options = REQUESTS[name]
    is_open = NEEDED[name] in (Scope.SEARCH, Scope.ANSWER)
    assert public.request(method, path, **options).status_code in (DONE if is_open else (401,))


def test_a_refusal_on_the_page_is_a_page(strict: TestClient) -> None:
    answer = strict.get("/?q=badger")
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "asks for an API key" in answer.text
    assert "earthworms" not in answer.text


def test_a_page_for_those_who_may_only_search_has_no_answer(strict: TestClient, callers: dict[str, Caller]) -> None:
    question = "/?q=What+does+the+badger+eat&answer=1"
    assert 'id="answer"' not in strict.get(question, headers=callers["search"].headers).text
    assert 'id="answer"' in strict.get(question, headers=callers["public"].headers).text


def test_too_many_requests_are_told_with_the_time_to_wait(installation: Installation) -> None:
    from server.settings.doors import LimitsConfig

    serve = replace(installation.config.serve, public=True, limits=LimitsConfig(per_minute=2))
    with Installation(replace(installation.config, serve=serve)) as opened, TestClient(create_app(opened)) as client:
        statuses = [client.get("/api/v1/search?q=badger").status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        refused = client.get("/?q=badger")
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 30
