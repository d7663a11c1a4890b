"""What is read and encoded once is kept."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from crawler.page import Section, place_sections
from indexer.document import Document, Head, Vectors
from indexer.embedded.store import EmbeddedStore
from indexer.encoders.hashing import HashingEncoder
from indexer.index import Indexer
from ranker.errors import BadTrainingData
from ranker.scorer import Scores
from ranker.scorers.overlap import OverlapScorer
from ranker.training.group import Group
from ranker.training.joint.pool import KeptEncoder, lessons, pool_of, vectors_of
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


def test_an_encoder_that_is_kept_knows_its_passages_after_a_stop(tmp_path: Path) -> None:
    encoder = Counted()
    first = KeptEncoder(encoder, tmp_path).encode_passages(["one", "two", "one"])
    (tmp_path / "cut-off.part").write_bytes(b"PK")
    again = KeptEncoder(encoder, tmp_path)
    np.testing.assert_array_equal(again.encode_passages(["three", "one", "two"])[[1, 2, 1]], first)
    assert encoder.encoded == 3
    np.testing.assert_array_equal(again.encode_queries(["one"]), encoder.encode_queries(["one"]))
    assert again.encode_passages([]).shape == (0, 64)
    assert (again.name, again.dim, again.languages) == (encoder.name, encoder.dim, encoder.languages)


def test_what_an_index_has_encoded_is_not_encoded_again(tmp_path: Path) -> None:
    encoder, texts = Counted(), ["one boat", "two boats"]
    with closing(EmbeddedStore(tmp_path / "index", writable=True)) as store:
        documents = [
            Document(Head(text, text, "", content_hash=text), place_sections([Section(text)])) for text in texts
        ]
        Indexer(store, encoder).index(documents)
        kept = KeptEncoder(encoder, tmp_path / "kept")
        kept.learn(store)
        stored = [passage.text_to_encode for text in texts for passage in store.passages(text)]
    assert encoder.encoded == len(stored) == 2
    np.testing.assert_allclose(kept.encode_passages(stored), HashingEncoder(64).encode_passages(stored), atol=1e-3)
    KeptEncoder(encoder, tmp_path / "kept").encode_passages(stored)
    assert encoder.encoded == 2


def test_an_encoder_of_another_name_has_vectors_of_its_own(tmp_path: Path) -> None:
    encoder, other = Counted(), Counted()
    other.name = "other"
    KeptEncoder(encoder, tmp_path).encode_passages(["one"])
    KeptEncoder(other, tmp_path).encode_passages(["one"])
    assert (encoder.encoded, other.encoded) == (1, 1)


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
