"""Lines of a log as JSON."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from server.app import create_app
from server.installation import Installation
from server.terminal.console import REQUESTS
from server.watching.lines import JsonLines


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the server logs as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger, requests = logging.getLogger("server"), logging.getLogger(REQUESTS)
    before = requests.level
    logger.addHandler(handler)
    requests.setLevel(logging.INFO)
    yield stream
    logger.removeHandler(handler)
    requests.setLevel(before)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_each_request_is_a_line_and_says_nothing_of_what_was_asked(
    installation: Installation, written: io.StringIO
) -> None:
    with TestClient(create_app(installation)) as client:
        client.get("/api/v1/search?q=secret-words", headers={"X-Request-ID": "abc-1"})
        client.get("/made%0Aup", headers={"X-Request-ID": "abc-2"})
    first, second = lines(written)
    assert first["http.request.id"] == "abc-1"
    assert (first["http.route"], first["http.response.status_code"]) == ("/api/v1/search", 200)
    assert first["event.outcome"] == "success"
    assert first["event.duration"] > 0
    assert "secret-words" not in written.getvalue()
    assert (second["http.request.id"], second["url.path"], second["http.route"]) == ("abc-2", "/made\nup", "none")


def test_what_fails_is_told_under_the_same_id(
    installation: Installation, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken\ninside")

    monkeypatch.setattr("server.api.search.results_json", fail)
    with TestClient(create_app(installation), raise_server_exceptions=False) as client:
        client.get("/api/v1/search?q=tern", headers={"X-Request-ID": "abc-3"})
    found = lines(written)
    assert {line["http.request.id"] for line in found} == {"abc-3"}
    (failure,) = (line for line in found if line["log.level"] == "error")
    assert "RuntimeError: broken\ninside" in failure["error.stack_trace"]
    assert {line.get("event.outcome") for line in found} == {None, "failure"}
