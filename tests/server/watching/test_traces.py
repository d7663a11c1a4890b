"""Spans, as a collector reads them."""

from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from crawler.page import Section
from indexer.document import Document, Head
from server.app import create_app
from server.errors import ConfigError
from server.installation import Installation
from server.settings.choices import EncoderConfig, ScorerConfig, ServeConfig
from server.settings.config import Config, load
from tests.support.otlp import Collector, attributes, collecting

TRACE, ABOVE = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def asked(folder: Path, collector: Collector, *paths: str) -> None:
    """Ask a server for these; what it has to send is sent when it ends."""
    config = Config(data=folder, encoder=EncoderConfig("hashing"), scorer=ScorerConfig("none"))
    with Installation(config, is_writing=True) as installation:
        head = Head("1", "https://birds.example/tern", "Terns", "birds.example")
        installation.sink().index([Document(head, (Section("", ("The arctic tern flies far each year.",)),))])
    config = replace(config, serve=ServeConfig(otlp_endpoint=collector.url))
    headers = {"traceparent": f"00-{TRACE}-{ABOVE}-01", "X-Request-ID": "abc-1"}
    with (
        Installation(config) as installation,
        TestClient(create_app(installation), headers=headers, raise_server_exceptions=False) as client,
    ):
        for path in paths:
            client.get(path)


def test_a_request_and_its_stages_are_one_trace(tmp_path: Path) -> None:
    with collecting() as collector:
        asked(tmp_path, collector, "/api/v1/search?q=tern", "/api/v1/answer?q=How+far+does+the+tern+fly")
    assert collector.paths == {"/v1/traces"}
    assert collector.services == {"recollect"}
    (search,), (answer,) = collector.named("GET /api/v1/search"), collector.named("GET /api/v1/answer")
    assert (search.trace_id.hex(), search.parent_span_id.hex()) == (TRACE, ABOVE)
    told = attributes(search)
    assert (told["http.response.status_code"], told["http.request.header.x-request-id"]) == (200, "abc-1")
    assert "tern" not in str(told)
    stages = {span.name for span in collector.spans if span.parent_span_id == search.span_id}
    assert {"understand", "candidates", "group"} <= stages
    assert "candidates" in {span.name for span in collector.spans if span.parent_span_id == answer.span_id}
    for span in collector.spans:
        assert span.start_time_unix_nano <= span.end_time_unix_nano


def test_what_fails_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken inside")

    monkeypatch.setattr("server.api.search.results_json", fail)
    with collecting() as collector:
        asked(tmp_path, collector, "/api/v1/search?q=tern", "/nothing")
    assert [span.status.code for span in collector.named("GET /api/v1/search")] == [2]
    assert [span.status.code for span in collector.named("GET none")] == [0]


def test_a_collector_that_is_away_keeps_nobody_waiting(tmp_path: Path) -> None:
    with collecting() as collector:
        pass
    asked(tmp_path, collector, "/api/v1/search?q=tern")
    assert collector.spans == []


def test_the_variable_that_all_programs_know_is_read() -> None:
    variable = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}
    assert load(environ=variable).serve.otlp_endpoint == "http://localhost:4318"
    own = {**variable, "RECOLLECT_SERVE__OTLP_ENDPOINT": "http://collector:4318"}
    assert load(environ=own).serve.otlp_endpoint == "http://collector:4318"
    assert load(environ={}).serve.otlp_endpoint == ""
    with pytest.raises(ConfigError, match="otlp_endpoint"):
        load(environ={"RECOLLECT_SERVE__OTLP_ENDPOINT": "localhost:4318"})
