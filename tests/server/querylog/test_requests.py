"""Requests over HTTP and MCP leave their line; the search page, the API, chat and streams alike."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from crawler.page import Section
from indexer.document import Document, Head
from server.app import create_app
from server.assemble import key_file
from server.doors.asker import Asker
from server.doors.scope import Scope
from server.installation import Installation
from server.mcp import tools
from server.settings.choices import EncoderConfig, ScorerConfig, ServeConfig
from server.settings.config import Config

QUESTION = "What does the badger eat?"


@pytest.fixture
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    config = Config(
        data=tmp_path_factory.mktemp("log"),
        encoder=EncoderConfig("hashing"),
        scorer=ScorerConfig("overlap"),
        serve=ServeConfig(query_log="full"),
    )
    with Installation(config, is_writing=True) as opened:
        text = "The badger eats earthworms."
        head = Head("1", "https://a.example/", "Badger food", "h", site="a.example")
        opened.indexer().index([Document(head, (Section(text, end_char=len(text)),))])
        yield opened


@pytest.fixture
def client(installation: Installation) -> Iterator[TestClient]:
    with TestClient(create_app(installation)) as opened:
        yield opened


def entered(installation: Installation, columns: str = "kind, query") -> list[tuple[object, ...]]:
    log = installation.query_log()
    log.flush()
    return log.file.select(f"SELECT {columns} FROM entered ORDER BY rowid")


def test_searches_of_the_api_and_of_the_page(client: TestClient, installation: Installation) -> None:
    client.get("/api/v1/search?q=badger&site=a.example")
    client.post("/api/v1/search", json={"query": "otter"})
    client.get("/?q=worms")
    expected = [("search", "badger", "a.example"), ("search", "otter", ""), ("search", "worms", "")]
    assert entered(installation, "kind, query, site") == expected


def test_what_is_typed_counts_as_a_suggestion(client: TestClient, installation: Installation) -> None:
    client.get("/api/v1/search?q=bad&unfinished=true")
    client.get("/api/v1/suggest?q=ba")
    client.get("/opensearch/suggest?q=b")
    client.get("/api/v1/suggest?q=")
    assert entered(installation) == [("suggest", "bad"), ("suggest", "ba"), ("suggest", "b")]


def test_turning_a_page_counts_as_nothing(client: TestClient, installation: Installation) -> None:
    client.get("/api/v1/search?q=badger&page=2")
    client.get("/?q=badger&page=2")
    client.get("/")
    assert entered(installation) == []


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_answers_whole_and_streamed(accept: str, client: TestClient, installation: Installation) -> None:
    client.get("/api/v1/answer", params={"q": QUESTION}, headers={"accept": accept})
    client.get("/api/v1/answer", params={"q": QUESTION, "session": "abcdefgh"}, headers={"accept": accept})
    client.get("/api/v1/answer", params={"q": "Who won in 1998?"}, headers={"accept": accept})
    kinds = entered(installation, "kind, query, is_refused")
    assert kinds == [("answer", QUESTION, 0), ("answer", QUESTION, 0), ("answer", "Who won in 1998?", 1)]


def test_an_answer_above_the_results_of_the_page(client: TestClient, installation: Installation) -> None:
    client.get("/", params={"q": QUESTION, "answer": "1"})
    assert entered(installation) == [("search", QUESTION), ("answer", QUESTION)]


@pytest.mark.parametrize("stream", [False, True])
def test_chat(stream: bool, client: TestClient, installation: Installation) -> None:
    messages = [{"role": "user", "content": QUESTION}]
    client.post("/v1/chat/completions", json={"model": "recollect", "messages": messages, "stream": stream})
    assert entered(installation) == [("answer", QUESTION)]


def test_tools_of_assistants(installation: Installation) -> None:
    asker = Asker(frozenset(Scope))
    tools.search(installation, asker, "badger", 5, (), ())
    tools.ask(installation, asker, QUESTION, (), ())
    assert entered(installation) == [("search", "badger"), ("answer", QUESTION)]


def test_a_key_is_known_by_its_id_and_never_by_itself(client: TestClient, installation: Installation) -> None:
    key, secret = key_file(installation.config).create("website", [Scope.SEARCH])
    client.get("/api/v1/search?q=badger", headers={"Authorization": f"Bearer {secret}"})
    assert entered(installation, "key_id") == [(key.key_id,)]


def test_a_log_that_cannot_be_written_fails_no_request(client: TestClient, installation: Installation) -> None:
    (installation.config.data / "queries.sqlite").write_bytes(b"this is no database, " * 200)
    assert client.get("/api/v1/search?q=badger").status_code == 200
    installation.query_log().flush()
    assert client.get("/api/v1/search?q=badger").status_code == 200
    installation.query_log().flush()
    assert installation.query_log().dropped == 2
