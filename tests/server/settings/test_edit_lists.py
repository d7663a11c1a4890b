"""Lists in YAML, changed item by item: what stays keeps its very text."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from server.settings.edit import Unusual
from server.settings.edit_lists import with_list

KEY = "rank.steer.synonyms"
FULL = """\
# top
rank:  # how
  mode: hybrid
  steer:
    # people say
    synonyms:
      # about the list
      - words: [car, auto]   # one
      # about the second
      - words: [a, b]
        means: [c]
      # tail
    stop_words: [the, "of"]
  # end
serve:
  port: 1 # port
"""
CAR, AB, NEW = {"words": ["car", "auto"]}, {"words": ["a", "b"], "means": ["c"]}, {"words": ["x: y", "#z"]}


def items(text: str) -> Any:
    return ((yaml.safe_load(text).get("rank") or {}).get("steer") or {}).get("synonyms")


def test_the_same_list_changes_nothing() -> None:
    assert with_list(FULL, KEY, [CAR, AB]) == FULL


def test_a_new_item_is_added_and_nothing_else_changes() -> None:
    lines = FULL.splitlines()
    place = lines.index("      # tail")
    expected = [*lines[:place], "      - words: ['x: y', '#z']", *lines[place:]]
    assert with_list(FULL, KEY, [CAR, AB, NEW]).splitlines() == expected


def test_a_removed_item_takes_the_comments_right_above_it_along() -> None:
    edited = with_list(FULL, KEY, [CAR])
    assert "# about the second" not in edited
    assert "# one" in edited
    assert "# about the list" in edited
    assert "# tail" in edited
    assert items(edited) == [CAR]


def test_comments_move_with_their_items() -> None:
    edited = with_list(FULL, KEY, [AB, NEW, CAR])
    assert items(edited) == [AB, NEW, CAR]
    assert "      # about the second\n      - words: [a, b]" in edited
    assert edited.index("# about the second") < edited.index("# one")


def test_all_can_be_removed_and_come_again() -> None:
    empty = with_list(FULL, KEY, [])
    assert items(empty) == []
    assert items(with_list(empty, KEY, [NEW])) == [NEW]
    for comment in ("# top", "# how", "# people say", "# tail", "# end", "# port"):
        assert comment in empty


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing but this\n",
        "serve: {port: 1}\n",
        "rank:\n",
        "rank:\n  # nothing\nserve:\n  port: 1\n",
        "rank: {mode: hybrid}\n",
        "rank: {}\n",
        "rank:\n  steer:\n",
        "rank:\n  steer:\n    synonyms:\n",
        "rank:\n  steer:\n    synonyms: []  # none\n    pins: []\n",
        "rank:\n  steer: {synonyms: [{words: [a, b]}], stop_words: [the]}\n",
        "rank:\n  steer:\n    synonyms:\n    - words:\n      - a\n      - b\n    - words: [c, d]",
        "rank:\r\n  mode: hybrid\r\n",
        "rank:\n  mode: hybrid\n\n# last\n",
    ],
)
def test_wherever_the_list_belongs(text: str) -> None:
    before = yaml.safe_load(text) or {}
    edited = with_list(text, KEY, [CAR, NEW])
    assert items(edited) == [CAR, NEW]
    rest = yaml.safe_load(edited)
    assert {name: value for name, value in rest.items() if name != "rank"} == {
        name: value for name, value in before.items() if name != "rank"
    }
    for line in text.splitlines():
        if "#" in line:
            assert line.partition("#")[2] in edited


@pytest.mark.parametrize("text", ["rank: fast\n", "rank:\n- a\n", "rank:\n  steer:\n    synonyms: {a: b}\n", "- a\n"])
def test_what_is_too_unusual_is_left_alone(text: str) -> None:
    with pytest.raises(Unusual):
        with_list(text, KEY, [CAR])


def test_items_that_mean_the_same_keep_their_text() -> None:
    text = "words: [b, 'A']  # mine\n"
    assert with_list(text, "words", ["B", "A"], str.upper) == text


ITEM = st.fixed_dictionaries({"words": st.lists(st.text(max_size=8), min_size=1, max_size=3)})


@settings(max_examples=100, deadline=None)
@given(st.lists(ITEM, max_size=4), st.lists(ITEM, max_size=4), st.randoms(use_true_random=False))
def test_any_list_becomes_any_other(old: list[Any], new: list[Any], random: Any) -> None:
    """Some items stay, some go, in any order; what is written is what was wanted."""
    wanted = [*new, *(item for item in old if random.random() < 0.5)]
    random.shuffle(wanted)
    second = with_list(with_list(FULL, KEY, old), KEY, wanted)
    assert items(second) == wanted
    assert "# people say" in second
