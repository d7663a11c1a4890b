"""The overlap scorer by hand."""

import pytest

from ranker.scorers.overlap import OverlapScorer


@pytest.mark.parametrize(
    ("query", "passage", "expected"),
    [
        ("cat mat", "A black cat sat beside the mat", 0.9 + 0.1 * 2 / 5),
        ("cat dog", "the CAT", 0.9 / 2 + 0.1),
        ("Where do cats sit?", "The cat sits", 1.0),
        ("cafés", "The cafe", 1.0),
        ("cat", "dog", 0.0),
        ("", "dog", 0.0),
        ("?!", "dog", 0.0),
        ("cat", "cat", 1.0),
    ],
)
def test_score_by_hand(query: str, passage: str, expected: float) -> None:
    assert OverlapScorer().score(query, [passage])[0] == pytest.approx(expected)


def test_the_shorter_of_two_passages_with_the_same_words_comes_first() -> None:
    short, long = OverlapScorer().score("cat", ["a cat", "a cat and many other animals"])
    assert short > long


def test_chinese_is_compared_by_pairs_of_characters() -> None:
    assert OverlapScorer().score("東京大學 Tokyo", ["東京 tokyo"])[0] == pytest.approx(0.9 * 2 / 4 + 0.1)
    near, far = OverlapScorer().score("東京大學", ["他在東京大學讀書", "大雨在京城下"])
    assert near > 0.5 > far
