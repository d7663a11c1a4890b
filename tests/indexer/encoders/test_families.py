"""What a model's name tells of how it wants its texts, also behind a server."""

from dataclasses import replace

import pytest

from indexer.encoders.families import served_prefixes
from server.assemble import make_encoder
from server.settings.choices import EncoderConfig
from server.settings.config import Config
from tests.support.model_server import ModelServer, model_server

E5 = ("query: ", "passage: ")


@pytest.mark.parametrize(
    ("model", "prefixes"),
    [
        ("multilingual-e5-small", E5),
        ("intfloat/e5-base-v2", E5),
        ("multilingual-e5-small:latest", E5),
        ("multilingual-e5-small:mean:512:query: :passage: ", ("", "")),
        ("text-embedding-3-small", ("", "")),
    ],
)
def test_a_server_is_sent_the_prefixes_that_it_does_not_put_itself(model: str, prefixes: tuple[str, str]) -> None:
    assert served_prefixes(model) == prefixes


def sent(server: ModelServer, config: EncoderConfig) -> list[str]:
    """What the server got for a query and a passage."""
    encoder = make_encoder(replace(Config(), encoder=replace(config, kind="http", url=server.url("/v1/embeddings"))))
    encoder.encode_queries(["wie alt"])
    encoder.encode_passages(["sehr alt"])
    return [text for _, _, payload in server.requests for text in payload["input"] if "alt" in text]


def test_an_e5_behind_a_server_reads_queries_and_passages_as_it_was_trained() -> None:
    with model_server() as server:
        assert sent(server, EncoderConfig(model="multilingual-e5-small")) == ["query: wie alt", "passage: sehr alt"]


def test_what_is_configured_goes_first() -> None:
    with model_server() as server:
        config = EncoderConfig(model="multilingual-e5-small", query_prefix="", passage_prefix="p: ")
        assert sent(server, config) == ["wie alt", "p: sehr alt"]
