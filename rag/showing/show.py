"""A piece that was chosen, with all that makes it whole, as a block to show. Pure."""

from collections.abc import Sequence

from crawler.block import Block, BlockKind
from indexer.sentences import sentence_spans
from rag.answer import AnswerBlock, Shape
from rag.choosing.choice import Pick
from rag.choosing.pieces import MAX_LEAD_CHARS, is_caption, is_question
from rag.choosing.question import QuestionType
from rag.showing.card import defined_at
from rag.showing.leaning import leans
from rag.showing.region import Region
from rag.showing.section import is_heading_the_question
from rag.showing.shapes import (
    MAX_ANSWER_CHARS,
    MAX_ROWS,
    Span,
    block_of,
    code_at,
    lead_before,
    list_at,
    table_at,
)

ROWS_AROUND = 5
"""Where one row answers: it and what stands next to it."""
MAX_PARAGRAPH_CHARS = 900
PROSE = (BlockKind.PARAGRAPH, BlockKind.QUOTATION)
ITEMS = (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)
_OF_ONE_ROW = frozenset(
    {
        QuestionType.DEFINITION,
        QuestionType.MEANING,
        QuestionType.VALUE,
        QuestionType.YES_NO,
        QuestionType.WHEN,
        QuestionType.WHERE,
        QuestionType.WHO,
    }
)


def show(pick: Pick, region: Region, asked: QuestionType) -> AnswerBlock:
    """The block of a pick; ``region`` holds its passage and what stands around it."""
    shift = pick.passage.start_char - region.start_char
    first = pick.piece.blocks[0]
    at = _index_at(region.blocks, pick.piece.start + shift)
    span = (pick.span_start + shift, pick.span_end + shift) if pick.span else (0, 0)
    if at is None:
        return _paragraph(pick, region, [first], span)
    block = region.blocks[at]
    match block.kind:
        case BlockKind.LIST_ITEM:
            return list_at(pick, region, at)
        case BlockKind.TABLE_ROW:
            rows = ROWS_AROUND if asked in _OF_ONE_ROW else MAX_ROWS
            return table_at(pick, region, at, rows, is_whole=asked is QuestionType.LIST)
        case BlockKind.CODE:
            return _code(pick, region, at, span)
        case BlockKind.TERM | BlockKind.DEFINITION if block.kind is BlockKind.TERM or block.term:
            return defined_at(pick, region, at)
        case _:
            return _prose(pick, region, at, span, asked)


def _index_at(blocks: Sequence[Block], place: int) -> int | None:
    return next((i for i, block in enumerate(blocks) if block.start_char <= place < block.end_char), None)


def _code(pick: Pick, region: Region, at: int, span: Span) -> AnswerBlock:
    lead = lead_before(region, at)
    if (last := _goes_on_until(region, at)) > at:
        return _paragraph(pick, region, region.blocks[at if lead is None else lead : last + 1], span)
    return code_at(pick, region, at)


def _prose(pick: Pick, region: Region, at: int, span: Span, asked: QuestionType) -> AnswerBlock:
    """A paragraph; one that only introduces what follows is shown with it, one that leans on another with that."""
    blocks = region.blocks
    text = region.of(blocks[at])
    following = blocks[at + 1].kind if at + 1 < len(blocks) else None
    is_lead = (
        text.endswith((":", "："))
        or (asked is QuestionType.HOW_TO and following is BlockKind.CODE and len(text) <= MAX_LEAD_CHARS)
        or (following in ITEMS and is_caption(text))
    )
    if is_lead and following in ITEMS:
        return list_at(pick, region, at + 1) if following is BlockKind.LIST_ITEM else table_at(pick, region, at + 1)
    if is_lead and following is BlockKind.CODE:
        return _code(pick, region, at + 1, span)
    if is_lead and following in PROSE:
        return _paragraph(pick, region, blocks[at : at + 2], span)
    if is_heading_the_question(pick):
        return _paragraph(pick, region, _until(region, at, MAX_ANSWER_CHARS), span)
    return _paragraph(pick, region, [blocks[at]], span)


def _until(region: Region, at: int, max_chars: int) -> list[Block]:
    """The block at ``at`` and the paragraphs after it, as many as fit; another question begins another answer."""
    found = [region.blocks[at]]
    for block in region.blocks[at + 1 :]:
        is_more = block.kind is BlockKind.PARAGRAPH and not is_question(region.of(block))
        if not is_more or block.end_char - found[0].start_char > max_chars:
            break
        found.append(block)
    return found


def _paragraph(pick: Pick, region: Region, blocks: Sequence[Block], span: Span) -> AnswerBlock:
    code = None
    if len(blocks) == 2 and blocks[0].kind is BlockKind.CODE:
        code, blocks = blocks[0], blocks[1:]
    start, end = blocks[0].start_char, blocks[-1].end_char
    text = region.text[start:end].strip()
    is_cut = False
    if len(text) > MAX_PARAGRAPH_CHARS and len(blocks) == 1:
        start, end = _sentences_around(region.text, start, end, span)
        is_cut = True
    lead = pick.piece.asked
    if not lead and blocks[0].kind in PROSE:
        code = code or _code_before(region, start)
    if code is not None:
        text = region.text[start:end].strip()
        return block_of(
            pick, region, Shape.DEFINITION, code.start_char, end, term=region.of(code), text=text, is_cut=is_cut
        )
    if not lead and leans(region.text[start:end]):
        before = _sentence_before(region, start)
        start = start if before is None else before
    return block_of(
        pick, region, Shape.PARAGRAPH, start, end, lead=lead, text=region.text[start:end].strip(), is_cut=is_cut
    )


def _sentences_around(text: str, start: int, end: int, span: Span) -> Span:
    """Whole sentences around the span, or from the beginning where there is none."""
    spans = [(start + a, start + b) for a, b in sentence_spans(text[start:end])]
    middle = next((i for i, (a, b) in enumerate(spans) if a <= span[0] < b), 0) if span[1] else 0
    first = last = middle
    while True:
        grown = [(first, last + 1)] if last + 1 < len(spans) else []
        grown += [(first - 1, last)] if first > 0 else []
        fitting = [(a, b) for a, b in grown if spans[b][1] - spans[a][0] <= MAX_PARAGRAPH_CHARS]
        if not fitting:
            return spans[first][0], spans[last][1]
        first, last = fitting[0]


def _goes_on_until(region: Region, at: int) -> int:
    """The index of the last block of the sentence that the code at ``at`` stands in: "while" ``run that`` "does
    nothing", or ``run this`` "and" ``run that``.
    """
    blocks = region.blocks
    while at + 1 < len(blocks) and len(region.of(blocks[at])) <= MAX_LEAD_CHARS:
        text = region.of(blocks[at + 1])
        if blocks[at + 1].kind is not BlockKind.PARAGRAPH or not text[:1].islower():
            break
        at += 1
        is_over = text.endswith((".", "!", "?", ":")) or at + 1 == len(blocks)
        if is_over or blocks[at + 1].kind is not BlockKind.CODE:
            break
        at += 1
    return at


def _code_before(region: Region, start: int) -> Block | None:
    """The code whose meaning the sentence at ``start`` goes on to tell: ``run this`` "makes an account"."""
    before = next((block for block in reversed(region.blocks) if block.end_char <= start), None)
    goes_on = region.text[start:].lstrip()[:1].islower()
    is_code = before is not None and before.kind is BlockKind.CODE and len(region.of(before)) <= MAX_LEAD_CHARS
    return before if goes_on and is_code else None


def _sentence_before(region: Region, start: int) -> int | None:
    """Where the sentence begins that stands before ``start``, in prose of the same region."""
    earlier = [block for block in region.blocks if block.start_char < start and block.kind is BlockKind.PARAGRAPH]
    if not earlier:
        return None
    last = earlier[-1]
    end = min(last.end_char, start)
    spans = sentence_spans(region.text[last.start_char : end])
    between = region.text[end:start]
    return last.start_char + spans[-1][0] if spans and not between.strip() else None
