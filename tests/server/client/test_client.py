"""The Python client against the real application: every method, and every parameter it sends is in the document."""

import inspect
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient

from server.app import create_app
from server.assemble import key_file
from server.client import Recollect, Refused, Unreachable
from server.doors.scope import Scope
from server.installation import Installation
from server.settings.choices import EncoderConfig, ScorerConfig
from server.settings.config import Config

DOCUMENTS = [
    {"id": "badger", "title": "Badger food", "text": "The badger eats earthworms.", "url": "https://a.example/badger"},
    {"id": "heron", "title": "The heron", "text": "The heron stands in the shallows."},
]


class Asked(httpx.BaseTransport):
    """Sends what the client asks to the application, and notes it."""

    def __init__(self, app: TestClient) -> None:
        self.app = app
        self.seen: list[tuple[str, str, set[str]]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append((request.method, request.url.path, set(request.url.params)))
        url, headers = str(request.url), dict(request.headers)
        answer = self.app.request(request.method, url, content=request.read(), headers=headers)
        headers = {name: value for name, value in answer.headers.items() if name != "content-encoding"}
        return httpx.Response(answer.status_code, headers=headers, content=answer.content, request=request)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    config = Config(data=tmp_path, encoder=EncoderConfig("hashing"), scorer=ScorerConfig("overlap"))
    with Installation(config) as opened:
        yield opened


@pytest.fixture
def transport(installation: Installation) -> Iterator[Asked]:
    with TestClient(create_app(installation)) as app:
        yield Asked(app)


@pytest.fixture
def server(installation: Installation, transport: Asked) -> Iterator[Recollect]:
    _, key = key_file(installation.config).create("one", list(Scope))
    with Recollect("http://testserver", key, transport=transport) as opened:
        yield opened


def push(server: Recollect) -> None:
    (pushed,) = server.push(DOCUMENTS, source="docs")
    assert server.done(pushed.job).failed == []


def test_what_is_pushed_is_found_and_answered(server: Recollect) -> None:
    push(server)
    results = server.search("earthworms", mode="lexical", facets=["source"], filters={"site": ["a.example"]})
    assert [hit.url for hit in results.hits] == ["https://a.example/badger"]
    assert [(one.value, one.count) for one in results.facets["source"]] == [("docs", 1)]
    assert server.suggest("bad").suggestions == ["Badger food"]
    answer = server.answer("What does the badger eat?")
    assert answer.question == "What does the badger eat?"
    names = [name for name, _ in server.stream("What does the badger eat?")]
    assert (names[0], names[-1]) == ("phase", "done")
    server.feedback("What does the badger eat?", is_useful=True)
    server.click("badger", "https://a.example/badger", 1)


def test_documents_are_listed_and_taken_out(server: Recollect) -> None:
    push(server)
    assert [one.id for one in server.documents(source="docs")] == ["badger", "heron"]
    assert server.done(server.delete(["heron", "tern"], source="docs").job).state == "done"
    (replaced,) = server.push([], source="docs", is_all=True)
    server.done(replaced.job)
    assert list(server.documents(source="docs")) == []
    assert server.search("").total == 0


def test_a_refusal_has_the_words_of_the_server(server: Recollect, transport: Asked) -> None:
    push(server)
    with pytest.raises(Refused, match="mode 'best' is unknown") as refused:
        server.search("x", mode="best")
    assert refused.value.status == 400
    assert "Known here" in refused.value.cure
    assert [name for name, _ in server.stream("")][-1] == "error"
    with pytest.raises(Refused):
        list(server.stream("x", session="short"))
    with Recollect("http://testserver", "rk_wrong", transport=transport) as other, pytest.raises(Refused) as refused:
        other.search("x")
    assert refused.value.status == 401


def test_what_is_no_recollect_is_told_so() -> None:
    def other(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("search"):
            return httpx.Response(200, json={"hello": "world"})
        if request.url.path.endswith("suggest"):
            return httpx.Response(502, text="Bad gateway")
        raise httpx.ConnectError("refused")

    with Recollect("http://x.example", transport=httpx.MockTransport(other)) as server:
        for ask in (server.search, server.suggest, server.answer, lambda text: list(server.stream(text))):
            with pytest.raises(Unreachable):
                ask("x")


def test_a_busy_server_is_asked_again() -> None:
    statuses = [429, 200]

    def busy(request: httpx.Request) -> httpx.Response:
        status = statuses.pop(0)
        if status == 429:
            return httpx.Response(429, headers={"Retry-After": "0"})
        return httpx.Response(200, json={"query": "x", "suggestions": []})

    with Recollect("http://x.example", transport=httpx.MockTransport(busy)) as server:
        assert server.suggest("x").suggestions == []
    assert statuses == []


def test_what_it_sends_is_in_the_document(server: Recollect, transport: Asked) -> None:
    push(server)
    server.search("x", mode="lexical", facets=["site"])
    server.suggest("x")
    server.answer("What?", session="12345678")
    list(server.documents())
    paths = json.loads(transport.app.get("/openapi.json").text)["paths"]
    for method, path, parameters in transport.seen:
        known = next((one for one in paths if _fits(one, path)), None)
        assert known, path
        described = {one["name"] for one in paths[known][method.lower()].get("parameters", []) if one["in"] == "query"}
        assert parameters <= described, path


def test_every_method_is_documented() -> None:
    docs = (Path(__file__).parents[3] / "docs" / "clients.md").read_text("utf-8")
    for name, _ in inspect.getmembers(Recollect, inspect.isfunction):
        if not name.startswith("_"):
            assert f"`{name}(" in docs, name


def _fits(described: str, path: str) -> bool:
    parts, own = described.split("/"), path.split("/")
    return len(parts) == len(own) and all(a == b or a.startswith("{") for a, b in zip(parts, own, strict=True))
