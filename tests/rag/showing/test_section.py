"""A section whose heading is the question is shown whole, as what its parts are."""

from itertools import pairwise

from crawler.block import Block, BlockKind
from indexer.document import Head, Passage
from rag.answer import AnswerBlock, Shape
from rag.choosing.choice import Pick
from rag.choosing.pieces import pieces_of
from rag.showing.region import region_around
from rag.showing.section import MAX_SECTION_CHARS, whole_section

HEAD = Head(doc_id="kettles", url="https://a.example/", title="Kettles", content_hash="")
PARTS = (
    (BlockKind.PARAGRAPH, "There are two ways."),
    (BlockKind.PARAGRAPH, "With the button, hold it and run"),
    (BlockKind.CODE, "kettle hold"),
    (BlockKind.PARAGRAPH, "and let go of it with"),
    (BlockKind.CODE, "kettle unhold"),
    (BlockKind.PARAGRAPH, "By hand:"),
    (BlockKind.LIST_ITEM, "Lift the lid."),
    (BlockKind.LIST_ITEM, "Close it."),
    (BlockKind.TERM, "lid"),
    (BlockKind.DEFINITION, "The upper part."),
    (BlockKind.PARAGRAPH, "Nothing boils over."),
)


def shown(*parts: tuple[BlockKind, str], likeness: float = 1.0) -> tuple[AnswerBlock, ...]:
    text, blocks = "", []
    for kind, part in parts:
        blocks.append(Block(kind, len(text), len(text) + len(part)))
        text += part + "\n\n"
    passage = Passage(HEAD, 0, text, end_char=len(text), blocks=tuple(blocks))
    pick = Pick(passage, pieces_of(0, passage)[-1], 0.9, {"heading_is_question": likeness})
    return whole_section(pick, region_around(passage, []))


def test_every_part_is_shown_once_in_the_order_of_the_page() -> None:
    found = shown(*PARTS)
    assert [(block.shape, block.lead, block.text) for block in found] == [
        (Shape.PARAGRAPH, "", "There are two ways."),
        (Shape.CODE, "With the button, hold it and run", "kettle hold"),
        (Shape.CODE, "and let go of it with", "kettle unhold"),
        (Shape.LIST, "By hand:", ""),
        (Shape.DEFINITION, "", "The upper part."),
        (Shape.PARAGRAPH, "", "Nothing boils over."),
    ]
    assert [item.text for item in found[3].items] == ["Lift the lid.", "Close it."]
    assert all(a.end_char <= b.start_char for a, b in pairwise(found))


def test_a_section_under_another_heading_or_too_long_to_read_is_not_shown_whole() -> None:
    assert shown(*PARTS, likeness=0.5) == ()
    assert shown(*PARTS, (BlockKind.PARAGRAPH, "word " * MAX_SECTION_CHARS)) == ()
