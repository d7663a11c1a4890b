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


def shown(*parts: tuple[BlockKind, str], asked: QuestionType = QuestionType.HOW_TO) -> AnswerBlock:
    """The block of the first piece of a page of these parts."""
    text, blocks = "", []
    for kind, part in parts:
        blocks.append(Block(kind, len(text), len(text) + len(part)))
        text += part + "\n\n"
    passage = Passage(HEAD, 0, text, end_char=len(text), blocks=tuple(blocks))
    pick = Pick(passage, pieces_of(0, passage)[0], 0.9, {})
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
