"""Fitting fusion to an encoder by how alike it finds unrelated texts."""

from collections.abc import Sequence

import numpy as np
import pytest

from indexer.document import Head, Passage, Vectors
from indexer.encoders.bundled import BundledEncoder
from indexer.encoders.hashing import HashingEncoder
from indexer.store import Candidate
from ranker.fusion.background import background, fitted_to
from ranker.fusion.fuse import FuseConfig, fuse


class Crowded(HashingEncoder):
    """Gives every two texts a high cosine: 0.8 + 0.2 x that of the hashing encoder."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        rows = super().encode_passages(texts)
        common = np.ones((len(rows), 1), dtype=np.float32)
        return np.concatenate([np.sqrt(np.float32(0.2)) * rows, np.sqrt(np.float32(0.8)) * common], axis=1)


def test_the_defaults_are_fitted_to_the_bundled_encoder() -> None:
    fitted = fitted_to(BundledEncoder(), FuseConfig())
    assert fitted.cosine_mean == pytest.approx(FuseConfig().cosine_mean, abs=0.002)
    assert fitted.cosine_deviation == pytest.approx(FuseConfig().cosine_deviation, abs=0.002)


def test_an_encoder_that_crowds_its_vectors_is_fused_alike() -> None:
    spread, crowded = fitted_to(HashingEncoder(), FuseConfig()), fitted_to(Crowded(), FuseConfig())
    texts = {"a": "cats", "b": "cats purr", "c": "purr", "d": "dogs"}
    passages = {name: Passage(Head(name, name, "", ""), 0, text) for name, text in texts.items()}
    lexical = [Candidate(passages[name], score) for name, score in (("a", 14.0), ("b", 9.0), ("c", 3.0))]
    cosines = {"b": 0.9, "d": 0.6, "a": 0.3}
    raw = [Candidate(passages[name], cosine) for name, cosine in cosines.items()]
    high = [Candidate(passages[name], 0.8 + 0.2 * cosine) for name, cosine in cosines.items()]
    expected = fuse("cats purr", lexical, raw, spread)
    found = fuse("cats purr", lexical, high, crowded)
    assert [item.id for item in found] == [item.id for item in expected]
    assert [item.score for item in found] == pytest.approx([item.score for item in expected], abs=1e-3)


def test_background_is_of_texts_with_others_only() -> None:
    mean, deviation = background(Crowded())
    assert 0.8 < mean < 0.9
    assert 0 < deviation < 0.05


def test_other_settings_are_kept() -> None:
    fitted = fitted_to(HashingEncoder(), FuseConfig(method="convex", dense_weight=0.3))
    assert (fitted.method, fitted.dense_weight) == ("convex", 0.3)
