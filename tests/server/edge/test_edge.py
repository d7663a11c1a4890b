"""What holds for every request: names, sizes, origins."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from server.app import create_app
from server.doors.keys import KeyFile
from server.doors.scope import Scope
from server.edge.hosts import host_in
from server.installation import Installation
from server.settings.choices import EncoderConfig, ScorerConfig, ServeConfig
from server.settings.config import Config
from server.settings.doors import LimitsConfig

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
