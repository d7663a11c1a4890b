"""Neighbouring passages of a document as one text again, so that what was split is shown whole. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from crawler.block import Block, BlockKind
from indexer.document import Passage
from rag.choosing.pieces import blocks_in

REACH = 2
"""So many passages to each side may belong to the list, the table or the code of a passage."""


@dataclass(frozen=True, slots=True)
class Region:
    """``text`` is ``document.text[start_char:...]``; ``blocks`` are in its own offsets, those that were cut joined."""

    passage: Passage
    text: str
    start_char: int
    blocks: tuple[Block, ...]

    def of(self, block: Block) -> str:
        """The text of a block."""
        return self.text[block.start_char : block.end_char].strip()


def neighbour_ids(passage: Passage, reach: int = REACH) -> list[str]:
    """The ids of the passages around one, whether they exist or not."""
    ordinals = range(max(0, passage.ordinal - reach), passage.ordinal + reach + 1)
    return [replace(passage, ordinal=ordinal).passage_id for ordinal in ordinals if ordinal != passage.ordinal]


def region_around(passage: Passage, others: Iterable[Passage]) -> Region:
    """The passage with those of ``others`` that stand next to it in the same section of the same document."""
    by_ordinal = {
        other.ordinal: other
        for other in others
        if other.head.doc_id == passage.head.doc_id
        and (other.heading_path, other.anchor, other.page_number)
        == (passage.heading_path, passage.anchor, passage.page_number)
    }
    run = [passage]
    while before := by_ordinal.get(run[0].ordinal - 1):
        run.insert(0, before)
    while after := by_ordinal.get(run[-1].ordinal + 1):
        run.append(after)
    start = run[0].start_char
    text = ""
    blocks: list[Block] = []
    for part in run:
        text += "\n" * max(0, part.start_char - start - len(text)) + part.text
        shift = part.start_char - start
        blocks += (
            replace(block, start_char=block.start_char + shift, end_char=block.end_char + shift)
            for block in blocks_in(part)
        )
    return Region(passage, text, start, tuple(_joined(text, blocks)))


def _joined(text: str, blocks: Sequence[Block]) -> Iterable[Block]:
    """The same blocks; the two halves of one that a passage's end cut are one again."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if last is not None and _is_half(text, last, block):
            joined[-1] = replace(last, end_char=block.end_char)
        else:
            joined.append(block)
    return joined


def _is_half(text: str, last: Block, block: Block) -> bool:
    gap = text[last.end_char : block.start_char]
    is_same = replace(last, start_char=block.start_char, end_char=block.end_char) == block
    if not is_same or gap.strip():
        return False
    if block.kind is BlockKind.CODE:
        return "\n\n" not in gap
    return "\n" not in gap
