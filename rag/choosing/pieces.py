"""Passages cut into the pieces that may answer: a paragraph, an item, a row, code, a term with its text. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice

from crawler.block import Block, BlockKind
from indexer.document import Passage
from rag.choosing.plain import CELLS, blocks_of

MAX_QUESTION_CHARS = 200
_NAMED = re.compile(r"([^\n:：–—]{1,80}?)(?:[:：]\s|\s[–—-]{1,2}\s|\n)")
"""An item that begins with the name of what it is about."""

_ASSIGNED = re.compile(
    r"^[ \t]*[\"']?([A-Za-z_][\w.-]{2,60})[\"']?[ \t]*(?:=(?!=)|:(?!:))[ \t]*(\S.*?)[ \t]*[,;]?[ \t]*$", re.MULTILINE
)
"""A line of code or settings that gives a name its value."""

_CAPTION = re.compile(r"(?:table|tabelle|tab\.|tableau|tabla|list|listing)\s+[\dA-Z][\d.:-]*\s", re.IGNORECASE)
MAX_NAMES = 40
MAX_LEAD_CHARS = 300
"""A longer paragraph before a list or code is no line that introduces it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """``passages[index].text[start:end]``; ``blocks`` are those it is made of, in the offsets of the passage's text.

    ``lead`` introduces it. ``read`` is what a reader needs to judge it by itself: the lead, a row with the names of its
    columns, a text with its term. ``asked`` is the question right above it that it answers, if there is one. It
    ``opens`` a section if it is the first below a heading.
    """

    index: int
    kind: BlockKind
    start: int
    end: int
    blocks: tuple[Block, ...]
    lead: str
    read: str
    is_first: bool = False
    asked: str = ""
    opens: bool = False


def blocks_in(passage: Passage) -> tuple[Block, ...]:
    """The passage's blocks in the offsets of its own text; told by its lines where its document has none."""
    if not passage.blocks:
        return blocks_of(passage.text)
    moved = (
        replace(
            block,
            start_char=max(0, block.start_char - passage.start_char),
            end_char=min(len(passage.text), block.end_char - passage.start_char),
        )
        for block in passage.blocks
    )
    return tuple(block for block in moved if block.start_char < block.end_char and not _is_icon(passage, block))


def _is_icon(passage: Passage, block: Block) -> bool:
    """Signs of an icon font, such as the tabs above a command have: nothing to read, and in the way of what follows."""
    is_prose = block.kind is BlockKind.PARAGRAPH
    return is_prose and not any(letter.isalnum() for letter in passage.text[block.start_char : block.end_char])


def pieces_of(index: int, passage: Passage) -> list[Piece]:
    """The pieces of a passage in reading order."""
    found: list[Piece] = []
    lead = asked = ""
    begun = _section_starts(passage)
    for blocks in _together(blocks_in(passage)):
        piece = _piece(index, passage.text, blocks, lead)
        first = blocks[0]
        own = passage.text[first.start_char : first.end_char].strip()
        if is_question(own):
            asked = own
        elif piece is not None and asked:
            piece = replace(piece, asked=asked, read=f"{asked}\n{piece.read}")
        if piece is not None:
            since = found[-1].end if found else 0
            opens = any(since <= place <= piece.start for place in begun)
            found.append(replace(piece, is_first=not found, opens=opens))
        if first.kind in (BlockKind.PARAGRAPH, BlockKind.CAPTION):
            text = passage.text[first.start_char : first.end_char]
            lead = text if len(text) <= MAX_LEAD_CHARS else ""
        elif not first.group:
            lead = ""
    return found


def _section_starts(passage: Passage) -> list[int]:
    """Where in the passage's text sections begin; at its very beginning if it is the first of its document."""
    headings = [b.start_char - passage.start_char for b in passage.blocks if b.kind is BlockKind.HEADING]
    return headings if passage.ordinal else [0, *headings]


def labels_of(piece: Piece, passage: Passage) -> tuple[str, ...]:
    """What names the thing that a piece speaks of: its term, the head of its row, the words before its dash or colon,
    what its code assigns to.
    """
    first = piece.blocks[0]
    own = passage.text[piece.start : piece.end].strip()
    if first.kind is BlockKind.TABLE_ROW:
        return (first.row_header or own.split(CELLS)[0],)
    if first.kind is BlockKind.LIST_ITEM:
        return tuple(found.group(1) for found in [_NAMED.match(own)] if found)
    if first.kind is BlockKind.CODE:
        return tuple(name for name, _ in assignments(own))
    terms = [passage.text[b.start_char : b.end_char].strip() for b in piece.blocks if b.kind is BlockKind.TERM]
    return tuple(term for term in (first.term, *terms) if term)


def assignments(code: str) -> list[tuple[str, str]]:
    """The names of code or settings with what each is given, in order."""
    return [(found[1], found[2]) for found in islice(_ASSIGNED.finditer(code), MAX_NAMES)]


def is_question(text: str) -> bool:
    """A short line that asks, such as a heading of a list of questions and answers."""
    return len(text) <= MAX_QUESTION_CHARS and text.endswith(("?", "？", "؟")) and "\n" not in text


def is_caption(text: str) -> bool:
    """A line that names the table or the like after it: ``Table 2.1. Kinds of kettles``."""
    return len(text) <= MAX_QUESTION_CHARS and _CAPTION.match(text) is not None


def _together(blocks: Sequence[Block]) -> Iterator[tuple[Block, ...]]:
    """Each block by itself, but a term with the text that defines it."""
    run: list[Block] = []
    for block in blocks:
        goes_on = bool(run) and (
            (block.kind is BlockKind.DEFINITION and run[0].kind in (BlockKind.TERM, BlockKind.DEFINITION))
            or (block.kind is BlockKind.TERM and all(other.kind is BlockKind.TERM for other in run))
        )
        if run and not (goes_on and block.group == run[0].group):
            yield tuple(run)
            run = []
        run.append(block)
    if run:
        yield tuple(run)


def _piece(index: int, text: str, blocks: tuple[Block, ...], lead: str) -> Piece | None:
    first, start, end = blocks[0], blocks[0].start_char, blocks[-1].end_char
    own = text[start:end].strip()
    if not own or first.is_header or first.kind in (BlockKind.HEADING, BlockKind.CAPTION):
        return None
    match first.kind:
        case BlockKind.TABLE_ROW:
            return Piece(index, first.kind, start, end, blocks, first.caption or lead, row_text(own, first))
        case BlockKind.CODE:
            return Piece(index, first.kind, start, end, blocks, lead, f"{lead}\n{own}".strip())
        case BlockKind.LIST_ITEM:
            return Piece(index, first.kind, start, end, blocks, lead, f"{lead}\n{own}".strip())
        case BlockKind.DEFINITION if first.term:
            return Piece(index, first.kind, start, end, blocks, "", f"{first.term}\n{own}")
        case _:
            kind = BlockKind.DEFINITION if first.kind is BlockKind.TERM else first.kind
            return Piece(index, kind, start, end, blocks, "", own)


def row_text(row: str, block: Block) -> str:
    """A row as a sentence: ``Plan: Free; Requests: 100``."""
    cells = row.split(CELLS)
    if len(cells) == len(block.columns):
        return "; ".join(f"{name}: {cell}" if name else cell for name, cell in zip(block.columns, cells, strict=True))
    return row


def lists_of(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Items and rows that belong together, as runs of neighbours of one list or table."""
    grouped = (piece for piece in pieces if piece.kind in (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW))
    return [list(run) for _, run in groupby(grouped, key=lambda piece: (piece.index, piece.blocks[0].group))]
