"""The structure of a page's text: what each stretch of it is. A block is a range in the one text that is searched."""

from dataclasses import dataclass
from enum import StrEnum


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

    ``group`` numbers the list, table or definition list that a block is part of, from 1 within its page; 0 for none.
    ``depth`` is how many lists (or quotations) stand around it within its group: 0 for the outermost.
    ``number`` is the number a reader sees before an item of an ordered list, None for a bullet.
    ``columns`` are the names of a row's columns, empty where the table has no header row; ``is_header`` marks that row
    itself; ``caption`` is the table's. ``language`` is that of code, as its page names it. ``term`` is what a
    definition defines. A HEADING stands where its section begins and is empty there (``start_char == end_char``),
    since headings are searched as the ``heading_path``; ``level`` is 1 to 6.
    """

    kind: BlockKind
    start_char: int
    end_char: int
    group: int = 0
    depth: int = 0
    number: int | None = None
    columns: tuple[str, ...] = ()
    is_header: bool = False
    caption: str = ""
    language: str = ""
    term: str = ""
    level: int = 0
