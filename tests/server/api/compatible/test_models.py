"""/v1/embeddings and /v1/rerank: over a real server, by OpenAI's own client and by our own encoder and scorer."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import numpy as np
import openai
import pytest

from indexer.encoders.http import HttpEncoder, HttpEncoderConfig
from ranker.scorers.http import HttpScorer, HttpScorerConfig
from server.installation import Installation
from server.settings.choices import EncoderConfig, ScorerConfig, ServeConfig
from server.settings.config import Config
from tests.support.served import running

TEXTS = ["a tern is a sea bird", "restore a single file", "", "lone \ud800 surrogate"]
SERVED = Config(encoder=EncoderConfig("hashing"), scorer=ScorerConfig("overlap"))


@contextmanager
def serving(config: Config) -> Iterator[tuple[Installation, str]]:
    """The installation, and the address where a real server answers for it."""
    with Installation(config) as installation, running(installation) as url:
        yield installation, url


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Installation, str]]:
    with serving(SERVED) as running:
        yield running


@pytest.fixture(scope="module")
def client(served: tuple[Installation, str]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served[1], timeout=30) as opened:
        yield opened


def embed(client: httpx.Client, **fields: Any) -> httpx.Response:
    return client.post("/v1/embeddings", json={"model": "hashing-256", **fields})


def rerank(client: httpx.Client, **fields: Any) -> httpx.Response:
    return client.post("/v1/rerank", json={"model": "overlap", "query": "a tern", "documents": TEXTS[:2], **fields})


def test_our_own_encoder_gets_the_same_vectors_over_http(served: tuple[Installation, str]) -> None:
    installation, url = served
    name = installation.encoder().name
    remote = HttpEncoder(HttpEncoderConfig(f"{url}/v1/embeddings", name, batch_size=3))
    try:
        np.testing.assert_allclose(remote.encode_passages(TEXTS[:2]), installation.encoder().encode_passages(TEXTS[:2]))
        assert remote.encode_queries(TEXTS).shape == (4, installation.encoder().dim)
    finally:
        remote.close()


def test_our_own_scorer_gets_the_same_scores_over_http(served: tuple[Installation, str]) -> None:
    installation, url = served
    scorer = installation.scorer()
    assert scorer is not None
    remote = HttpScorer(HttpScorerConfig(f"{url}/v1/rerank", "overlap", batch_size=3))
    try:
        np.testing.assert_allclose(remote.score("a tern", TEXTS), scorer.score("a tern", TEXTS))
    finally:
        remote.close()


def test_the_client_of_openai_gets_vectors(served: tuple[Installation, str]) -> None:
    installation, url = served
    expected = installation.encoder().encode_passages(TEXTS[:2])
    with openai.OpenAI(base_url=f"{url}/v1", api_key="unused", max_retries=0) as client:
        answer = client.embeddings.create(model="hashing-256", input=TEXTS[:2])
        np.testing.assert_allclose([item.embedding for item in answer.data], expected, atol=1e-7)
        as_numbers = client.embeddings.create(model="hashing-256", input=TEXTS[:2], encoding_format="float")
        np.testing.assert_allclose([item.embedding for item in as_numbers.data], expected, atol=1e-7)
        assert answer.usage.total_tokens > 0
        with pytest.raises(openai.NotFoundError, match=r"Ask for .hashing-256"):
            client.embeddings.create(model="other", input="text")


def test_one_text_is_a_list_of_one_and_base64_holds_float32(client: httpx.Client) -> None:
    plain = embed(client, input="tern").json()["data"]
    packed = embed(client, input=["tern"], encoding_format="base64").json()["data"]
    assert [len(plain), plain[0]["index"], plain[0]["object"]] == [1, 0, "embedding"]
    raw = base64.b64decode(packed[0]["embedding"])
    np.testing.assert_array_equal(np.frombuffer(raw, dtype="<f4"), np.float32(plain[0]["embedding"]))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"input": [1, 2]}, "token numbers are not taken"),
        ({"input": [[1, 2]]}, "token numbers are not taken"),
        ({"input": []}, "0 texts. Send 1 to 2048"),
        ({"input": ["a"] * 2049}, "2049 texts. Send 1 to 2048"),
        ({"input": "a" * 100_001}, "input"),
        ({"input": "a", "dimensions": 7}, "dimensions: 7 is not possible. Leave it out; it is 256"),
        ({"input": "a", "encoding_format": "int8"}, "encoding_format"),
        ({"input": "a", "input_type": "image"}, "input_type"),
        ({}, "input"),
    ],
)
def test_what_cannot_be_encoded_is_refused_in_the_shape_of_openai(
    client: httpx.Client, fields: dict[str, Any], message: str
) -> None:
    answer = embed(client, **fields)
    assert answer.status_code == 400
    assert message in answer.json()["error"]["message"]
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_documents_come_best_first(client: httpx.Client) -> None:
    answer = rerank(client, documents=[TEXTS[1], {"text": TEXTS[0]}], return_documents=True).json()
    assert [item["index"] for item in answer["results"]] == [1, 0]
    assert answer["results"][0]["document"] == {"text": TEXTS[0]}
    assert answer["usage"]["total_tokens"] > 0
    assert [item["index"] for item in rerank(client, top_n=1).json()["results"]] == [0]
    assert "document" not in rerank(client).json()["results"][0]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"documents": []}, 400),
        ({"documents": ["a"] * 1001}, 400),
        ({"documents": [{"title": "no text"}]}, 400),
        ({"top_n": 0}, 400),
        ({"model": "other"}, 404),
    ],
)
def test_what_cannot_be_reranked_is_refused(client: httpx.Client, fields: dict[str, Any], status: int) -> None:
    answer = rerank(client, **fields)
    assert answer.status_code == status
    assert answer.json()["message"] == answer.json()["error"]["message"]


def test_without_a_scorer_nothing_is_reranked_and_keys_are_asked_for_where_the_server_does() -> None:
    serve = ServeConfig(require_api_key=True, api_keys={"right": ()})
    with (
        serving(Config(encoder=EncoderConfig("hashing"), scorer=ScorerConfig("none"), serve=serve)) as (_, url),
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        assert embed(client, input="a").status_code == 401
        assert embed(client, input="a").json()["error"]["type"] == "authentication_error"
        client.headers["authorization"] = "Bearer wrong"
        assert embed(client, input="a").status_code == 401
        client.headers["authorization"] = "Bearer right"
        assert embed(client, input="a").status_code == 200
        answer = rerank(client)
    assert answer.status_code == 404
    assert "no scorer. Whoever runs it can set scorer.kind" in answer.json()["message"]


def test_both_routes_are_described(client: httpx.Client) -> None:
    assert {"/v1/embeddings", "/v1/rerank"} <= client.get("/openapi.json").json()["paths"].keys()
