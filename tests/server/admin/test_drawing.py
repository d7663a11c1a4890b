"""Numbers as places in a picture."""

import pytest

from server.admin.drawing.bars import bar_plot
from server.admin.drawing.lines import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, line_plot
from server.admin.drawing.ranks import rank_plot
from server.admin.drawing.scale import Scale, ticks


@pytest.mark.parametrize(
    ("high", "expected"),
    [
        (0, [0, 1]),
        (1, [0, 0.5, 1]),
        (4, [0, 1, 2, 3, 4]),
        (7, [0, 2, 4, 6, 8]),
        (100, [0, 50, 100]),
        (1234, [0, 500, 1000, 1500]),
        (0.03, [0, 0.01, 0.02, 0.03]),
    ],
)
def test_ticks_are_round_and_reach_the_highest(high: float, expected: list[float]) -> None:
    assert ticks(high) == pytest.approx(expected)


def test_a_scale_without_a_span_stays_at_its_beginning() -> None:
    assert Scale(0, 10, 0, 100).at(2.5) == 25
    assert Scale(3, 3, 7, 100).at(3) == 7


def test_lines_go_from_left_to_right_and_up() -> None:
    plot = line_plot("Asked", ("1 Mar", "2 Mar", "3 Mar"), {"Searches": [0, 5, 10], "Questions": [0, 0, 0]})
    searches, questions = plot.lines
    middle = ((LEFT + WIDTH - RIGHT) / 2, (TOP + HEIGHT - BOTTOM) / 2)
    assert list(searches.points) == [(LEFT, HEIGHT - BOTTOM), middle, (WIDTH - RIGHT, TOP)]
    assert searches.path == "M48 192 L338 102 L628 12"
    assert {y for _, y in questions.points} == {HEIGHT - BOTTOM}
    assert [tick.text for tick in plot.columns] == ["1 Mar", "2 Mar", "3 Mar"]


def test_many_days_have_few_names() -> None:
    plot = line_plot("Asked", [str(day) for day in range(365)], {"Searches": [1.0] * 365})
    assert len(plot.columns) <= 6


def test_one_day_and_none_are_pictures_too() -> None:
    ((x, _),) = line_plot("Asked", ("1 Mar",), {"Searches": [3.0]}).lines[0].points
    assert x == LEFT
    assert line_plot("Asked", (), {"Searches": []}).lines[0].path == ""


def test_the_longest_bar_is_as_wide_as_there_is_room() -> None:
    plot = bar_plot("Stages", [("encode", 1.5), ("rank", 3.0), ("facets", 0.0)], " ms")
    encode, rank, facets = plot.bars
    assert encode.width * 2 == pytest.approx(rank.width, abs=0.2)
    assert (facets.width, rank.text) == (0, "3.0 ms")
    assert plot.height == 3 * (rank.y - encode.y)
    assert bar_plot("Nothing", []).height > 0


def test_documents_move_from_list_to_list() -> None:
    plot = rank_plot("Order", ("Words", "Meaning", "Shown"), [("A", (1, 400, 2)), ("B", (None, 3, 1))], depth=5)
    first, second = plot.tracks
    assert [dot.rank for dot in first.dots] == [1, 400, 2]
    assert [dot.x for dot in second.dots] == [plot.lists[1][1], plot.lists[2][1]]
    assert first.dots[0].y < first.dots[2].y < first.dots[1].y < plot.height
    assert second.path.count("L") == 1
