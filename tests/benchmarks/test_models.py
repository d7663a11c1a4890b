"""A ratio to another library is only given where its vectors and scores are those of the same weights."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks import model_peers
from benchmarks.model_peers import Rerank, pairs_per_s
from benchmarks.models import SAME_VECTORS, Figures, least_cosine, ratio

VECTORS = np.eye(4, dtype=np.float32)


@pytest.mark.parametrize(
    ("theirs", "is_given"),
    [
        (VECTORS, True),
        (VECTORS[:3], False),
        (np.zeros_like(VECTORS), False),
        (VECTORS[::-1], False),
        (np.full_like(VECTORS, np.nan), False),
        (VECTORS[:, :2], False),
    ],
)
def test_a_ratio_needs_the_same_vectors(theirs: Figures, is_given: bool) -> None:
    assert ratio(1.0, 4.0, least_cosine(VECTORS, theirs), SAME_VECTORS) == (4.0 if is_given else None)


def test_scores_of_another_order_or_number_give_no_ratio() -> None:
    pytest.importorskip("scipy")
    from benchmarks.models import SAME_ORDER, least_spearman

    ours, work = np.array([0.9, 0.5, 0.1, 0.2, 0.3]), [("a", ["x", "y", "z"]), ("b", ["x", "y"])]
    given = [ours, ours * 2, -ours, ours[:3], ours * np.nan]
    ratios = [ratio(1.0, 3.0, least_spearman(work, ours, theirs), SAME_ORDER) for theirs in given]
    assert ratios == [3.0, 3.0, None, None, None]


@pytest.mark.parametrize(("share", "is_given"), [(1.0, True), (0.5, False), (0.0, False)])
def test_a_reranker_that_scores_fewer_pairs_has_no_speed(
    monkeypatch: pytest.MonkeyPatch, share: float, is_given: bool
) -> None:
    def rerank(query: str, passages: Sequence[str]) -> Sequence[str]:
        return passages[: int(share * len(passages))]

    peers: dict[str, Callable[[Path], Rerank]] = {"lazy": lambda _: rerank}
    monkeypatch.setattr(model_peers, "PEERS", peers)
    found = pairs_per_s("lazy", Path(), ["a", "b"], ["x", "y", "z", "u"])
    assert isinstance(found, float) is is_given
    assert is_given or "not the same work" in str(found)
