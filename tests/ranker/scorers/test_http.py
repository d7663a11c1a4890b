"""The scorer over HTTP, against a real server that also misbehaves."""

import json
from collections.abc import Iterator

import numpy as np
import pytest

from ranker.errors import ScorerError
from ranker.scorers.http import HttpScorer, HttpScorerConfig
from tests.support.model_server import ModelServer, model_server


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


SECOND = {"index": 0, "relevance_score": 0.2}


def scorer_of(server: ModelServer, **settings: object) -> HttpScorer:
    config = {"url": server.url("/v1/rerank"), "model": "m", "backoff_s": 0.01, **settings}
    return HttpScorer(HttpScorerConfig(**config))  # type: ignore[arg-type]  # settings are keyword arguments


def answer(*scores: float) -> tuple[int, dict[str, str], bytes]:
    results = [{"index": i, "relevance_score": score} for i, score in enumerate(scores)]
    return 200, {}, json.dumps({"results": results}).encode()


def test_asks_for_all_scores_in_batches(server: ModelServer) -> None:
    scorer_of(server, batch_size=2, api_key="secret").score("cat", ["a", "b", "c"])
    payloads = [payload for _, _, payload in server.requests]
    assert [(p["query"], p["documents"], p["top_n"]) for p in payloads] == [("cat", ["a", "b"], 2), ("cat", ["c"], 1)]
    assert server.requests[0][1] == "Bearer secret"


def test_every_known_shape_is_read(server: ModelServer) -> None:
    cohere_v1 = {"id": "x", "results": [{"document": {"text": "b"}, "index": 1, "relevance_score": 0.9}, SECOND]}
    cohere_v2 = {"id": "x", "results": [{"index": 1, "relevance_score": 0.9}, SECOND], "meta": {"billed_units": {}}}
    jina = {"model": "m", "object": "list", "usage": {"total_tokens": 9}, **cohere_v1}
    scored = {"results": [{"index": 1, "score": 0.9}, {"index": 0, "score": 0.2}]}
    tei = [{"index": 1, "score": 0.9, "text": "b"}, {"index": 0, "score": 0.2}]
    for shape in (cohere_v1, cohere_v2, jina, scored, tei):
        server.faults = [(200, {}, json.dumps(shape).encode())]
        np.testing.assert_allclose(scorer_of(server).score("q", ["a", "b"]), [0.2, 0.9], rtol=1e-6)


def test_the_route_of_tei_gets_its_own_name_of_the_documents(server: ModelServer) -> None:
    server.faults = [(429, {"retry-after": "0"}, b"slow down"), answer(0.5)]
    scorer_of(server, url=server.url("/rerank")).score("q", ["a"])
    assert [payload["texts"] for _, _, payload in server.requests] == [["a"], ["a"]]
    scorer_of(server).score("q", ["a"])
    assert "texts" not in server.requests[-1][2]


def test_logits_go_through_the_sigmoid_where_the_service_gives_them(server: ModelServer) -> None:
    server.faults = [answer(0.0, 3.0)]
    scores = scorer_of(server, gives_logits=True).score("q", ["a", "b"])
    np.testing.assert_allclose(scores, [0.5, 1 / (1 + np.exp(-3))], rtol=1e-5)


@pytest.mark.parametrize("scores", [(0.5, 1.5), (-2.0, 0.1), (float("nan"), 0.1)])
def test_scores_outside_the_unit_interval_are_refused(server: ModelServer, scores: tuple[float, float]) -> None:
    server.faults = [answer(*scores)]
    with pytest.raises(ScorerError, match=r"scores outside 0 and 1 .*gives_logits"):
        scorer_of(server).score("q", ["a", "b"])


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"results": [{"index": 0}]}', b"<html>"])
def test_an_answer_of_another_shape_is_refused(server: ModelServer, body: bytes) -> None:
    server.faults = [(200, {}, body)]
    with pytest.raises(ScorerError, match=r"/v1/rerank (did not give|answered something)"):
        scorer_of(server).score("q", ["a", "b"])


def test_a_passage_without_a_score_is_noticed(server: ModelServer) -> None:
    server.faults = [answer(0.5)]
    with pytest.raises(ScorerError, match="each of 2 passages"):
        scorer_of(server).score("q", ["a", "b"])


def test_a_busy_server_is_asked_again_and_a_refusal_is_not(server: ModelServer) -> None:
    server.faults = [(503, {}, b"later")]
    assert scorer_of(server).score("q", ["a"]).shape == (1,)
    server.faults = [(400, {}, b"no such model")]
    with pytest.raises(ScorerError, match=r"answered 400: 'no such model'.*Check scorer\.url"):
        scorer_of(server).score("q", ["a"])
    assert len(server.requests) == 3
