"""A card, whose every line is a name and its value: shown as a table of two columns, quoted by the line that answers.

Records of databases, stores and graphs are cards. Pure.
"""

from crawler.block import Block, BlockKind
from rag.answer import AnswerBlock, Shape
from rag.choosing.choice import Pick
from rag.showing.region import Region
from rag.showing.shapes import MAX_ROWS, Span, block_of, bounded, definition_at, rows_around, run_at

MAX_CELL_CHARS = 600


def is_line(block: Block, text: str) -> bool:
    """Whether the block with this text is a line of a card."""
    return block.kind is BlockKind.DEFINITION and bool(block.term) and text.startswith(f"{block.term}:")


def defined_at(pick: Pick, region: Region, at: int) -> AnswerBlock:
    """The card that the line at ``at`` belongs to, or the definition that is there."""
    is_card = is_line(region.blocks[at], region.of(region.blocks[at]))
    return _card_at(pick, region, at) if is_card else definition_at(pick, region, at)


def _card_at(pick: Pick, region: Region, at: int) -> AnswerBlock:
    """The lines of the card around the one that answers, each as a row of its name and its value."""
    first, last = run_at(region.blocks, at)
    place = pick.span_start + pick.passage.start_char - region.start_char if pick.span else 0
    near = next((i for i in range(first, last) if region.blocks[i].start_char <= place < region.blocks[i].end_char), at)
    kept = rows_around(region, range(first, last), near - first, MAX_ROWS) or [near]
    cells = [_cells(region.blocks[i], region.of(region.blocks[i])) for i in kept]
    return block_of(
        pick,
        region,
        Shape.TABLE,
        region.blocks[kept[0]].start_char,
        region.blocks[kept[-1]].end_char,
        rows=tuple((name, value) for name, (value, _) in cells),
        left_out=last - first - len(kept),
        is_cut=any(is_cut for _, (_, is_cut) in cells),
    )


def is_card(pick: Pick) -> bool:
    """Whether the piece that was chosen is a card."""
    first = pick.piece.blocks[0]
    return is_line(first, pick.passage.text[first.start_char :])


def line_of(pick: Pick) -> Span | None:
    """``[start:end]`` of the passage's text: the line of the card that holds the words that answer, if one does."""
    text = pick.passage.text
    for block in pick.piece.blocks if pick.span else ():
        is_within = block.start_char <= pick.span_start and pick.span_end <= block.end_char
        if is_within and is_line(block, text[block.start_char :]):
            return block.start_char, block.end_char
    return None


def value_of(pick: Pick) -> str:
    """Of the words that answer what is a value of a card, none where they are of several; without a card all."""
    line = line_of(pick)
    if line is None:
        return "" if is_card(pick) else pick.span
    start = max(pick.span_start, pick.passage.text.index(":", line[0]) + 1)
    return pick.passage.text[start : min(pick.span_end, line[1])].strip()


def _cells(block: Block, text: str) -> tuple[str, tuple[str, bool]]:
    value = " ".join(text[len(block.term) + 1 :].split())
    return block.term, bounded(value, MAX_CELL_CHARS)
