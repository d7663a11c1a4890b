"""Pieces of text as they come from a page, put together to sections with their blocks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from crawler.block import Block, BlockKind
from crawler.page import SECTION_SEPARATOR, Section

WHOLE = frozenset({BlockKind.LIST_ITEM, BlockKind.DEFINITION})
"""What stays one block, however many paragraphs it has."""


@dataclass(slots=True)
class Holder:
    """What the text that comes now is part of; the fields are those of ``Block``.

    ``line``: the list or table whose lines its texts are, so that one line break separates them; 0 for paragraphs.
    """

    kind: BlockKind = BlockKind.PARAGRAPH
    group: int = 0
    depth: int = 0
    number: int | None = None
    term: str = ""
    line: int = 0
    is_begun: bool = False


@dataclass(slots=True)
class _Piece:
    """``block_at`` makes it a block, from its start to its end."""

    texts: list[str]
    block_at: Callable[[int, int], Block]
    line: int
    holder: Holder | None = None


@dataclass(slots=True)
class Pieces:
    """Collects pieces up to the end of each section; ``sections`` have their offsets."""

    sections: list[Section] = field(default_factory=list)
    _pieces: list[_Piece] = field(default_factory=list)
    _start: int = 0

    @property
    def is_empty(self) -> bool:
        """Has nothing come since the last section?"""
        return not self._pieces

    def add(self, text: str, holder: Holder) -> None:
        """A text of ``holder``; further ones of an item or a definition go on with it, or follow what came between."""
        kind = holder.kind
        if kind in WHOLE:
            last = self._pieces[-1] if self._pieces else None
            if holder.is_begun and last is not None and last.holder is holder:
                last.texts.append(text)
                return
            kind = BlockKind.PARAGRAPH if holder.is_begun else kind
            holder.is_begun = True
        block_at = partial(_block, kind, holder)
        self._pieces.append(_Piece([text], block_at, holder.line, holder if kind in WHOLE else None))

    def put(self, text: str, like: Block, line: int = 0) -> None:
        """A text that is a block by itself, such as ``like``, whose offsets say nothing."""
        self._pieces.append(_Piece([text], like.between, line))

    def end_section(self, levels: Sequence[int], heading_path: tuple[str, ...], anchor: str | None) -> bool:
        """Make a section of the pieces, with a heading of each of ``levels`` before it; False where there are none."""
        if not self._pieces:
            return False
        start = at = self._start
        parts: list[str] = []
        blocks = [Block(BlockKind.HEADING, at, at, level=level) for level in levels]
        before = 0
        for piece in self._pieces:
            if parts:
                separator = "\n" if piece.line and piece.line == before else "\n\n"
                parts.append(separator)
                at += len(separator)
            text = piece.texts[0] if len(piece.texts) == 1 else ("\n" if piece.line else "\n\n").join(piece.texts)
            parts.append(text)
            blocks.append(piece.block_at(at, at + len(text)))
            at += len(text)
            before = piece.line
        self.sections.append(
            Section("".join(parts), heading_path, anchor, start_char=start, end_char=at, blocks=tuple(blocks))
        )
        self._start = at + len(SECTION_SEPARATOR)
        self._pieces = []
        return True


def _block(kind: BlockKind, holder: Holder, start: int, end: int) -> Block:
    if kind is BlockKind.PARAGRAPH:
        return Block(kind, start, end, holder.group, holder.depth)
    return Block(kind, start, end, holder.group, holder.depth, holder.number, term=holder.term)
