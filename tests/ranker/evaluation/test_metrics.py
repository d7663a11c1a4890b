"""The metrics, against ranx on random runs and by hand."""

import math
import random
from collections.abc import Callable

import numba
import pytest

from ranker.evaluation.metrics import mrr, ndcg, recall

numba.config.DISABLE_JIT = True  # compiling ranx takes a minute, running it uncompiled a moment

import ranx  # noqa: E402


def random_topic(seed: int) -> tuple[list[str], dict[str, int]]:
    choice = random.Random(seed)
    documents = [f"d{i}" for i in range(60)]
    judged = {d: choice.choice([0, 0, 1, 2, 3]) for d in choice.sample(documents, 25)}
    judged["d0"] = 1  # ranx takes no topic without a relevant document
    return choice.sample(documents, choice.randint(1, 50)), judged


@pytest.mark.parametrize(
    ("name", "metric", "k"),
    [("ndcg@10", ndcg, 10), ("ndcg@3", ndcg, 3), ("recall@20", recall, 20), ("mrr@10", mrr, 10), ("mrr@2", mrr, 2)],
)
def test_metrics_agree_with_ranx(name: str, metric: Callable[..., float], k: int) -> None:
    topics = {f"q{seed}": random_topic(seed) for seed in range(50)}
    qrels = ranx.Qrels({q: judged for q, (_, judged) in topics.items()})
    run = ranx.Run({q: {d: 1 / (1 + i) for i, d in enumerate(ranked)} for q, (ranked, _) in topics.items()})
    ranx.evaluate(qrels, run, name)
    for q, (ranked, judged) in topics.items():
        assert metric(ranked, judged, k) == pytest.approx(run.scores[name][q], abs=1e-9)


def test_ndcg_by_hand() -> None:
    assert ndcg(["x", "a", "b"], {"a": 2, "b": 1}) == pytest.approx((2 / math.log2(3) + 1 / 2) / (2 + 1 / math.log2(3)))


def test_recall_is_of_all_relevant_documents() -> None:
    assert recall(["a", "x"], {"a": 1, "b": 1, "c": 0}, k=2) == 0.5


def test_mrr_ignores_what_comes_after_k() -> None:
    assert mrr(["x", "a"], {"a": 1}, k=1) == 0
    assert mrr(["x", "a"], {"a": 1}, k=2) == 0.5


@pytest.mark.parametrize("metric", [ndcg, recall, mrr])
@pytest.mark.parametrize("judged", [{}, {"a": 0}, {"a": -1}])
def test_nothing_relevant_gives_nothing(metric: Callable[..., float], judged: dict[str, int]) -> None:
    assert metric(["a", "b"], judged) == 0
