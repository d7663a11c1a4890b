"""Words and meaning added up: what counts how much, by hand and by what people would expect."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.document import Head, Passage
from indexer.store import Candidate
from ranker.fusion.coverage import coverage, word_worths
from ranker.fusion.evidence import OFFSET, SLOPE, Background, Coefficients, evidence, logistic

PLAIN = Coefficients(deviation_worth=4.0, missed_loss=0.0)
BACKGROUND = Background(mean=0.1, deviation=0.1)
LONG = " filler" * 400


def candidate(name: str, text: str, score: float, language: str = "en") -> Candidate:
    return Candidate(Passage(Head(name, f"u{name}", "", "", language=language), 0, text), score)


def points(found: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Document name -> points: the probability turned back."""
    return {i.partition("-")[0]: (math.log(p / (1 - p)) - OFFSET) / SLOPE for i, p in found}


def order(found: Sequence[tuple[str, float]]) -> list[str]:
    return [i.partition("-")[0] for i, _ in found]


def test_words_and_deviations_of_the_cosine_add_up() -> None:
    lexical, dense = [candidate("a", "cats purr", 20.0)], [candidate("a", "cats purr", 0.5)]
    found = points(evidence("cats purr", lexical, dense, BACKGROUND, PLAIN))
    assert found["a"] == pytest.approx(20.0 + 4.0 * 4)


def test_a_passage_only_the_vectors_found_counts_with_the_words_it_holds() -> None:
    lexical = [candidate("a", "cats", 6.0), candidate("b", "purr", 3.0)]
    dense = [candidate("both", "cats purr", 0.1), candidate("none", "dogs bark", 0.1)]
    found = points(evidence("cats purr", lexical, dense, BACKGROUND, PLAIN))
    assert found["both"] == pytest.approx(9.0)
    assert found["none"] == pytest.approx(0.0)


def test_what_is_absent_from_the_dense_list_has_its_last_score() -> None:
    lexical = [candidate("a", "cats", 6.0), candidate("b", "cats", 6.0)]
    found = points(evidence("cats", lexical, [candidate("a", "cats", 0.5)], BACKGROUND, PLAIN))
    assert found["a"] == pytest.approx(found["b"])


def test_repetitions_count_in_long_passages_more_than_in_short_ones() -> None:
    def gain(rest: str) -> float:
        lexical = [candidate("more", "cats cats" + rest, 8.0), candidate("less", "cats once" + rest, 4.0)]
        found = points(evidence("cats", lexical, [], BACKGROUND, PLAIN))
        return found["more"] - found["less"]

    assert 0 < gain("") < 0.5 < gain(LONG) < 4.0


def test_a_list_that_found_much_decides_over_one_that_found_little() -> None:
    meant, said = "felines sound content", "cats purr loudly"
    near = [candidate("meant", meant, 0.6), candidate("said", said, 0.12)]
    assert order(evidence("cats purr", [candidate("said", said, 2.0)], near, BACKGROUND))[0] == "meant"
    far = [candidate("meant", meant, 0.3), candidate("said", said, 0.29)]
    assert order(evidence("cats purr", [candidate("said", said, 40.0)], far, BACKGROUND))[0] == "said"


def test_meaning_loses_where_its_best_passage_lacks_the_words() -> None:
    lexical = [candidate("said", "cats purr", 10.0)]
    dense = [candidate("meant", "felines", 0.5), candidate("said", "cats purr", 0.1)]
    trusted = points(evidence("cats purr", lexical, dense, BACKGROUND, PLAIN))["meant"]
    doubted = points(evidence("cats purr", lexical, dense, BACKGROUND, Coefficients(4.0, missed_loss=1.0)))["meant"]
    assert doubted == pytest.approx(trusted / math.e)


def test_words_count_less_the_more_distinct_ones_a_query_has() -> None:
    query = " ".join(f"word{n}" for n in range(40))
    lexical = [candidate("a", query, 80.0)]
    long = points(evidence(query, lexical, [], BACKGROUND, PLAIN))["a"]
    repeated = points(evidence("word1 " * 40, lexical, [], BACKGROUND, PLAIN))["a"]
    assert long == pytest.approx(80.0 * 10 / 40, rel=1e-3)
    assert repeated == pytest.approx(80.0, rel=1e-3)


def test_words_count_less_where_no_passage_holds_much_of_a_long_query() -> None:
    query = " ".join(f"word{n}" for n in range(10))
    lexical = [candidate(f"p{n}", f"word{n}", 8.0) for n in range(10)]
    one_of_ten = points(evidence(query, lexical, [], BACKGROUND, PLAIN))["p0"]
    whole = points(evidence(query, [*lexical, candidate("all", query, 80.0)], [], BACKGROUND, PLAIN))["p0"]
    short = points(evidence("word0 word1", lexical[:2], [], BACKGROUND, Coefficients(4.0, covered_share=1.0)))["p0"]
    assert one_of_ten == pytest.approx(8.0 / 2)
    assert whole == pytest.approx(8.0, rel=1e-3)
    assert short == pytest.approx(8.0)


def test_worths_are_read_off_the_scores() -> None:
    holds = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 0], [1, 0, 1]], dtype=float)
    assert word_worths(holds, holds @ np.array([5.0, 2.0, 1.0])) == pytest.approx([5.0, 2.0, 1.0], abs=1e-3)


def test_no_word_is_worth_less_than_nothing() -> None:
    holds = np.array([[1, 0], [1, 1]], dtype=float)
    assert (word_worths(holds, np.array([5.0, 2.0])) >= 0).all()


def test_words_are_known_by_stem_in_the_language_of_each_passage() -> None:
    lexical = [candidate("en", "The house stands", 4.0), candidate("de", "Die Häuser stehen", 4.0, "de")]
    found = coverage("Haus houses", lexical, [])
    assert found.points["en-00000"] > 0
    assert found.points["de-00000"] > 0


def test_pairs_of_chinese_characters_are_words() -> None:
    lexical = [candidate("a", "北京是中国的首都", 6.0, "zh")]
    dense = [candidate("b", "中国首都北京", 0.3, "zh"), candidate("c", "東京", 0.3, "zh")]
    found = coverage("北京", lexical, dense)
    assert found.points == pytest.approx({"a-00000": 6.0, "b-00000": 6.0, "c-00000": 0.0})


def test_a_match_that_only_the_engine_understands_counts_with_its_score() -> None:
    found = coverage("qwzx", [candidate("a", "something else", 7.0)], [])
    assert found.points["a-00000"] == 7.0
    assert found.share["a-00000"] == 0.0


def test_logistic_does_not_overflow() -> None:
    assert logistic(-1e6) == 0.0
    assert logistic(1e6) == 1.0
    assert logistic(0.0) == 0.5


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.text(max_size=80), st.floats(0, 80, width=32)), max_size=8),
    st.lists(st.tuples(st.text(max_size=80), st.floats(-1, 1, width=32)), max_size=8),
)
def test_any_text_gives_each_id_once_best_first_in_the_unit_interval(
    query: str, words: list[tuple[str, float]], vectors: list[tuple[str, float]]
) -> None:
    lexical = [candidate(f"w{n}", t, s) for n, (t, s) in enumerate(sorted(words, key=lambda item: -item[1]))]
    dense = [candidate(f"v{n}", t, s) for n, (t, s) in enumerate(sorted(vectors, key=lambda item: -item[1]))]
    found = evidence(query, lexical, dense, BACKGROUND)
    assert {i for i, _ in found} == {c.passage.passage_id for c in (*lexical, *dense)}
    assert all(0 <= score <= 1 for _, score in found)
    assert all(better.score >= worse.score for better, worse in pairwise(found))
