"""The section whose heading is the question, whole and in its page's order. Pure."""

from collections.abc import Iterator

from crawler.block import BlockKind
from rag.answer import AnswerBlock, Shape
from rag.choosing.choice import Pick
from rag.showing.card import defined_at
from rag.showing.region import Region
from rag.showing.shapes import block_of, code_at, lead_before, list_at, run_at, table_at

IS_QUESTION = 0.6
"""A heading that shares so much of its words with the question (Jaccard) is the question; what stands below answers."""

MAX_SECTION_CHARS = 1_800
INTRODUCED = (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW, BlockKind.CODE)


def is_heading_the_question(pick: Pick) -> bool:
    """Whether the piece stands under the question itself, as in an FAQ, or under headings that ask it together."""
    is_headed = pick.features.get("headed_as_asked", 0.0) > 0
    return is_headed or pick.features.get("heading_is_question", 0.0) >= IS_QUESTION


def whole_section(pick: Pick, region: Region) -> tuple[AnswerBlock, ...]:
    """Its paragraphs, code, lists and tables, each as a block; none where it is too long to show, answers another
    question, or where the question stands in the text, among others perhaps.
    """
    if not is_heading_the_question(pick) or pick.piece.asked or len(region.text) > MAX_SECTION_CHARS:
        return ()
    return tuple(_blocks(pick, region))


def _blocks(pick: Pick, region: Region) -> Iterator[AnswerBlock]:
    blocks = region.blocks
    at = 0
    while at < len(blocks):
        block, after = blocks[at], at + 1
        match block.kind:
            case BlockKind.LIST_ITEM | BlockKind.TABLE_ROW:
                after = run_at(blocks, at)[1]
                is_list = block.kind is BlockKind.LIST_ITEM
                yield list_at(pick, region, at) if is_list else table_at(pick, region, at)
            case BlockKind.CODE:
                yield code_at(pick, region, at)
            case BlockKind.TERM | BlockKind.DEFINITION:
                shown = defined_at(pick, region, at)
                after = run_at(blocks, at)[1] if shown.shape is Shape.TABLE else after
                while after < len(blocks) and blocks[after].end_char <= shown.end_char - region.start_char:
                    after += 1
                yield shown
            case _:
                is_lead = after < len(blocks) and blocks[after].kind in INTRODUCED and lead_before(region, after) == at
                if not is_lead and region.of(block):
                    text = region.of(block)
                    yield block_of(pick, region, Shape.PARAGRAPH, block.start_char, block.end_char, text=text)
        at = after
