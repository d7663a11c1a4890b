"""The measurement of servers: what counts as answered in time, and when a ratio is given."""

from itertools import islice

import pytest

from benchmarks.serve.__main__ import agreement, ratio
from benchmarks.serve.keystrokes import typed
from benchmarks.serve.load import Level, best
from benchmarks.serve.mixed import requests


def test_the_best_level_is_one_where_nobody_waits_long_or_in_vain() -> None:
    levels = [Level(1, 40.0, 20, 30, 0), Level(4, 90.0, 40, 240, 0), Level(8, 95.0, 80, 260, 0)]
    assert best(levels) == 90.0
    assert best([Level(1, 40.0, 20, 30, 1)]) == 0.0


@pytest.mark.parametrize(("alike", "theirs", "given"), [(0.9, 20.0, 4.5), (0.4, 20.0, None), (0.9, 0.0, None)])
def test_a_ratio_needs_the_same_work(alike: float, theirs: float, given: float | None) -> None:
    assert ratio({"per_s": 90.0}, {"per_s": theirs, "agreement": alike}) == given


def test_pages_agree_where_the_first_passage_there_stands_on_ours() -> None:
    ours = {"a": ["the badger"], "b": ["the heron", "the otter"]}
    assert agreement(ours, {"a": ["Badgers\nthe badger"], "b": ["Terns\nthe tern", "the otter"]}) == 0.5


def test_a_query_is_typed_letter_by_letter() -> None:
    assert list(typed(["a tern", "owl"])) == ["a t", "a te", "a ter", "a tern", "ow", "owl"]


def test_each_person_of_a_mixed_load_asks_the_same_in_every_run() -> None:
    texts = ["How far does it fly?", "What does it eat?", "Where is it?"]
    first, again, other = (list(islice(requests("http://a/", texts, person), 200)) for person in (1, 1, 2))
    assert first == again != other
    assert {kind for kind, _ in first} == {"search", "rerank", "suggest", "answer", "session", "page", "health"}
    assert all(url.startswith("http://a/") and " " not in url for _, url in first)
