"""A piece that was chosen, with all that makes it whole, as a block to show. Pure."""

from collections.abc import Sequence
from typing import Any

from crawler.block import Block, BlockKind
from indexer.sentences import sentence_spans
from rag.answer import AnswerBlock, Item, Shape
from rag.choosing.choice import Pick
from rag.choosing.pieces import MAX_LEAD_CHARS, is_question
from rag.choosing.plain import CELLS
from rag.choosing.question import QuestionType
from rag.link import link
from rag.showing.leaning import leans
from rag.showing.region import Region

MAX_ITEMS = 16
MAX_LIST_CHARS = 2_400
MAX_ROWS = 12
MAX_TABLE_CHARS = 1_200
ROWS_AROUND = 5
"""Where one row answers: it and what stands next to it."""
MAX_CODE_LINES = 30
MAX_PARAGRAPH_CHARS = 900
MAX_ANSWER_CHARS = 1_200
"""Of the text under a heading that is the question itself."""

IS_QUESTION = 0.6
"""A heading that shares so much of its words with the question (Jaccard) is the question; what stands below answers."""

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
Span = tuple[int, int]


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
            return _list(pick, region, at)
        case BlockKind.TABLE_ROW:
            return _table(pick, region, at, ROWS_AROUND if asked in _OF_ONE_ROW else MAX_ROWS)
        case BlockKind.CODE:
            return _code(pick, region, at, span)
        case BlockKind.TERM | BlockKind.DEFINITION if block.kind is BlockKind.TERM or block.term:
            return _definition(pick, region, at)
        case _:
            return _prose(pick, region, at, span, asked)


def _index_at(blocks: Sequence[Block], place: int) -> int | None:
    return next((i for i, block in enumerate(blocks) if block.start_char <= place < block.end_char), None)


def _block(pick: Pick, region: Region, shape: Shape, start: int, end: int, **rest: Any) -> AnswerBlock:
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


def _lead_before(region: Region, at: int) -> int | None:
    """The index of the line that introduces the block at ``at``, if there is one."""
    if at == 0:
        return None
    before = region.blocks[at - 1]
    text = region.of(before)
    is_line = before.kind in (BlockKind.PARAGRAPH, BlockKind.CAPTION) and bool(text)
    return at - 1 if is_line and (len(text) <= MAX_LEAD_CHARS or text.endswith((":", "："))) else None


def _list(pick: Pick, region: Region, at: int) -> AnswerBlock:
    """The whole list, or, where it is long, what of it stands around the item that was chosen."""
    first, last = _run(region.blocks, at)
    keep = _window(region, first, last, at, MAX_ITEMS)
    shown = region.blocks[keep[0] : keep[1]]
    lead = _lead_before(region, first)
    start = region.blocks[lead].start_char if lead is not None else shown[0].start_char
    items = tuple(Item(_flat(region.of(block)), block.number, block.depth) for block in shown)
    return _block(
        pick,
        region,
        Shape.STEPS if any(item.number is not None for item in items) else Shape.LIST,
        start,
        shown[-1].end_char,
        lead=_lead_text(region, lead),
        items=items,
        left_out=last - first - len(shown),
    )


def _table(pick: Pick, region: Region, at: int, max_rows: int = MAX_ROWS) -> AnswerBlock:
    first, last = _run(region.blocks, at)
    rows = [i for i in range(first, last) if not region.blocks[i].is_header]
    kept = _rows_around(region, rows, rows.index(at) if at in rows else 0, max_rows) or [at]
    chosen = region.blocks[at]
    columns = chosen.columns
    lead = _lead_before(region, first)
    return _block(
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


def _rows_around(region: Region, rows: Sequence[int], near: int, max_rows: int) -> list[int]:
    """The rows before and after the one that was chosen, while they are not too many or too long."""
    first, last, chars = near, near, 0
    while True:
        grown = [(first, last + 1, last)] if last < len(rows) else []
        grown += [(first - 1, last, first - 1)] if first > 0 and last > near else []
        nearest = sorted(grown, key=lambda ends: abs(ends[2] - near))
        for begin, end, added in nearest:
            more = len(region.of(region.blocks[rows[added]]))
            if end - begin <= max_rows and (chars + more <= MAX_TABLE_CHARS or first == last):
                first, last, chars = begin, end, chars + more
                break
        else:
            return list(rows[first:last])


def _code(pick: Pick, region: Region, at: int, span: Span) -> AnswerBlock:
    block = region.blocks[at]
    lead = _lead_before(region, at)
    if (last := _goes_on_until(region, at)) > at:
        return _paragraph(pick, region, region.blocks[at if lead is None else lead : last + 1], span)
    lines = region.text[block.start_char : block.end_char].strip("\r\n").splitlines()
    start = region.blocks[lead].start_char if lead is not None else block.start_char
    return _block(
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


def _definition(pick: Pick, region: Region, at: int) -> AnswerBlock:
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
    text, is_cut = _bounded("\n".join(texts), MAX_ANSWER_CHARS)
    return _block(
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


def _prose(pick: Pick, region: Region, at: int, span: Span, asked: QuestionType) -> AnswerBlock:
    """A paragraph; one that only introduces what follows is shown with it, one that leans on another with that."""
    blocks = region.blocks
    text = region.of(blocks[at])
    following = blocks[at + 1].kind if at + 1 < len(blocks) else None
    is_lead = text.endswith((":", "：")) or (
        asked is QuestionType.HOW_TO and following is BlockKind.CODE and len(text) <= MAX_LEAD_CHARS
    )
    if is_lead and following in ITEMS:
        return _list(pick, region, at + 1) if following is BlockKind.LIST_ITEM else _table(pick, region, at + 1)
    if is_lead and following is BlockKind.CODE:
        return _code(pick, region, at + 1, span)
    if is_lead and following in PROSE:
        return _paragraph(pick, region, blocks[at : at + 2], span)
    if pick.features.get("heading_is_question", 0.0) >= IS_QUESTION:
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
        return _block(
            pick, region, Shape.DEFINITION, code.start_char, end, term=region.of(code), text=text, is_cut=is_cut
        )
    if not lead and leans(region.text[start:end]):
        before = _sentence_before(region, start)
        start = start if before is None else before
    return _block(
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


def _run(blocks: Sequence[Block], at: int) -> Span:
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


def _bounded(text: str, max_chars: int) -> tuple[str, bool]:
    """The text up to the last sentence that fits, and whether any is left out."""
    if len(text) <= max_chars:
        return text, False
    ends = [end for _, end in sentence_spans(text) if end <= max_chars]
    return text[: ends[-1] if ends else max_chars].rstrip(), True


def _lead_text(region: Region, lead: int | None) -> str:
    return _flat(region.of(region.blocks[lead])) if lead is not None else ""


def _flat(text: str) -> str:
    return " ".join(text.split())
