"""What holds for every request: names, sizes, origins."""

import asyncio
import hmac
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Send
from starlette.types import Scope as Scope_

from server.app import create_app
from server.doors.keys import KeyFile
from server.doors.scope import Scope
from server.edge.body_limit import BodyLimit
from server.edge.hosts import host_in
from server.edge.overload import Overload
from server.installation import Installation
from server.settings.choices import EncoderConfig, ScorerConfig, ServeConfig
from server.settings.config import Config
from server.settings.doors import LimitsConfig
from server.sharing.tally import LocalTally

SITE = "https://www.example.com"


def served(folder: Path, **serve: object) -> Config:
    config = ServeConfig(**serve)  # type: ignore[arg-type]  # the tests name its fields
    return Config(data=folder, encoder=EncoderConfig("hashing"), scorer=ScorerConfig("none"), serve=config)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    config = served(
        tmp_path, hosts=("search.example.com",), url="https://s.example.com", limits=LimitsConfig(max_body_bytes=1000)
    )
    with Installation(config) as installation, TestClient(create_app(installation)) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/opensearch.xml", "/", "/health", "/api/v1/search?q=x", "/openapi.json", "/nothing"])
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "6.6.6.6",
        "",
        "a b",
        "[::",
        "search.example.com@evil.example",
    ],
)
def test_a_name_that_is_not_ours_is_refused_and_not_repeated(client: TestClient, path: str, host: str) -> None:
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 421
    assert "evil" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:80", "search.example.com", "s.example.com.", "testserver"],
)
def test_its_own_names_are_answered(client: TestClient, host: str) -> None:
    answer = client.get("/opensearch.xml", headers={"Host": host})
    assert answer.status_code == 200
    assert 'template="https://s.example.com/?q={searchTerms}"' in answer.text


def test_any_name_can_be_allowed(tmp_path: Path) -> None:
    with Installation(served(tmp_path, hosts=("*",))) as opened, TestClient(create_app(opened)) as client:
        assert client.get("/opensearch.xml", headers={"Host": "any.example"}).status_code == 200


def test_hosts_are_read_as_urls_have_them() -> None:
    assert host_in("A.example:80") == "a.example"
    assert host_in("[::1]:80") == "::1"
    assert host_in("a/../b") == "a"


@pytest.mark.parametrize("path", ["/api/v1/search", "/api/v1/answer", "/v1/embeddings", "/nothing"])
def test_a_large_body_is_refused_whatever_its_headers_say(client: TestClient, path: str) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"query": "'
        for _ in range(20):
            yield b"x" * 100
        yield b'"}'

    refused = client.post(path, content=b"x" * 1001, headers={"Content-Type": "application/json"})
    assert refused.status_code == 413
    untold = client.post(path, content=pieces(), headers={"Content-Type": "application/json"})
    # A route that does not exist reads no body.
    assert untold.status_code == (404 if path == "/nothing" else 413)


def test_pages_of_a_keys_origin_may_call_and_others_may_not(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "keys.sqlite")
    with Installation(served(tmp_path)) as opened, TestClient(create_app(opened)) as client:
        asked = {"Origin": SITE, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-api-key"}
        assert client.options("/api/v1/search", headers=asked).status_code == 400
        key, secret = keys.create("web", [Scope.SEARCH], origins=[SITE])
        answer = client.options("/api/v1/search", headers=asked)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == SITE
        # Even a refusal can be read by the page, so that it can tell its visitor.
        refused = client.get("/api/v1/answer?q=x", headers={"Origin": SITE, "X-API-Key": secret})
        assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (403, SITE)
        other = client.get("/health", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers
        assert "access-control-allow-credentials" not in answer.headers
        keys.revoke(key.key_id)
        assert client.options("/api/v1/search", headers=asked).status_code == 400


def test_a_body_that_comes_drop_by_drop_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.edge.body_limit.START_S", 0.01)
    answers: list[Message] = []

    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    async def note(message: Message) -> None:
        answers.append(message)

    async def read_all(scope: Scope_, receive: Receive, send: Send) -> None:
        await receive()

    asked = {"type": "http", "path": "/api/v1/search", "method": "POST", "headers": [], "query_string": b""}
    asyncio.run(BodyLimit(read_all, 10, 10, "/push")(asked, never, note))
    assert answers[0]["status"] == 408


def test_more_requests_than_can_be_worked_on_are_told_to_come_again() -> None:
    async def run() -> list[int]:
        may_end, statuses = asyncio.Event(), list[int]()

        async def slow(scope: Scope_, receive: Receive, send: Send) -> None:
            await may_end.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
                if message["status"] == 429:
                    assert (b"retry-after", b"1") in message["headers"]

        async def nothing() -> Message:
            return {"type": "http.request"}

        app = Overload(slow, max_at_once=6, push_path="/push", tally=LocalTally())

        def ask(path: str, method: str = "GET") -> "asyncio.Task[None]":
            return asyncio.ensure_future(app({"type": "http", "path": path, "method": method}, nothing, note))

        tasks = [ask("/push", "POST") for _ in range(5)]
        tasks += [ask("/search") for _ in range(3)]
        await asyncio.sleep(0)
        assert statuses == [429, 429]
        tasks.append(ask("/health"))
        may_end.set()
        await asyncio.gather(*tasks)
        await ask("/search")
        return statuses

    assert asyncio.run(run()) == [429, 429, *[200] * 8]


@pytest.mark.parametrize(
    "path",
    [
        "/static/x/..%2f..%2f..%2fpyproject.toml",
        "/static/..%2f..%2fapp.py/x",
        "/widget/..%2fsnippet.py",
        "/widget/..%5csnippet.py",
        "/widget/%2e%2e%2froutes.py",
        "/widget/snippet.py",
        "/widget/recollect.js%00",
        "/documents/..%2f..%2fkeys.sqlite",
        "//etc/passwd",
    ],
)
def test_no_path_leads_out_of_what_is_served(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "import" not in answer.text


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: x=1", "a\nERROR forged line", "\x1b[31mred"])
def test_what_a_caller_writes_begins_no_header_and_no_line_of_the_log(
    client: TestClient, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    for path in ("/api/v1/search", "/api/v1/suggest", "/nothing/" + quote(value, safe="")):
        answer = client.get(path, params={"q": value, value: value}, headers={"X-API-Key": "rk_x"})
        assert "set-cookie" not in answer.headers
        assert all("\n" not in text and "\r" not in text for text in answer.headers.values())
    assert not [record for record in caplog.records if "\n" in record.getMessage() or "\x1b" in record.getMessage()]


def test_keys_are_compared_in_a_time_that_tells_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[str, str]] = []
    real = hmac.compare_digest

    def noting(one: str, other: str) -> bool:
        compared.append((one, other))
        return real(one, other)

    monkeypatch.setattr("server.doors.secret.hmac.compare_digest", noting)
    _, secret = KeyFile(tmp_path / "keys.sqlite").create("one", [Scope.SEARCH])
    known_id = "_".join(secret.split("_")[:2])
    with Installation(served(tmp_path)) as opened, TestClient(create_app(opened)) as client:
        for sent in (secret, f"{known_id}_{'x' * 43}", f"rk_{'0' * 12}_{'x' * 43}"):
            client.get("/api/v1/search?q=x", headers={"X-API-Key": sent})
    # The same work whether the id is known or not: two hashes of one length.
    assert len(compared) == 3
    assert {len(text) for pair in compared for text in pair} == {64}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({f"X-{number}": "x" for number in range(80)}, 200),
        ({f"X-{number}": "x" for number in range(120)}, 431),
        ({"X-Large": "x" * 20_000}, 200),
        ({"X-Large": "x" * 40_000}, 431),
    ],
)
def test_the_head_of_a_request_has_its_limits(client: TestClient, headers: dict[str, str], status: int) -> None:
    assert client.get("/health/live", headers=headers).status_code == status


def test_a_long_query_is_part_of_the_head(client: TestClient) -> None:
    assert client.get("/health/live?" + "x" * 40_000).status_code == 431
