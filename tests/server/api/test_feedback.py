"""Feedback, clicks and judgements over HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from server.app import create_app
from server.assemble import key_file
from server.doors.scope import Scope
from server.installation import Installation
from server.querylog.record import Judgement
from server.settings.choices import EncoderConfig, ScorerConfig, ServeConfig
from server.settings.config import Config

URL = "https://a.example/badger"


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    config = Config(
        data=tmp_path, encoder=EncoderConfig("hashing"), scorer=ScorerConfig("none"), serve=ServeConfig(public=True)
    )
    with Installation(config) as opened:
        yield opened


@pytest.fixture
def client(installation: Installation) -> Iterator[TestClient]:
    with TestClient(create_app(installation)) as opened:
        yield opened


def test_feedback_and_clicks_are_kept(client: TestClient, installation: Installation) -> None:
    told = client.post("/api/v1/feedback", json={"query": "badger", "url": URL, "useful": False})
    assert (told.status_code, told.content) == (204, b"")
    assert client.post("/api/v1/click", json={"query": "badger", "url": URL, "position": 3}).status_code == 204
    log = installation.query_log()
    log.flush()
    assert log.file.select("SELECT query, url, is_useful FROM feedback") == [("badger", URL, 0)]
    assert log.file.select("SELECT query, url, position FROM click") == [("badger", URL, 3)]


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("feedback", {"query": "badger"}),
        ("feedback", {"query": "", "useful": True}),
        ("feedback", {"query": " \n\x7f", "useful": True}),
        ("feedback", {"query": "x" * 501, "useful": True}),
        ("feedback", {"query": "badger", "useful": True, "who": "me"}),
        ("click", {"query": "badger", "url": ""}),
        ("click", {"query": "badger", "url": URL, "position": -1}),
        ("click", {"query": "badger", "url": "x" * 2001}),
        ("judgements", {"judgements": []}),
        ("judgements", {"judgements": [{"query": "badger", "url": URL, "relevance": 4}]}),
    ],
)
def test_what_says_nothing_or_too_much_is_refused(
    client: TestClient, installation: Installation, route: str, body: object
) -> None:
    _, secret = key_file(installation.config).create("one", list(Scope))
    assert client.post(f"/api/v1/{route}", json=body, headers={"X-API-Key": secret}).status_code == 400
    installation.query_log().flush()
    assert not installation.query_log().file.exists()


def test_judgements_come_back_as_tune_reads_them(
    client: TestClient, installation: Installation, tmp_path: Path
) -> None:
    from indexer.document import Head, doc_id_of
    from server.judged import read_judged

    _, secret = key_file(installation.config).create("one", [Scope.ADMIN])
    headers = {"X-API-Key": secret}
    for relevance in (1, 3):
        given = {"judgements": [{"query": "badger", "url": URL, "relevance": relevance}]}
        assert client.post("/api/v1/judgements", json=given, headers=headers).json() == {"kept": 1}
    found = installation.query_log().file.judgements()
    assert [(one.query, one.url, one.relevance) for one in found] == [("badger", URL, 3)]
    assert isinstance(found[0], Judgement)
    exported = client.get("/api/v1/judgements", headers=headers)
    assert exported.headers["content-type"].startswith("application/x-ndjson")
    file = tmp_path / "judged.ndjson"
    file.write_text(exported.text)
    judged = read_judged(file, [Head(doc_id_of(URL), URL, "Badger", "h")])
    assert judged.qrels == {"badger": {doc_id_of(URL): 3}}
    assert client.get("/api/v1/judgements?query=otter", headers=headers).text == ""
    assert client.post("/api/v1/judgements", json=given).status_code == 401
