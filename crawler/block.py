"""The structure of a page's text: what each stretch of it is. A block is a range in the one text that is searched."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from operator import attrgetter
from typing import Any

CELL_SEPARATOR = " | "
_BETWEEN_CELLS = re.compile(r"(?:^| )\|(?= |$)")


class BlockKind(StrEnum):
    """What a stretch of text is to a reader."""

    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CODE = "code"
    TERM = "term"
    DEFINITION = "definition"
    QUOTATION = "quotation"
    CAPTION = "caption"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Block:
    """``text[start_char:end_char]`` of a page is one block; blocks follow each other and never overlap.

    ``group`` numbers the list, table, quotation or definition list that a block is part of, from 1 within its page; 0
    for none. Nested lists are one group; ``depth`` is how many lists of it stand around an item: 0 for the outermost.
    A PARAGRAPH or CODE with a group stands inside the item or definition before it. ``number`` is the number a reader
    sees before an item of an ordered list, None for a bullet.

    A TABLE_ROW names the column of each of its cells (as ``cells`` tells them apart) in ``columns``, for a cell over
    several columns all of them; it is empty where the table has no header row. ``is_header`` marks such a row itself;
    ``row_header`` is the text of the cells that head a row, ``caption`` the table's. ``language`` is that of code, as
    its page names it. ``term`` is what a definition defines. A HEADING stands where its section begins and is empty
    there (``start_char == end_char``), since headings are searched as the ``heading_path``; ``level`` is 1 to 6.
    """

    kind: BlockKind
    start_char: int
    end_char: int
    group: int = 0
    depth: int = 0
    number: int | None = None
    columns: tuple[str, ...] = ()
    is_header: bool = False
    row_header: str = ""
    caption: str = ""
    language: str = ""
    term: str = ""
    level: int = 0

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as a call, since pages go from process to process and have a hundred blocks."""
        return Block, _VALUES(self)

    def between(self, start_char: int, end_char: int) -> "Block":
        """The same block at another place."""
        return Block(
            self.kind,
            start_char,
            end_char,
            self.group,
            self.depth,
            self.number,
            self.columns,
            self.is_header,
            self.row_header,
            self.caption,
            self.language,
            self.term,
            self.level,
        )


_VALUES = attrgetter(*(one.name for one in fields(Block)))


def moved(blocks: Iterable[Block], by: int) -> tuple[Block, ...]:
    """The blocks ``by`` characters further on."""
    return tuple(block.between(block.start_char + by, block.end_char + by) for block in blocks)


def cut(blocks: Iterable[Block], start: int, end: int) -> tuple[Block, ...]:
    """What of the blocks stands in ``text[start:end]``, cut at its ends; a heading belongs to what begins with it."""
    found = []
    for block in blocks:
        first, last = max(block.start_char, start), min(block.end_char, end)
        if first < last or (first == last == block.start_char == block.end_char and first < end):
            found.append(block if last - first == block.end_char - block.start_char else block.between(first, last))
    return tuple(found)


def row_text(cells: Sequence[str]) -> str:
    """A table row as one line, its cells apart by `` | ``; empty for a row without text."""
    return CELL_SEPARATOR.join(cells) if any(cells) else ""


def cells(row: str) -> list[str]:
    """The cells of a row's text, in order. A row may have lost the blanks around it."""
    return [cell.strip() for cell in _BETWEEN_CELLS.split(row)]
