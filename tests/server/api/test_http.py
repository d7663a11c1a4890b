"""What holds for every route of the API: parameters, HEAD, entity tags, compression, request ids."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from crawler.page import Section
from indexer.document import Document, Head
from indexer.trace import REQUEST_ID
from server.app import create_app
from server.assemble import key_file
from server.doors.scope import Scope
from server.installation import Installation
from server.settings.choices import EncoderConfig, ScorerConfig, ServeConfig
from server.settings.config import Config

SEARCH = "/api/v1/search?q=badger"


def document(number: int, access: tuple[str, ...] = ()) -> Document:
    text = f"The badger number {number} digs. " + "It digs on. " * 40
    head = Head(f"{number:032x}", f"https://a.example/{number}", "Badger", f"h{number}", "a.example", access=access)
    return Document(head, (Section(text, end_char=len(text)),))


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    config = Config(
        data=tmp_path,
        encoder=EncoderConfig("hashing"),
        scorer=ScorerConfig("overlap"),
        serve=ServeConfig(public=True),
    )
    with Installation(config, is_writing=True) as opened:
        opened.indexer().index([document(1), document(2, ("staff",))])
        yield opened


@pytest.fixture
def client(installation: Installation) -> Iterator[TestClient]:
    with TestClient(create_app(installation), raise_server_exceptions=False) as opened:
        yield opened


@pytest.mark.parametrize(
    ("path", "name", "cure"),
    [
        ("/api/v1/search?q=x&sise=5", "sise", "'size'"),
        ("/api/v1/search?q=x&Q=x", "Q", "q, "),
        ("/api/v1/suggest?q=x&corrects=no", "corrects", "meta, "),
        ("/api/v1/answer?q=x&acess=y", "acess", "before, "),
        ("/api/v1/search?group=staff", "group", "site, "),
    ],
)
def test_a_parameter_that_is_not_known_is_named(client: TestClient, path: str, name: str, cure: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["title"]) == (400, "Bad Request")
    assert problem["detail"] == problem["error"]["what"] == f"parameter '{name}' is unknown"
    assert cure in problem["error"]["cure"]
    assert "Known here: " in problem["error"]["cure"]


def test_post_takes_no_parameters_of_the_url(client: TestClient) -> None:
    assert client.post("/api/v1/search?size=5", json={"query": "x"}).status_code == 400


@pytest.mark.parametrize(
    "path", [SEARCH, "/api/v1/suggest?q=b", "/health", "/health/live", "/", "/opensearch.xml", "/v1/models", "/nothing"]
)
def test_head_is_get_without_its_body(client: TestClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.status_code == got.status_code
    assert head.content == b""
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.headers.get("etag") == got.headers.get("etag")


def test_head_of_what_has_no_get_is_no_method(client: TestClient) -> None:
    assert client.head("/v1/rerank").status_code == 405


@pytest.mark.parametrize("path", [SEARCH, "/api/v1/suggest?q=b"])
def test_an_answer_that_the_caller_holds_is_not_sent_again(
    client: TestClient, installation: Installation, path: str
) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    same = client.get(path, headers={"If-None-Match": f'"other", {tag}'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert client.get(f"{path}&size=5", headers={"If-None-Match": tag}).status_code == 200
    installation.indexer().index([document(3)])
    changed = client.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


def test_the_tag_of_one_asker_is_not_that_of_another(client: TestClient, installation: Installation) -> None:
    keys = key_file(installation.config)
    tags = {client.get(SEARCH).headers["etag"]}
    for held in ({"groups": ["staff"]}, {"groups": ["board"]}, {"sites": ["a.example"]}):
        _, secret = keys.create("one", [Scope.SEARCH], **held)  # type: ignore[arg-type]  # the tests name its fields
        headers = {"X-API-Key": secret}
        mine = client.get(SEARCH, headers=headers).headers["etag"]
        assert client.get(SEARCH, headers={**headers, "If-None-Match": ", ".join(tags)}).status_code == 200
        tags.add(mine)
    assert len(tags) == 4


def test_other_settings_make_another_tag(client: TestClient, installation: Installation) -> None:
    config = replace(installation.config, serve=replace(installation.config.serve, url="https://s.example"))
    with Installation(config) as opened, TestClient(create_app(opened)) as other:
        assert other.get(SEARCH).headers["etag"] != client.get(SEARCH).headers["etag"]


def test_without_an_index_there_is_no_tag(tmp_path: Path) -> None:
    config = Config(data=tmp_path, encoder=EncoderConfig("hashing"), scorer=ScorerConfig("none"))
    with Installation(config) as opened, TestClient(create_app(opened)) as client:
        answer = client.get("/api/v1/suggest?q=b", headers={"If-None-Match": "*"})
        assert answer.status_code == 200
        assert "etag" not in answer.headers


def test_long_answers_are_compressed_for_those_who_take_it(client: TestClient) -> None:
    packed = client.get(SEARCH, headers={"Accept-Encoding": "gzip"})
    plain = client.get(SEARCH, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json()["hits"] == plain.json()["hits"]
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    assert "Accept-Encoding" in packed.headers["vary"]


def test_streams_and_pages_with_secrets_are_not_compressed(client: TestClient) -> None:
    headers = {"Accept-Encoding": "gzip", "Accept": "text/event-stream"}
    stream = client.get("/api/v1/answer?q=What+does+the+badger+do", headers=headers)
    assert "content-encoding" not in stream.headers
    assert "content-encoding" not in client.get("/admin/nothing", headers=headers).headers


def test_the_store_is_asked_under_the_id_of_the_request(
    client: TestClient, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    suggest = installation.store().suggest

    def noting(*given: object) -> list[str]:
        seen.append(REQUEST_ID.get())
        return suggest(*given)  # type: ignore[arg-type]  # handed on

    monkeypatch.setattr(installation.store(), "suggest", noting)
    client.get("/api/v1/suggest?q=b", headers={"X-Request-ID": "abc-1"})
    assert seen == ["abc-1"]
    assert REQUEST_ID.get() == ""
