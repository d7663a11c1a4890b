"""The promises of ranker.scorer.Scorer, kept by every implementation."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from ranker.scorer import Scorer
from ranker.scorers.bundled import BundledScorer, BundledScorerConfig
from ranker.scorers.http import HttpScorer, HttpScorerConfig
from ranker.scorers.overlap import OverlapScorer
from ranker.scorers.torch import TorchScorer, TorchScorerConfig
from tests.support.model_server import model_server
from tests.support.tiny_models import export_tiny_reader, save_tiny_bert

QUERY = "where did the cat sit"
PASSAGES = [
    "The cat sat on the mat.",
    "",
    "dog " * 3000,
    "狗跑得很遠",
    "\ud800 a lone surrogate",
    "dogs ran far",
    "cat",
]


@pytest.fixture(
    scope="module",
    params=[
        "overlap",
        "http",
        pytest.param("bundled", marks=pytest.mark.torch),
        pytest.param("torch, one logit", marks=pytest.mark.torch),
        pytest.param("torch, two logits", marks=pytest.mark.torch),
    ],
)
def scorer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scorer]:
    if request.param == "overlap":
        yield OverlapScorer()
    elif request.param == "http":
        with model_server() as server:
            remote = HttpScorer(HttpScorerConfig(server.url("/v1/rerank"), "overlap", batch_size=3))
            yield remote
            remote.close()
    elif request.param == "bundled":
        folder = export_tiny_reader(tmp_path_factory.mktemp("models"))
        yield BundledScorer(BundledScorerConfig(folder=folder))
    else:
        labels = 1 if "one" in request.param else 2
        folder = save_tiny_bert(tmp_path_factory.mktemp("models") / "tiny", labels)
        yield TorchScorer(TorchScorerConfig(str(folder)))


def test_has_a_name(scorer: Scorer) -> None:
    assert scorer.name


def test_gives_one_float32_in_the_unit_interval_per_passage(scorer: Scorer) -> None:
    scores = scorer.score(QUERY, PASSAGES)
    assert scores.dtype == np.float32
    assert scores.shape == (len(PASSAGES),)
    assert np.all((scores >= 0) & (scores <= 1))


def test_no_passages_give_no_scores(scorer: Scorer) -> None:
    scores = scorer.score(QUERY, [])
    assert scores.dtype == np.float32
    assert scores.shape == (0,)


@pytest.mark.parametrize("query", ["", "   ", "\ud800", "why " * 1000])
def test_any_query_is_scored(scorer: Scorer, query: str) -> None:
    assert scorer.score(query, PASSAGES).shape == (len(PASSAGES),)


def test_score_i_is_passage_i_whatever_stands_beside_it(scorer: Scorer) -> None:
    together = scorer.score(QUERY, PASSAGES)
    backwards = scorer.score(QUERY, PASSAGES[::-1])[::-1]
    alone = np.concatenate([scorer.score(QUERY, [passage]) for passage in PASSAGES])
    np.testing.assert_allclose(together, backwards, atol=1e-3)
    np.testing.assert_allclose(together, alone, atol=1e-3)


def test_threads_get_the_scores_of_their_own_passages(scorer: Scorer) -> None:
    queries = ["cat", "dog", "mat", "home far"]
    expected = [scorer.score(query, PASSAGES) for query in queries]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda query: scorer.score(query, PASSAGES), queries * 3))
    for i, scores in enumerate(found):
        np.testing.assert_allclose(scores, expected[i % 4], atol=1e-3)
