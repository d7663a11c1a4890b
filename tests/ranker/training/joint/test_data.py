"""What is read and encoded once is kept."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexer.document import Vectors
from indexer.encoders.hashing import HashingEncoder
from ranker.errors import BadTrainingData
from ranker.scorer import Scores
from ranker.scorers.overlap import OverlapScorer
from ranker.training.group import Group
from ranker.training.joint.pool import lessons, pool_of, vectors_of
from ranker.training.joint.preference import preferences

GROUPS = [
    Group("what is a lease", ("A lease is a term.", "A cat."), "toy"),
    Group("what is a cat", ("A cat.", "A dog.", "A lease is a term."), "toy"),
]


class Counted(HashingEncoder):
    def __init__(self) -> None:
        super().__init__(64)
        self.encoded = 0

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        self.encoded += len(texts)
        return super().encode_passages(texts)


class CountedScorer(OverlapScorer):
    def __init__(self) -> None:
        self.read = 0

    def score(self, query: str, passages: Sequence[str]) -> Scores:
        self.read += len(passages)
        return super().score(query, passages)


def test_lessons_name_their_passages_by_row() -> None:
    pool = pool_of(GROUPS)
    assert pool == ["A lease is a term.", "A cat.", "A dog."]
    found = lessons(GROUPS, [[1.0, -1.0], [2.0, 0.0, -2.0]], pool)
    assert [(one.right, one.read) for one in found] == [(0, (0, 1)), (1, (1, 2, 0))]
    assert found[1].preference == (2.0, 0.0, -2.0)


def test_a_passage_is_encoded_once(tmp_path: Path) -> None:
    encoder, texts = Counted(), [f"text {n}" for n in range(1100)]
    first = vectors_of(texts, encoder, tmp_path)
    np.testing.assert_array_equal(first, HashingEncoder(64).encode_passages(texts))
    np.testing.assert_array_equal(vectors_of(texts, encoder, tmp_path), first)
    assert encoder.encoded == 1100
    vectors_of([*texts[:1024], "other"], encoder, tmp_path)
    assert encoder.encoded == 1101


def test_a_group_is_read_once_and_a_line_cut_off_is_read_again(tmp_path: Path) -> None:
    scorer, kept = CountedScorer(), tmp_path / "read.jsonl"
    first = preferences(GROUPS, scorer, kept)
    assert [len(one) for one in first] == [2, 3]
    assert first[0][0] > first[0][1]
    assert preferences(GROUPS, scorer, kept) == first
    assert scorer.read == 5
    kept.write_text(kept.read_text()[:-4])
    assert preferences(GROUPS, scorer, kept) == first
    assert scorer.read == 8
    kept.write_text("{}\n")
    with pytest.raises(BadTrainingData, match=r"read\.jsonl is damaged"):
        preferences(GROUPS, scorer, kept)
