"""The HTTP API over a real index."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from rag.events import Event, Phase
from server.api.answer import frames
from server.app import create_app
from server.installation import Installation
from server.settings.choices import ServeConfig
from server.settings.config import Config
from server.shapes import results_json
from tests.server.conftest import Indexed, Recollect
from tests.support.site import INDEXABLE

QUESTION = "How long does a restore of 200 GB take?"


def events_of(text: str) -> list[tuple[str, Any]]:
    """Server-sent events as (name, data)."""
    found = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_search_answers_the_same_document_as_the_command(
    client: TestClient, recollect: Recollect, indexed: Indexed
) -> None:
    over_http = client.get("/api/v1/search", params={"q": "restore a single file"}).json()
    in_terminal = recollect("search", "restore a single file", "--data", indexed.data, "--json").json
    assert over_http["hits"] == in_terminal["hits"]
    assert over_http.keys() == in_terminal.keys()


def test_get_and_post_ask_the_same(client: TestClient) -> None:
    parameters: dict[str, Any] = {
        "q": "tern",
        "size": 2,
        "page": 2,
        "facet": ["path", "site"],
        "path": ["/guide"],
        "sort": "newest",
    }
    body = {
        "query": "tern",
        "size": 2,
        "page": 2,
        "facets": ["path", "site"],
        "filters": {"path": ["/guide"]},
        "sort": "newest",
    }
    got, posted = client.get("/api/v1/search", params=parameters), client.post("/api/v1/search", json=body)
    assert got.status_code == posted.status_code == 200
    assert got.json()["hits"] == posted.json()["hits"]
    assert got.json()["facets"] == posted.json()["facets"]
    assert [hit["rank"] for hit in got.json()["hits"]] == [3, 4]


def test_answer_is_one_document(client: TestClient) -> None:
    answer = client.get("/api/v1/answer", params={"q": QUESTION}).json()
    assert "forty minutes" in answer["answer"]
    assert answer["citations"][0]["document_id"] in {hit["document_id"] for hit in answer["hits"]}
    assert client.post("/api/v1/answer", json={"question": QUESTION}).json()["answer"] == answer["answer"]


def test_streamed_answer_ends_with_the_whole_document(client: TestClient) -> None:
    response = client.get("/api/v1/answer", params={"q": QUESTION}, headers={"Accept": "text/event-stream"})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = events_of(response.text)
    names = [name for name, _ in events]
    assert names[:2] == ["phase", "sources"]
    assert names[-1] == "done"
    document = events[-1][1]
    assert "".join(data["text"] for name, data in events if name == "chunk") == document["answer"]
    plain = client.get("/api/v1/answer", params={"q": QUESTION}).json()
    assert document["citations"] == plain["citations"]


def test_one_who_leaves_stops_the_answering() -> None:
    closed = []

    def events() -> Iterator[Event]:
        try:
            yield Phase("search")
            yield Phase("generate")
        finally:
            closed.append(True)

    async def leave_after_the_first() -> str:
        stream = frames(events())
        first = await anext(stream)
        await stream.aclose()  # type: ignore[attr-defined]  # an asynchronous generator has it
        return first

    assert asyncio.run(leave_after_the_first()).startswith("event: phase\n")
    assert closed


def test_answer_keeps_to_the_filters(client: TestClient) -> None:
    answer = client.get("/api/v1/answer", params={"q": QUESTION, "path": "/reference"}).json()
    assert all(hit["path"].startswith("/reference/") for hit in answer["hits"])


def test_suggestions_begin_words(client: TestClient) -> None:
    found = client.get("/api/v1/suggest", params={"q": "rest"}).json()
    assert found["query"] == "rest"
    assert "Restore files" in found["suggestions"]
    assert client.get("/api/v1/suggest", params={"q": " "}).json()["suggestions"] == []
    assert len(client.get("/api/v1/suggest", params={"q": "t", "size": 2}).json()["suggestions"]) == 2


def test_health_tells_of_every_part(client: TestClient) -> None:
    response = client.get("/health")
    assert response.status_code == 200
    assert response.json()["parts"]["store"]["documents"] == len(INDEXABLE)
    assert response.json()["parts"]["encoder"]["ok"]


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "said"),
    [
        ("GET", "/api/v1/search?q=x&mode=best", {}, 400, "mode 'best' is unknown"),
        ("GET", "/api/v1/search?q=x&page=one", {}, 400, "page"),
        ("GET", "/api/v1/search?q=x&page=0", {}, 400, "page"),
        ("GET", "/api/v1/search?q=x&size=100000", {}, 400, "100000 hits"),
        ("GET", "/api/v1/search?q=x&page=99999", {}, 400, "page"),
        ("GET", "/api/v1/search?q=x&meta=team", {}, 400, "KEY=VALUE"),
        ("GET", "/api/v1/search?q=x&from=soon", {}, 400, "from 'soon' is not a date"),
        ("GET", "/api/v1/search?q=" + "x" * 10_001, {}, 400, "10,0"),
        ("POST", "/api/v1/search", {"content": b"{"}, 400, "JSON"),
        ("POST", "/api/v1/search", {"json": {"qurey": "x"}}, 400, "qurey"),
        ("POST", "/api/v1/search", {"json": {"query": "x", "filters": {"groups": ["staff"]}}}, 400, "groups"),
        ("POST", "/api/v1/answer", {"json": {}}, 400, "question"),
        ("GET", "/api/v1/answer?q=", {}, 400, "empty"),
        ("GET", "/api/v1/nothing", {}, 404, "/api/v1/nothing"),
        ("DELETE", "/api/v1/search", {}, 405, "DELETE"),
    ],
)
def test_a_wrong_request_is_told_as_json(
    client: TestClient, method: str, path: str, options: dict[str, Any], status: int, said: str
) -> None:
    response = client.request(method, path, **options)
    assert response.status_code == status
    error = response.json()["error"]
    assert error.keys() == {"what", "cure"}
    assert said.lower() in (error["what"] + error["cure"]).lower()


def test_a_wrong_question_has_no_stream(client: TestClient) -> None:
    response = client.get("/api/v1/answer", params={"q": ""}, headers={"Accept": "text/event-stream"})
    assert events_of(response.text)[-1][0] == "error"


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/", "/?q=tern", "/api/v1/search?q=tern", "/nothing", "/health", "/static/x/page.js"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers


def test_openapi_describes_the_routes_for_programs(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["paths"]
    for path in (
        "/api/v1/search",
        "/api/v1/answer",
        "/api/v1/documents",
        "/v1/chat/completions",
        "/health",
        "/metrics",
    ):
        assert path in described
    assert not {"/", "/favicon.ico", "/documents/{document_id}"} & set(described)
    assert set(described["/api/v1/search"]) == {"get", "post"}


def test_before_anything_is_indexed_the_server_says_so(tmp_path: Any, indexed: Indexed) -> None:
    data = tmp_path / "later"
    with Installation(Config(data=data)) as installation, TestClient(create_app(installation)) as client:
        assert client.get("/health").status_code == 503
        response = client.get("/api/v1/search?q=x")
        assert response.status_code == 503
        assert "recollect crawl" in response.json()["error"]["cure"]
        assert client.get("/").status_code == 200
        assert client.get("/?q=x").status_code == 503
        # As soon as there is an index the same server answers from it.
        data.symlink_to(indexed.data)
        assert client.get("/api/v1/search?q=tern").json()["total"] > 0


def test_cors_is_off_unless_sites_are_named(client: TestClient, indexed: Indexed) -> None:
    origin = {"Origin": "https://www.example.com"}
    assert "access-control-allow-origin" not in client.get("/api/v1/search?q=x", headers=origin).headers
    config = Config(data=indexed.data, serve=ServeConfig(cors_origins=("https://www.example.com",)))
    with Installation(config) as installation, TestClient(create_app(installation)) as open_client:
        headers = open_client.get("/api/v1/search?q=x", headers=origin).headers
        assert headers["access-control-allow-origin"] == "https://www.example.com"
        other = open_client.get("/api/v1/search?q=x", headers={"Origin": "https://evil.example"}).headers
        assert "access-control-allow-origin" not in other


def test_restricted_documents_need_a_key_in_every_route(recollect: Recollect, tmp_path: Any) -> None:
    lines = [
        {"id": "1", "title": "Badger salaries", "text": "The badger earns nine crabs a month.", "access": ["staff"]},
        {"id": "2", "title": "Badger food", "text": "The badger eats earthworms."},
    ]
    path = tmp_path / "a.ndjson"
    path.write_text("\n".join(map(json.dumps, lines)))
    recollect("import", path, "--data", tmp_path / "d")
    serve = ServeConfig(api_keys={"k1": ("staff",), "k2": ("board",)})
    routes = (
        "/api/v1/search?q=badger+crabs&facet=source",
        "/api/v1/answer?q=What+does+the+badger+earn+a+month?",
        "/api/v1/suggest?q=badger",
        "/?q=badger+crabs&answer=1",
        "/opensearch/suggest?q=badger",
    )
    config = Config(data=tmp_path / "d", serve=serve)
    with Installation(config) as installation, TestClient(create_app(installation)) as client:
        for route in routes:
            for headers in ({}, {"X-API-Key": "k2"}):
                text = client.get(route, headers=headers).text
                assert "salaries" not in text, route
                assert "nine crabs" not in text, route
            assert "alaries" in client.get(route, headers={"Authorization": "Bearer k1"}).text, route
        # Groups cannot be had by asking for them.
        assert client.get("/api/v1/search?q=badger&group=staff").status_code == 400
        assert client.get(routes[0], headers={"X-API-Key": "wrong"}).status_code == 401


def test_shapes_are_json_whatever_the_texts_hold(installation: Installation) -> None:
    from ranker.query import Query

    json.dumps(results_json(installation.ranker().search(Query("tern"))))


def test_a_follow_up_is_understood_within_its_session(client: TestClient) -> None:
    session = "a-session-of-the-test"
    client.post("/api/v1/answer", json={"question": "How do I install it on Linux?", "session": session})
    answer = client.post("/api/v1/answer", json={"question": "and on Windows?", "session": session}).json()
    assert (answer["question"], answer["understood"]) == ("and on Windows?", "How do I install it on Windows?")
    alone = client.post("/api/v1/answer", json={"question": "and on Windows?"}).json()
    assert alone["understood"] == ""
    streamed = client.get(
        "/api/v1/answer",
        params={"q": "and on macOS?", "session": session},
        headers={"accept": "text/event-stream"},
    ).text
    assert streamed.startswith('event: rephrased\ndata: {"question": "How do I install it on macOS?"}\n\n')


@pytest.mark.parametrize("session", ["short", "has blanks in it", "x" * 129, "../../etc/passwd"])
def test_a_session_that_could_be_no_id_is_refused(client: TestClient, session: str) -> None:
    assert client.post("/api/v1/answer", json={"question": "What?", "session": session}).status_code in (400, 422)
    assert client.get("/api/v1/answer", params={"q": "What?", "session": session}).status_code in (400, 422)
