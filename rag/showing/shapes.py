"""Lists, tables, code and definitions of a page as blocks to show, each with what belongs to it. Pure."""

from collections.abc import Sequence
from typing import Any

from crawler.block import Block, BlockKind
from indexer.sentences import sentence_spans
from rag.answer import AnswerBlock, Item, Shape
from rag.choosing.choice import Pick
from rag.choosing.pieces import MAX_LEAD_CHARS
from rag.choosing.plain import CELLS
from rag.link import link
from rag.showing.region import Region

MAX_ITEMS = 16
MAX_LIST_CHARS = 2_400
MAX_ROWS = 12
MAX_TABLE_CHARS = 1_200
MAX_LISTED_ROWS = 24
MAX_LISTED_CHARS = 2_400
"""As much is shown of a table that is the answer itself."""

MAX_CODE_LINES = 30
MAX_ANSWER_CHARS = 1_200
"""Of the text under a heading that is the question itself, and of what a term means."""

Span = tuple[int, int]


def block_of(pick: Pick, region: Region, shape: Shape, start: int, end: int, **rest: Any) -> AnswerBlock:
    """``rest`` are the fields of the shape."""
    passage = pick.passage
    return AnswerBlock(
        shape=shape,
        passage=passage,
        url=link(passage, region.text[start:end]),
        start_char=region.start_char + start,
        end_char=region.start_char + end,
        score=pick.score,
        heading_path=passage.heading_path,
        **rest,
    )


def lead_before(region: Region, at: int) -> int | None:
    """The index of the line that introduces the block at ``at``, if there is one."""
    if at == 0:
        return None
    before = region.blocks[at - 1]
    text = region.of(before)
    is_line = before.kind in (BlockKind.PARAGRAPH, BlockKind.CAPTION) and bool(text)
    return at - 1 if is_line and (len(text) <= MAX_LEAD_CHARS or text.endswith((":", "："))) else None


def list_at(pick: Pick, region: Region, at: int) -> AnswerBlock:
    """The whole list, or, where it is long, what of it stands around the item that was chosen."""
    first, last = run_at(region.blocks, at)
    keep = _window(region, first, last, at, MAX_ITEMS)
    shown = region.blocks[keep[0] : keep[1]]
    lead = lead_before(region, first)
    start = region.blocks[lead].start_char if lead is not None else shown[0].start_char
    items = tuple(Item(_flat(region.of(block)), block.number, block.depth) for block in shown)
    return block_of(
        pick,
        region,
        Shape.STEPS if any(item.number is not None for item in items) else Shape.LIST,
        start,
        shown[-1].end_char,
        lead=_lead_text(region, lead),
        items=items,
        left_out=last - first - len(shown),
    )


def table_at(pick: Pick, region: Region, at: int, max_rows: int = MAX_ROWS, *, is_whole: bool = False) -> AnswerBlock:
    """The row at ``at`` with those around it, ``max_rows`` in all, below the names of their columns.

    Where the table ``is_whole`` the answer, its rows are shown from the first one on, if that one is among them.
    """
    first, last = run_at(region.blocks, at)
    rows = [i for i in range(first, last) if not region.blocks[i].is_header]
    near = rows.index(at) if at in rows else 0
    from_first = rows_around(region, rows, 0, MAX_LISTED_ROWS, MAX_LISTED_CHARS) if is_whole else []
    kept = (from_first if at in from_first else rows_around(region, rows, near, max_rows)) or [at]
    chosen = region.blocks[at]
    columns = chosen.columns
    lead = lead_before(region, first)
    return block_of(
        pick,
        region,
        Shape.TABLE,
        region.blocks[kept[0]].start_char,
        region.blocks[kept[-1]].end_char,
        lead=chosen.caption or _lead_text(region, lead),
        columns=columns,
        rows=tuple(tuple(cell.strip() for cell in region.of(region.blocks[i]).split(CELLS)) for i in kept),
        left_out=len(rows) - len(kept) if at in rows else 0,
    )


def rows_around(
    region: Region, rows: Sequence[int], near: int, max_rows: int, max_chars: int = MAX_TABLE_CHARS
) -> list[int]:
    """The rows before and after the one that was chosen, the nearest first, while they are not too many or too long."""
    sizes = [len(region.of(region.blocks[row])) for row in rows]
    first, last, chars = near, near + 1, sum(sizes[near : near + 1])
    for i in sorted(range(len(rows)), key=lambda i: (abs(i - near), i < near)):
        fits = last - first < max_rows and chars + sizes[i] <= max_chars
        if fits and i in (first - 1, last):
            first, last, chars = min(first, i), max(last, i + 1), chars + sizes[i]
    return list(rows[first:last])


def code_at(pick: Pick, region: Region, at: int) -> AnswerBlock:
    """The code of the block at ``at``, with the line that introduces it."""
    block = region.blocks[at]
    lead = lead_before(region, at)
    lines = region.text[block.start_char : block.end_char].strip("\r\n").splitlines()
    start = region.blocks[lead].start_char if lead is not None else block.start_char
    return block_of(
        pick,
        region,
        Shape.CODE,
        start,
        block.end_char,
        lead=_lead_text(region, lead),
        text="\n".join(lines[:MAX_CODE_LINES]),
        language=block.language,
        left_out=max(0, len(lines) - MAX_CODE_LINES),
    )


def definition_at(pick: Pick, region: Region, at: int) -> AnswerBlock:
    """A term, its texts, and nothing of the next term."""
    blocks = region.blocks
    first = at
    while first > 0 and blocks[first].kind is BlockKind.DEFINITION and blocks[first - 1].kind in _OF_TERMS:
        first -= 1
    while first > 0 and blocks[first].kind is BlockKind.TERM and blocks[first - 1].kind is BlockKind.TERM:
        first -= 1
    terms = [block for block in blocks[first : at + 1] if block.kind is BlockKind.TERM]
    last = at + 1
    if blocks[at].kind is BlockKind.TERM:
        while last < len(blocks) and blocks[last].kind is BlockKind.TERM:
            terms.append(blocks[last])
            last += 1
    while last < len(blocks) and blocks[last].kind is BlockKind.DEFINITION:
        last += 1
    texts = [region.of(block) for block in blocks[first:last] if block.kind is BlockKind.DEFINITION]
    term = "\n".join(dict.fromkeys(region.of(block) for block in terms)) or blocks[at].term
    text, is_cut = bounded("\n".join(texts), MAX_ANSWER_CHARS)
    return block_of(
        pick,
        region,
        Shape.DEFINITION,
        blocks[first].start_char,
        blocks[last - 1].end_char,
        term=term,
        text=text,
        is_cut=is_cut,
    )


_OF_TERMS = (BlockKind.TERM, BlockKind.DEFINITION)


def run_at(blocks: Sequence[Block], at: int) -> Span:
    """First and last-plus-one index of the list or table around the block at ``at``."""
    kind, group = blocks[at].kind, blocks[at].group
    first, last = at, at + 1
    while first > 0 and (blocks[first - 1].kind, blocks[first - 1].group) == (kind, group):
        first -= 1
    while last < len(blocks) and (blocks[last].kind, blocks[last].group) == (kind, group):
        last += 1
    return first, last


def _window(region: Region, first: int, last: int, at: int, count: int) -> Span:
    """At most ``count`` items and ``MAX_LIST_CHARS`` characters: from the first item on if ``at`` is among these."""
    begin = first
    while True:
        end, chars = begin, 0
        while end < last and end - begin < count:
            chars += len(region.of(region.blocks[end]))
            if chars > MAX_LIST_CHARS and end > begin:
                break
            end += 1
        if at < end:
            return begin, end
        begin = max(begin + 1, at - 1)


def bounded(text: str, max_chars: int) -> tuple[str, bool]:
    """The text up to the last sentence that fits, and whether any is left out."""
    if len(text) <= max_chars:
        return text, False
    ends = [end for _, end in sentence_spans(text) if end <= max_chars]
    return text[: ends[-1] if ends else max_chars].rstrip(), True


def _lead_text(region: Region, lead: int | None) -> str:
    return _flat(region.of(region.blocks[lead])) if lead is not None else ""


def _flat(text: str) -> str:
    return " ".join(text.split())
