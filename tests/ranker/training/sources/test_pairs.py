"""Rows, windows and targets."""

from pathlib import Path
from typing import Any

import pytest

from ranker.training.group import Group
from ranker.training.model import ReaderRanker
from ranker.training.sources.pairs import IGNORED, MAX_QUERY_TOKENS, Windows, examples

pytestmark = pytest.mark.torch
SMALL = Windows(8, 40, 24)


@pytest.fixture(scope="module")
def tokenizer(base: Path) -> Any:
    return ReaderRanker.from_base(str(base)).tokenizer


def group(before: int, after: int, wrong: tuple[str, ...] = ("dog dog",)) -> Group:
    text = "cat " * before + "mat" + " cat" * after
    return Group("of the", (text, *wrong), "s", (4 * before, 4 * before + 3))


@pytest.mark.parametrize(("before", "after"), [(0, 0), (0, 90), (90, 0), (50, 50), (3, 200)])
def test_every_window_holds_the_answer_where_its_target_says(tokenizer: Any, before: int, after: int) -> None:
    for example in examples([group(before, after)] * 30, tokenizer, SMALL, seed=3):
        right, wrong = example.rows
        assert right.start == right.end
        assert right.ids[right.start] == tokenizer.token_to_id("mat")
        assert (wrong.start, wrong.end) == (0, 0)


def test_nothing_answers_a_changed_query(tokenizer: Any) -> None:
    (example,) = examples([Group("q", ("mat cat",), "s", is_changed=True)], tokenizer, SMALL, seed=0)
    assert example.is_changed
    assert [(row.start, row.end) for row in example.rows] == [(0, 0)]


def test_rows_are_query_and_passage_between_separators(tokenizer: Any) -> None:
    (example,) = examples([group(1, 1)], tokenizer, SMALL, seed=0)
    pieces = [tokenizer.id_to_token(i) for i in example.rows[0].ids]
    assert pieces == ["[CLS]", "of", "the", "[SEP]", "cat", "mat", "cat", "[SEP]"]
    assert example.rows[0].query_tokens == 4


def test_windows_of_one_group_have_one_length_within_bounds(tokenizer: Any) -> None:
    long = "dog " * 100
    for example in examples([group(60, 60, (long, long))] * 40, tokenizer, SMALL, seed=1):
        (length,) = {len(row.ids) - row.query_tokens - 1 for row in example.rows}
        assert 8 <= length <= 24 or length == 40


def test_without_a_span_the_passage_is_read_from_its_start_and_nothing_is_asked_of_it(tokenizer: Any) -> None:
    (example,) = examples([Group("q", ("mat " + "cat " * 90, "dog"), "s")], tokenizer, SMALL, seed=0)
    row = example.rows[0]
    assert row.ids[row.query_tokens] == tokenizer.token_to_id("mat")
    assert {(r.start, r.end) for r in example.rows} == {(IGNORED, IGNORED)}


def test_an_answer_between_tokens_is_not_asked_for(tokenizer: Any) -> None:
    (example,) = examples([Group("q", ("cat  cat",), "s", (3, 4))], tokenizer, SMALL, seed=0)
    assert (example.rows[0].start, example.rows[0].end) == (IGNORED, IGNORED)


def test_a_long_query_is_cut_and_a_strange_one_is_taken(tokenizer: Any) -> None:
    long, strange = examples([Group("the " * 300, ("cat",), "s"), Group("\ud800", ("",), "s")], tokenizer, SMALL, 0)
    assert long.rows[0].query_tokens == MAX_QUERY_TOKENS + 2
    assert strange.length >= 3


def test_the_seed_decides_the_windows(tokenizer: Any) -> None:
    groups = [group(60, 60)] * 5
    once, again, other = (list(examples(groups, tokenizer, SMALL, seed)) for seed in (1, 1, 2))
    assert once == again != other
