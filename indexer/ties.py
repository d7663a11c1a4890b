"""Places in a text where a passage should not end, since a reader needs both sides: what its blocks say of that."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crawler.block import Block, BlockKind

CLOSE, LOOSE = 1.0, 0.5
"""What it costs to part two blocks, next to the costs in ``indexer.split``: as much as to cut between words; or so much
that it is done where passages would miss their size by far."""

_TOLD_OF = frozenset({BlockKind.LIST_ITEM, BlockKind.CODE, BlockKind.TABLE_ROW, BlockKind.CAPTION, BlockKind.QUOTATION})
"""What the text before it may lead in."""

_LEADS = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.DEFINITION})
_UNPARTED = frozenset({BlockKind.CODE, BlockKind.TABLE_ROW})


@dataclass(frozen=True, slots=True)
class Tie:
    """Ending a passage anywhere from ``first`` to ``last`` costs this much at least."""

    first: int
    last: int
    cost: float


def ties(text: str, blocks: Sequence[Block]) -> list[Tie]:
    """The ties of consecutive blocks, in order: a row and the header above it, a list or code and its lead-in, a term
    and its text; and within rows and code."""
    return list(_ties(text, [block for block in blocks if block.end_char > block.start_char]))


def _ties(text: str, blocks: Sequence[Block]) -> Iterator[Tie]:
    for block, after in pairwise(blocks):
        if block.kind in _UNPARTED:
            yield Tie(block.start_char + 1, block.end_char - 1, CLOSE)
        if cost := _cost(text, block, after):
            yield Tie(block.end_char, after.start_char, cost)
    if blocks and blocks[-1].kind in _UNPARTED:
        yield Tie(blocks[-1].start_char + 1, blocks[-1].end_char - 1, CLOSE)


def _cost(text: str, block: Block, after: Block) -> float:
    """What parting two neighbours costs; 0 for nothing besides."""
    is_one_group = 0 < block.group == after.group
    if is_one_group and (block.is_header or block.kind in (BlockKind.TERM, BlockKind.CAPTION)):
        return CLOSE
    if block.kind not in _LEADS or after.kind not in _TOLD_OF or (is_one_group and after.kind is not BlockKind.CODE):
        return 0.0
    return CLOSE if text[block.end_char - 1] in ":：" else LOOSE
