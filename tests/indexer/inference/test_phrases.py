"""Queries are moved towards the passages that hold their rare words, and a folder keeps what that needs."""

from pathlib import Path

import numpy as np
import pytest

from indexer.errors import EncoderError
from indexer.inference import phrases as module
from indexer.inference.phrases import FILE, Attention, Phrases, load_phrases, phrases_of, save_phrases

DIM, COUNT = 16, 40
COMMON = 1
ATTENTION = Attention(words=0.5, likeness=0.0, share=1.0)


def unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    return unit(np.random.default_rng(0).normal(size=(COUNT, DIM)) + 1.0)


@pytest.fixture(scope="module")
def phrases(vectors: np.ndarray) -> Phrases:
    """Passage n holds a piece that all hold, one of its own, 100 + n, and one that passage n + 20 holds, too."""
    return phrases_of([[COMMON, 100 + n, 300 + n % 20] for n in range(COUNT)], vectors)


def ranks(queries: np.ndarray, vectors: np.ndarray, right: list[int]) -> list[int]:
    scores = queries @ vectors.T
    return [int((row > row[n]).sum()) for row, n in zip(scores, right, strict=True)]


def test_a_rare_piece_leads_to_the_passage_that_holds_it(phrases: Phrases, vectors: np.ndarray) -> None:
    queries = np.repeat(unit(np.ones(DIM))[None], COUNT, 0)
    right = list(range(COUNT))
    assert np.mean(ranks(queries, vectors, right)) > 10
    moved = phrases.moved(queries, [[COMMON, 100 + n] for n in right], ATTENTION)
    assert ranks(moved, vectors, right) == [0] * COUNT
    np.testing.assert_allclose(np.linalg.norm(moved, axis=1), 1.0, atol=1e-6)
    assert moved.dtype == np.float32


def test_two_pieces_side_by_side_say_more_than_both_apart(vectors: np.ndarray) -> None:
    made = phrases_of([[7, 8], *([7, 900 + n, 8] for n in range(1, COUNT))], vectors)
    query = unit(np.ones(DIM))[None]
    together, apart = (made.moved(query, [text], ATTENTION) @ vectors[0] for text in ([7, 8], [7, 999, 8]))
    assert together.item() > apart.item() + 0.1


def test_of_passages_with_the_same_pieces_the_nearer_counts_more(phrases: Phrases, vectors: np.ndarray) -> None:
    query = vectors[23][None]
    by_words = phrases.moved(query, [[303]], Attention(0.5, 0.0, 1.0)) @ (vectors[23] - vectors[3])
    by_both = phrases.moved(query, [[303]], Attention(0.5, 20.0, 1.0)) @ (vectors[23] - vectors[3])
    assert by_both.item() > by_words.item()


@pytest.mark.parametrize("pieces", [[], [999], [998, 999]])
def test_a_query_of_unknown_pieces_stays_as_it_is(phrases: Phrases, vectors: np.ndarray, pieces: list[int]) -> None:
    np.testing.assert_allclose(phrases.moved(vectors[:1], [pieces], ATTENTION), vectors[:1], atol=1e-6)


def test_a_query_of_something_else_stays_as_it_is(phrases: Phrases, vectors: np.ndarray) -> None:
    query, pieces = unit(np.ones(DIM))[None], [[COMMON, 105]]
    cosine = phrases.nearest(query, pieces).item()
    assert cosine == pytest.approx((vectors @ query[0]).max(), abs=1e-3)
    moves = [
        float(1 - (phrases.moved(query, pieces, Attention(0.5, 0.0, 1.0, far, near)) @ query[0]).item())
        for far, near in ((cosine - 0.2, cosine - 0.1), (cosine - 0.1, cosine + 0.1), (cosine + 0.1, cosine + 0.2))
    ]
    assert moves[0] > moves[1] > moves[2] == pytest.approx(0.0, abs=1e-6)
    assert phrases.nearest(query, [[999]]).item() == -1.0


def test_no_query_moves_none(phrases: Phrases) -> None:
    assert phrases.moved(np.empty((0, DIM), np.float32), [], ATTENTION).shape == (0, DIM)


def test_what_most_passages_hold_is_not_kept(vectors: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_PASSAGES", 3)
    made = phrases_of([[COMMON, 100 + n] for n in range(COUNT)], vectors)
    assert COMMON not in made.keys
    assert {100, 139} <= set(made.keys.tolist())
    assert len(made.rows) == made.starts[-1] == 2 * COUNT
    held = {key: made.rows[made.starts[i] : made.starts[i + 1]].tolist() for i, key in enumerate(made.keys.tolist())}
    assert (held[100], held[139]) == ([0], [39])


def test_a_folder_keeps_them(phrases: Phrases, vectors: np.ndarray, tmp_path: Path) -> None:
    assert load_phrases(tmp_path) is None
    save_phrases(phrases, Attention(0.3, 10.0, 1.5), tmp_path)
    found = load_phrases(tmp_path)
    assert found is not None
    again, attention = found
    assert attention == Attention(0.3, 10.0, 1.5)
    given = (vectors[:5], [[COMMON, 100 + n] for n in range(5)], attention)
    np.testing.assert_array_equal(again.moved(*given), phrases.moved(*given))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"no archive at all"])
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(EncoderError, match=r"phrases\.npz is damaged"):
        load_phrases(tmp_path)


def test_a_file_that_lacks_a_part_is_named(tmp_path: Path) -> None:
    np.savez(tmp_path / FILE, keys=np.arange(3))
    with pytest.raises(EncoderError, match=r"phrases\.npz is damaged"):
        load_phrases(tmp_path)
