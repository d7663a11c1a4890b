"""What was chosen is shown with what makes it whole."""

from crawler.block import Block, BlockKind
from indexer.document import Head, Passage
from rag.answer import AnswerBlock, Shape
from rag.choosing.choice import Pick
from rag.choosing.pieces import pieces_of
from rag.choosing.plain import CELLS
from rag.choosing.question import QuestionType
from rag.showing.region import region_around
from rag.showing.show import show

HEAD = Head(doc_id="kettles", url="https://a.example/", title="Kettles", content_hash="")


def shown(*parts: tuple[BlockKind, str], asked: QuestionType = QuestionType.HOW_TO, at: int = 0) -> AnswerBlock:
    """The block of one piece of a page of these parts."""
    text, blocks = "", []
    for kind, part in parts:
        blocks.append(Block(kind, len(text), len(text) + len(part)))
        text += part + "\n\n"
    passage = Passage(HEAD, 0, text, end_char=len(text), blocks=tuple(blocks))
    pick = Pick(passage, pieces_of(0, passage)[at], 0.9, {})
    return show(pick, region_around(passage, []), asked)


def test_a_line_that_announces_a_command_is_shown_with_it_past_the_icons_of_its_tabs() -> None:
    block = shown(
        (BlockKind.PARAGRAPH, "This command boils water:"),
        (BlockKind.PARAGRAPH, "\uf17c/\uf179 \uf17a"),
        (BlockKind.CODE, "$ kettle boil"),
    )
    assert (block.shape, block.lead, block.text) == (Shape.CODE, "This command boils water:", "$ kettle boil")


def test_a_line_that_announces_a_paragraph_is_shown_with_it() -> None:
    block = shown(
        (BlockKind.PARAGRAPH, "Kettles are told apart by one thing:"),
        (BlockKind.PARAGRAPH, "Only some of them whistle."),
        (BlockKind.PARAGRAPH, "Teapots do not."),
        asked=QuestionType.DEFINITION,
    )
    assert block.text == "Kettles are told apart by one thing:\n\nOnly some of them whistle."


def test_a_sentence_that_goes_on_after_a_command_is_shown_with_it() -> None:
    block = shown(
        (BlockKind.PARAGRAPH, "Kettles have clocks."),
        (BlockKind.CODE, "kettle clock set 07:30"),
        (BlockKind.PARAGRAPH, "sets the time at which it boils. It is kept when the plug is pulled."),
        at=2,
    )
    assert (block.shape, block.term) == (Shape.DEFINITION, "kettle clock set 07:30")
    assert block.text == "sets the time at which it boils. It is kept when the plug is pulled."
    assert block.start_char == len("Kettles have clocks.") + 2


def test_a_command_is_shown_with_the_sentence_that_goes_on_from_it() -> None:
    block = shown((BlockKind.CODE, "kettle boil"), (BlockKind.PARAGRAPH, "boils water."), at=0)
    assert (block.shape, block.term, block.text) == (Shape.DEFINITION, "kettle boil", "boils water.")
    assert (block.start_char, block.end_char) == (0, len("kettle boil") + 2 + len("boils water."))


def test_of_a_table_with_long_rows_the_one_that_was_chosen_and_its_neighbours_are_shown() -> None:
    rows = [f"row {i}{CELLS}{'word ' * 60}" for i in range(9)]
    block = shown(*((BlockKind.TABLE_ROW, row) for row in rows), at=5)
    assert [row[0] for row in block.rows] == ["row 4", "row 5", "row 6"]
    assert block.left_out == 6


def test_where_one_row_answers_few_others_are_shown_and_of_a_list_many() -> None:
    rows = [(BlockKind.TABLE_ROW, f"row {i}{CELLS}yes") for i in range(9)]
    value = shown(*rows, at=8, asked=QuestionType.VALUE)
    assert [row[0] for row in value.rows] == ["row 4", "row 5", "row 6", "row 7", "row 8"]
    assert len(shown(*rows, at=8, asked=QuestionType.LIST).rows) == 9


def test_a_command_is_shown_with_the_rest_of_its_sentence() -> None:
    parts = ("The command", "kettle boil", "or", "kettle heat", "boils water, while", "kettle clock", "does not.")
    kinds = (BlockKind.PARAGRAPH, BlockKind.CODE)
    block = shown(
        *((kinds[i % 2], part) for i, part in enumerate(parts)), (BlockKind.PARAGRAPH, "Kettles whistle."), at=1
    )
    assert block.shape is Shape.PARAGRAPH and block.text.split("\n\n") == list(parts)


def test_a_sentence_that_begins_by_itself_is_shown_without_the_code_before_it() -> None:
    for code, text in (("kettle clock", "Clocks go by themselves."), ("kettle\n" * 200, "sets the time.")):
        assert shown((BlockKind.CODE, code), (BlockKind.PARAGRAPH, text), at=1).text == text


def test_a_table_that_is_the_answer_is_shown_from_its_first_row_on() -> None:
    rows = [(BlockKind.TABLE_ROW, f"row {i}{CELLS}{'long ' * 40}") for i in range(15)]
    listed = shown(*rows, asked=QuestionType.LIST, at=8)
    assert [row[0] for row in listed.rows] == [f"row {i}" for i in range(11)]
    assert listed.left_out == 15 - len(listed.rows)
    assert shown(*rows, asked=QuestionType.LIST, at=13).rows[-1][0] == "row 14"


def test_the_name_of_a_table_is_shown_as_the_table() -> None:
    rows = [(BlockKind.TABLE_ROW, f"row {i}{CELLS}yes") for i in range(2)]
    block = shown((BlockKind.PARAGRAPH, "Table 2.1. Kinds of kettles"), *rows, asked=QuestionType.LIST)
    assert (block.shape, len(block.rows)) == (Shape.TABLE, 2)
