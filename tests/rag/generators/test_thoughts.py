"""What a model thinks is left out, however its text is parted."""

import pytest

from rag.generators.thoughts import MARKS, begins_thinking, without_thoughts


def shown(text: str, size: int, is_thinking: bool = False) -> str:
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    found = list(without_thoughts(pieces, is_thinking))
    assert all(found)
    return "".join(found)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 1000])
@pytest.mark.parametrize(("begin", "end"), MARKS)
def test_thoughts_are_left_out_wherever_the_pieces_part(begin: str, end: str, size: int) -> None:
    text = f"{begin}It is 5 < 6, {end[0]}i.e. [1]. No?\n{end}\n\nIt keeps <b>order</b> [1]. {begin}More?{end}It is so."
    assert shown(text, size) == "\n\nIt keeps <b>order</b> [1]. It is so."


@pytest.mark.parametrize("size", [1, 4, 1000])
def test_thoughts_without_an_end_are_no_answer(size: int) -> None:
    assert shown("<think>\nFirst I look at [1]. It says", size) == ""
    assert shown("<THINK>loud</THINK>Yes.", size) == "Yes."


@pytest.mark.parametrize("size", [1, 4, 1000])
def test_an_end_without_a_beginning(size: int) -> None:
    assert shown("Let me see.</think>Yes.", size, is_thinking=True) == "Yes."
    assert shown("Yes.</think>", size) == "Yes."


@pytest.mark.parametrize("size", [1, 4, 1000])
@pytest.mark.parametrize("text", ["a < b and <thi", "Quote it as `<think>`, then go on.", "[TH", "", "<thinker> it"])
def test_other_text_is_left_as_it_is(text: str, size: int) -> None:
    assert shown(text, size) == text


def test_pieces_are_not_held_back() -> None:
    pieces = iter(["Yes, ", "it ", "does <", "think>no"])
    found = without_thoughts(pieces)
    assert next(found) == "Yes, " and next(pieces) == "it "
    assert list(found) == ["does "]


def test_a_prompt_may_begin_the_thoughts() -> None:
    assert begins_thinking("<assistant>\n<think>\n") and not begins_thinking("<think>\n\n</think>\n\n")
