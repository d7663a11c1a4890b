"""Request ids, counts, and whether the server lives and is ready."""

import json
import logging
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from rag.answer import Answer, Refusal
from server.app import create_app
from server.installation import Installation
from server.settings.config import Config
from server.watching.metrics import Metrics
from server.watching.request_id import CURRENT, WithRequestId, id_for

NAMES = re.compile(r"recollect_\w+")


def counts(client: TestClient) -> dict[tuple[str, ...], float]:
    """(name, method, route, status) -> value, read by Prometheus' own parser."""
    found: dict[tuple[str, ...], float] = {}
    for family in text_string_to_metric_families(client.get("/metrics").text):
        for sample in family.samples:
            labels = sample.labels
            found[sample.name, labels.get("method", ""), labels.get("route", ""), labels.get("status", "")] = (
                sample.value
            )
    return found


def test_requests_are_counted_by_route_and_status(installation: Installation) -> None:
    with TestClient(create_app(installation)) as client:
        client.get("/api/v1/search?q=tern")
        client.get("/api/v1/search?q=tern&mode=best")
        client.get("/made-up/1")
        client.get("/made-up/2")
        client.get("/health", headers={"Host": "evil.example"})
        client.request("BREW", "/")
        found = counts(client)
    name = "recollect_http_requests_total"
    assert found[name, "GET", "/api/v1/search", "200"] == 1
    assert found[name, "GET", "/api/v1/search", "400"] == 1
    assert found[name, "GET", "none", "404"] == 2
    assert found[name, "GET", "none", "421"] == 1
    assert found["recollect_http_request_duration_seconds_count", "GET", "/api/v1/search", ""] == 2
    assert found["recollect_index_documents", "", "", ""] == installation.store().count().documents
    assert found["recollect_http_requests_under_way", "", "", ""] == 1
    assert not any("made-up" in route or method == "BREW" for _, method, route, _ in found)


def test_refusals_and_claims_are_counted() -> None:
    metrics = Metrics()
    for reason in (*Refusal, "A reason of another kind"):
        metrics.answered_question(Answer("why", "", (), (), refused=True, reason=reason))
    metrics.answered_question(Answer("why", "So.", (), (), claims_checked=5, claims_supported=3))
    metrics.encoded(2, 1)
    told = metrics.text()[0].decode()
    for reason in ("nothing_found", "no_answer", "not_supported", "other"):
        assert f'recollect_answer_refusals_total{{reason="{reason}"}} 1.0' in told
    assert 'recollect_answer_claims_total{supported="yes"} 3.0' in told
    assert 'recollect_answer_claims_total{supported="no"} 2.0' in told
    assert 'recollect_query_embedding_cache_lookups_total{result="hit"} 2.0' in told


def test_each_answer_names_its_request(client: TestClient) -> None:
    assert client.get("/health", headers={"X-Request-ID": "abc-1"}).headers["x-request-id"] == "abc-1"
    first, second = (client.get("/nothing").headers["x-request-id"] for _ in range(2))
    assert first != second
    assert client.get("/health", headers={"Host": "evil.example"}).headers["x-request-id"]


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "a\nERROR forged", "ü"])
def test_an_id_that_could_forge_a_line_is_replaced(given: str) -> None:
    assert id_for(given) != given
    assert id_for(given).isalnum()


def test_what_is_logged_for_a_request_carries_its_id(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken inside")

    monkeypatch.setattr("server.api.search.results_json", fail)
    caplog.handler.addFilter(WithRequestId())
    with TestClient(create_app(installation), raise_server_exceptions=False) as client:
        client.get("/api/v1/search?q=tern", headers={"X-Request-ID": "abc-2"})
    assert "[abc-2] " in [
        getattr(record, "request", "") for record in caplog.records if record.levelno >= logging.ERROR
    ]
    assert CURRENT.get() == ""


def test_a_server_without_an_index_lives_and_is_not_ready(tmp_path: Path, client: TestClient) -> None:
    assert client.get("/health/ready").status_code == 200
    with Installation(Config(data=tmp_path)) as opened, TestClient(create_app(opened)) as fresh:
        assert fresh.get("/health/live").status_code == 200
        ready = fresh.get("/health/ready")
        assert (ready.status_code, ready.json()) == (503, {"status": "failing"})
        assert fresh.get("/metrics").status_code == 200


def test_the_dashboard_and_what_is_told_are_documented(installation: Installation) -> None:
    root = Path(__file__).parents[3]
    documented = set(NAMES.findall((root / "docs" / "http-api.md").read_text("utf-8")))
    dashboard = json.loads((root / "docker" / "grafana-dashboard.json").read_text("utf-8"))
    asked = {name for panel in dashboard["panels"] for one in panel["targets"] for name in NAMES.findall(one["expr"])}
    assert {name.removesuffix("_bucket") for name in asked} <= documented
    with TestClient(create_app(installation)) as client:
        families = text_string_to_metric_families(client.get("/metrics").text)
        told = {family.name + "_total" * (family.type == "counter") for family in families}
    assert {name for name in told if not name.endswith("_created")} <= documented
