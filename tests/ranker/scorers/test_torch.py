"""The cross-encoder through torch, on tiny random models."""

from pathlib import Path

import numpy as np
import pytest

from ranker.errors import ScorerError
from ranker.scorers.torch import TorchScorer, TorchScorerConfig
from tests.support import need
from tests.support.tiny_models import save_tiny_bert

pytestmark = pytest.mark.torch
PASSAGES = ["the cat sat", "dogs ran far from home", "a mat"]


@pytest.mark.parametrize("labels", [1, 2])
def test_scores_are_those_of_the_model_read_pair_by_pair(tmp_path: Path, labels: int) -> None:
    folder = save_tiny_bert(tmp_path / "tiny", labels)
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    expected = []
    for passage in PASSAGES:
        with torch.inference_mode():
            logits = model(**tokenizer("cat", passage, return_tensors="pt")).logits[0]
        expected.append(torch.sigmoid(logits[0]) if labels == 1 else torch.softmax(logits, 0)[1])
    scores = TorchScorer(TorchScorerConfig(str(folder))).score("cat", PASSAGES)
    np.testing.assert_allclose(scores, np.array(expected), atol=1e-5)


@pytest.mark.parametrize("activation", ["Sigmoid", "Identity"])
def test_scores_are_those_of_sentence_transformers_in_the_unit_interval(tmp_path: Path, activation: str) -> None:
    need.module("sentence_transformers", "pip install sentence-transformers")
    import torch
    from sentence_transformers import CrossEncoder

    function = getattr(torch.nn, activation)()
    tiny = save_tiny_bert(tmp_path / "base", 1)
    CrossEncoder(str(tiny), device="cpu", activation_fn=function).save_pretrained(str(tmp_path / "model"))
    long = [*PASSAGES, "the dog ran home " * 30]
    expected = CrossEncoder(str(tmp_path / "model"), device="cpu").predict([("cat", passage) for passage in long])
    if activation == "Identity":
        expected = 1 / (1 + np.exp(-expected))
    scores = TorchScorer(TorchScorerConfig(str(tmp_path / "model"), device="cpu")).score("cat", long)
    np.testing.assert_allclose(scores, expected, atol=1e-5)


def test_a_model_with_three_outputs_is_refused(tmp_path: Path) -> None:
    folder = save_tiny_bert(tmp_path / "tiny", 3)
    with pytest.raises(ScorerError, match=r"gives 3 scores for a passage\. Choose a cross-encoder"):
        TorchScorer(TorchScorerConfig(str(folder)))


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScorerError, match=rf"the model {tmp_path} cannot be loaded.*Give the name"):
        TorchScorer(TorchScorerConfig(str(tmp_path)))
