"""Requests that nobody means well by: each is answered by what is wrong with it, and soon."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from crawler.page import Section
from indexer.document import Document, Head
from server.app import create_app
from server.assemble import key_file
from server.doors.asker import MAX_FILTER_VALUES
from server.doors.scope import Scope
from server.edge.half_signs import has_half_signs
from server.installation import Installation
from server.request import MAX_FACETS
from server.settings.choices import EncoderConfig, ScorerConfig
from server.settings.config import Config

HALF = "a \ud800 sign"
BODIES: dict[str, Any] = {
    "/api/v1/search": {"query": HALF},
    "/api/v1/answer": {"question": HALF},
    "/api/v1/feedback": {"query": HALF, "useful": True},
    "/api/v1/click": {"query": "a", "url": HALF},
    "/api/v1/judgements": {"judgements": [{"query": HALF, "url": "u", "relevance": 1}]},
    "/api/v1/documents/delete": {"ids": [HALF]},
    "/api/v1/rules/preview": {"query": HALF, "rules": {}},
    "/v1/chat/completions": {"model": "recollect", "messages": [{"role": "user", "content": HALF}]},
    "/v1/embeddings": {"model": "hashing", "input": [HALF]},
    "/v1/rerank": {"model": "overlap", "query": HALF, "documents": [HALF]},
    "/1/indexes/*/queries": {"requests": [{"indexName": "a", "query": HALF}]},
    "/1/indexes/a/query": {"query": HALF},
    "/api/as/v1/engines/a/search.json": {"query": HALF},
    "/api/as/v1/engines/a/query_suggestion": {"query": HALF},
    "/search-ui/search": {"state": {"searchTerm": HALF}},
    "/mcp": {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "ask", "arguments": {"question": HALF}},
    },
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An index of one page, and a key that may do anything."""
    folder = tmp_path_factory.mktemp("hostile")
    config = Config(data=folder, encoder=EncoderConfig("hashing"), scorer=ScorerConfig("overlap"))
    with Installation(config, is_writing=True) as installation:
        head = Head("1", "https://birds.example/tern", "Terns", "h")
        installation.indexer().index([Document(head, (Section("The arctic tern flies far."),))])
        yield installation


@pytest.fixture(scope="module")
def client(opened: Installation) -> Iterator[TestClient]:
    _, secret = key_file(opened.config).create("all", list(Scope))
    with TestClient(create_app(opened), raise_server_exceptions=False, headers={"X-API-Key": secret}) as found:
        yield found


@pytest.mark.parametrize("path", BODIES)
def test_half_of_a_sign_is_no_text_to_any_route(path: str, client: TestClient) -> None:
    body = json.dumps(BODIES[path])
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    answer = client.post(path, content=body, headers=headers)
    assert answer.status_code == 400
    assert "half of a sign" in answer.text
    whole = client.post(path, content=body.replace("\\ud800", "\\ud83e\\udda1"), headers=headers)
    assert whole.status_code < 500
    assert "half of a sign" not in whole.text


def test_of_what_is_pushed_a_document_with_half_a_sign_takes_no_other_with_it(client: TestClient) -> None:
    documents = [{"id": HALF, "text": "x"}, {"id": "b", "text": HALF, "title": HALF}, {"id": HALF}]
    answer = client.post(
        "/api/v1/documents", content=json.dumps(documents), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 202
    assert (answer.json()["documents"], answer.json()["refused"]) == (1, 2)


@pytest.mark.parametrize(
    ("text", "has"),
    [
        (rb'{"a": "\ud800"}', True),
        (rb'{"a": "\ud83e\udda1"}', False),
        (rb'{"a": "\\ud800"}', False),
        (rb'{"\uDFFF": 1}', True),
        (rb'["\ud800', False),
        (rb'["a", "\udda1\ud83e"]', True),
    ],
)
def test_halves_are_told_from_pairs_and_from_what_only_looks_like_them(text: bytes, has: bool) -> None:
    assert has_half_signs(text) is has


@pytest.mark.parametrize("path", ["/api/v1/search", "/api/v1/answer", "/api/v1/judgements", "/v1/chat/completions"])
@pytest.mark.parametrize("body", ["[" * 50_000, "[" * 50_000 + "]" * 50_000, '{"page": ' + "9" * 5_000 + "}", '"', ""])
def test_json_that_is_none_or_endless_is_refused(path: str, body: str, client: TestClient) -> None:
    assert client.post(path, content=body, headers={"Content-Type": "application/json"}).status_code == 400


@pytest.mark.parametrize("name", ["from", "before"])
@pytest.mark.parametrize(
    "time",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01", "9999-12-31T23:59:59Z", "10000-01-01"],
)
def test_no_time_is_too_early_or_too_late(name: str, time: str, client: TestClient) -> None:
    for path, text in (("/api/v1/search", "q"), ("/api/v1/answer", "q"), ("/", "q")):
        assert client.get(path, params={text: "tern", name: time}).status_code in (200, 400)
    pushed = client.post("/api/v1/documents", json=[{"id": "a", "text": "x", "modified_at": time}])
    assert pushed.status_code in (202, 400)


def test_more_filters_and_facets_than_anybody_means_are_refused(client: TestClient) -> None:
    many = [str(number) for number in range(MAX_FILTER_VALUES + 1)]
    names = {"metadata": {key: list[str]() for key in many}}
    for filters in ({"site": many}, {"path": many}, names, {"metadata": {"a": many}}):
        for path, text in (("/api/v1/search", "query"), ("/api/v1/answer", "question")):
            answer = client.post(path, json={text: "tern", "filters": filters})
            assert (answer.status_code, "values" in answer.json()["detail"]) == (400, True)
    facets = [f"metadata.{number}" for number in range(MAX_FACETS + 1)]
    answer = client.post("/api/v1/search", json={"query": "tern", "facets": facets})
    assert (answer.status_code, "facets" in answer.json()["detail"]) == (400, True)
    within = {"query": "tern", "facets": facets[1:], "filters": {"site": many[:500]}}
    assert client.post("/api/v1/search", json=within).status_code == 200


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_conversation_is_unknown_to_whoever_has_other_rights(
    accept: str, client: TestClient, opened: Installation
) -> None:
    keys = key_file(opened.config)
    kinds: tuple[dict[str, Any], ...] = (
        {"groups": ["staff"]},
        {"groups": ["guests"]},
        {"sites": ["birds.example"]},
        {},
    )
    secrets = [keys.create("one", [Scope.ANSWER], **kind)[1] for kind in kinds]

    def said(secret: str, text: str) -> str:
        headers = {"X-API-Key": secret, "Accept": accept}
        answer = client.get("/api/v1/answer", params={"q": text, "session": "known-to-all"}, headers=headers)
        assert answer.status_code == 200
        return answer.text

    for number, secret in enumerate(secrets):
        assert "sesame" not in said(secret, "What is the door code?")
        said(secret, f"Remember that the door code is sesame-{number}")
    for number, secret in enumerate(secrets):
        assert f"sesame-{number}" in said(secret, "What is the door code?")
