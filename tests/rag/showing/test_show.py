"""What was chosen is shown with what makes it whole."""

from crawler.block import Block, BlockKind
from indexer.document import Head, Passage
from rag.answer import AnswerBlock, Shape
from rag.choosing.choice import Pick
from rag.choosing.pieces import pieces_of
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
    command, sentence = block.text.split("\n\n")
    assert command == "kettle clock set 07:30"
    assert sentence == "sets the time at which it boils. It is kept when the plug is pulled."
    assert block.start_char == len("Kettles have clocks.") + 2


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
