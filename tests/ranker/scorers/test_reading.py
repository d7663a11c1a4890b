"""A reader as a scorer reads each passage of a question once."""

from collections.abc import Sequence

import numpy as np
import pytest

from ranker.reader import Reading
from ranker.scorers.reading import ReadingScorer

QUESTION = "where did the cat sit"


class Counting:
    """Finds longer passages more relevant, and remembers what it was given."""

    languages = frozenset({"en"})

    def __init__(self) -> None:
        self.read_texts: list[str] = []

    def read(self, query: str, passages: Sequence[str]) -> list[Reading]:
        self.read_texts += passages
        return [Reading(len(text) / 100, 0.5, None) for text in passages]


def test_what_was_scored_is_not_read_again() -> None:
    reader = Counting()
    scorer = ReadingScorer(reader, "counting")
    np.testing.assert_array_equal(scorer.score(QUESTION, ["a", "bb"]), np.array([0.01, 0.02], dtype=np.float32))
    assert [reading.relevance for reading in scorer.read(QUESTION, ["bb", "ccc", "a", "ccc"])] == [
        0.02,
        0.03,
        0.01,
        0.03,
    ]
    assert reader.read_texts == ["a", "bb", "ccc"]


def test_another_question_is_another_reading() -> None:
    reader = Counting()
    scorer = ReadingScorer(reader, "counting")
    scorer.read(QUESTION, ["a"])
    scorer.read("where did the dog sit", ["a"])
    assert reader.read_texts == ["a", "a"]


def test_scoring_reads_anew_so_that_its_pace_can_be_told() -> None:
    reader = Counting()
    scorer = ReadingScorer(reader, "counting")
    scorer.score(QUESTION, ["a"])
    scorer.score(QUESTION, ["a"])
    assert reader.read_texts == ["a", "a"]


@pytest.mark.parametrize("passages", [[], ["a"]])
def test_scores_are_float32_one_a_passage(passages: list[str]) -> None:
    scores = ReadingScorer(Counting(), "counting").score(QUESTION, passages)
    assert (scores.dtype, scores.shape) == (np.dtype("float32"), (len(passages),))


def test_it_knows_the_languages_of_its_reader() -> None:
    assert ReadingScorer(Counting(), "counting").languages == frozenset({"en"})
