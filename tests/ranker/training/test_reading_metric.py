"""SQuAD's metric against cases worked by hand."""

import pytest

from ranker.training.reading_metric import Judged, best_threshold, exact_match, f1, normalised


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Broncos.", "broncos"),
        ("a an the", ""),
        ("Ann's  theory, then\tan apple", "anns theory then apple"),
        ("$1.5 million", "15 million"),
        ("Łódź – the city", "łódź – city"),
    ],
)
def test_case_articles_ascii_punctuation_and_spaces_do_not_count(text: str, expected: str) -> None:
    assert normalised(text) == expected


def test_exact_match_takes_any_of_the_right_answers() -> None:
    golds = ("Denver Broncos", "the Broncos")
    assert exact_match("Broncos!", golds) == 1
    assert exact_match("Denver", golds) == 0


def test_f1_is_the_best_over_the_right_answers() -> None:
    # "Denver Broncos team" to "Denver Broncos": precision 2/3, recall 1, F1 = 4/5; to "Broncos": 1/3 and 1, 1/2.
    assert f1("the Denver Broncos team", ("Broncos", "Denver Broncos")) == pytest.approx(0.8)


def test_a_repeated_word_counts_as_often_as_both_have_it() -> None:
    # common: "new" once, "york" once; precision 2/3, recall 2/2.
    assert f1("new new york", ("New York",)) == pytest.approx(0.8)


def test_words_without_any_in_common_score_nothing() -> None:
    assert f1("Denver", ("Carolina",)) == 0


def test_where_there_is_no_answer_only_none_is_right() -> None:
    assert (exact_match("", ()), f1("", ())) == (1, 1)
    assert (exact_match("Denver", ()), f1("Denver", ())) == (0, 0)


def test_an_answer_of_articles_alone_is_none() -> None:
    assert f1("", ("the",)) == 1
    assert f1("Denver", ("the", "Denver")) == 1


def test_the_best_threshold_takes_back_answers_that_are_not_there() -> None:
    judged = [Judged(1.0, True, 5.0), Judged(0.0, False, 3.0), Judged(0.5, True, 4.0), Judged(0.0, False, 1.0)]
    # Kept down to 4: 1 + 0.5, and the two without an answer are right: 3.5 of 4.
    assert best_threshold(judged) == (3.5 / 4, 4.0)


def test_where_no_answer_is_worth_keeping_all_are_taken_back() -> None:
    assert best_threshold([Judged(0.0, False, 2.0), Judged(0.4, True, 1.0)]) == (0.5, float("inf"))


def test_answers_of_one_confidence_are_kept_or_taken_back_together() -> None:
    judged = [Judged(0.0, False, 1.0), Judged(0.9, True, 1.0), Judged(0.0, False, 1.0)]
    mean, threshold = best_threshold(judged)
    assert (mean, threshold) == (pytest.approx(2 / 3), float("inf"))


def test_a_threshold_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no answers"):
        best_threshold([])
