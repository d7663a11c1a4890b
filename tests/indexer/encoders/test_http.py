"""The encoder over HTTP, against a real server that also misbehaves."""

import json
from collections.abc import Iterator

import numpy as np
import pytest

from indexer.encoders.http import HttpEncoder, HttpEncoderConfig
from indexer.errors import EncoderError
from indexer.inference.endpoint import retry_after_s
from tests.support.model_server import ModelServer, model_server


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


def encoder_of(server: ModelServer, **settings: object) -> HttpEncoder:
    config = {"url": server.url("/v1/embeddings"), "model": "m", "backoff_s": 0.01, "dim": 64, **settings}
    return HttpEncoder(HttpEncoderConfig(**config))  # type: ignore[arg-type]  # settings are keyword arguments


def test_texts_go_in_batches_with_prefix_model_and_key(server: ModelServer) -> None:
    encoder = encoder_of(server, batch_size=2, passage_prefix="passage: ", api_key="secret")
    encoder.encode_passages(["a", "b", "c"])
    assert [payload["input"] for _, _, payload in server.requests] == [["passage: a", "passage: b"], ["passage: c"]]
    assert {(key, payload["model"]) for _, key, payload in server.requests} == {("Bearer secret", "m")}


def test_without_a_key_no_header_is_sent(server: ModelServer) -> None:
    encoder_of(server).encode_queries(["a"])
    assert server.requests[0][1] is None


def test_the_key_stays_out_of_messages(server: ModelServer) -> None:
    config = HttpEncoderConfig(server.url("/nowhere"), "m", api_key="secret")
    assert "secret" not in repr(config)
    with pytest.raises(EncoderError) as caught:
        HttpEncoder(config).encode_queries(["a"])
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_is_busy_is_asked_again(server: ModelServer, status: int) -> None:
    server.faults = [(status, {"retry-after": "0"}, b"later")] * 2
    assert encoder_of(server).encode_queries(["a"]).shape == (1, 64)
    assert len(server.requests) == 3


def test_attempts_come_to_an_end(server: ModelServer) -> None:
    server.faults = [(503, {}, b"later")] * 9
    with pytest.raises(EncoderError, match=r"/v1/embeddings answered 503: 'later'.*Check encoder\.url"):
        encoder_of(server, attempts=2).encode_queries(["a"])
    assert len(server.requests) == 2


def test_a_refusal_is_not_asked_again(server: ModelServer) -> None:
    server.faults = [(401, {}, b"bad key")]
    with pytest.raises(EncoderError, match="answered 401: 'bad key'"):
        encoder_of(server).encode_queries(["a"])
    assert len(server.requests) == 1


def test_a_server_that_is_not_there_is_named() -> None:
    config = HttpEncoderConfig("http://127.0.0.1:9/v1/embeddings", "m", attempts=2, backoff_s=0.01)
    with pytest.raises(EncoderError, match=r"http://127\.0\.0\.1:9/v1/embeddings does not answer"):
        HttpEncoder(config).encode_queries(["a"])


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"<html>", "not JSON"),
        (b"[]", "not of the OpenAI shape"),
        (b'{"data": [{"index": 0}]}', "not of the OpenAI shape"),
        (b'{"data": [{"index": 0, "embedding": ["x"]}]}', "not of the OpenAI shape"),
        (b'{"data": [{"index": 0, "embedding": [0.0, 0.0]}]}', "usable vectors"),
        (b'{"data": []}', "not of the OpenAI shape|usable vectors"),
        (json.dumps({"data": [{"index": 0, "embedding": [1.0] * 3}]}).encode(), "vectors of 3 numbers, not 64"),
    ],
)
def test_an_answer_of_another_shape_is_refused(server: ModelServer, body: bytes, problem: str) -> None:
    server.faults = [(200, {}, body)]
    with pytest.raises(EncoderError, match=problem):
        encoder_of(server).encode_queries(["a"])


def test_the_dimension_is_learnt_from_the_server(server: ModelServer) -> None:
    assert encoder_of(server, dim=None).dim == 64


def test_vectors_of_the_server_are_scaled_to_unit_length(server: ModelServer) -> None:
    row = json.dumps({"data": [{"index": 0, "embedding": [3.0, 4.0]}]}).encode()
    server.faults = [(200, {}, row)]
    np.testing.assert_allclose(encoder_of(server, dim=2).encode_queries(["a"]), [[0.6, 0.8]], rtol=1e-6)


@pytest.mark.parametrize(("value", "seconds"), [("", 0), ("3", 3), ("999", 30), ("²", 0), ("Wed, 21 Oct 2026", 0)])
def test_the_wait_a_server_asks_for_is_bounded(value: str, seconds: float) -> None:
    assert retry_after_s(value) == seconds
