"""The blocks of text that has no markup: as plain text files, and most of what office files and PDFs hold, are written.

Empty lines part paragraphs. A line that begins with a bullet or a number is an item, with the lines indented below it;
lines indented by four blanks, or between fences, are code. The marks themselves, as ``- `` and fences, are no part of a
block, since it says what they say.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from crawler.block import Block, BlockKind

_ITEM = re.compile(r"([ \t]*)([-*+•◦▪‣●○■–]|\(?(\d{1,3})[.)])[ \t]+(?=\S)")
_FENCE = re.compile(r"[ \t]{0,3}(```+|~~~+)[ \t]*([\w+#.-]*)")
_INDENTED = re.compile(r"(?: {4}|\t)[ \t]*\S")
BULLET = "- "
"""What readers of office files write before an item."""

TAB = "    "


@dataclass(slots=True)
class _Reader:
    """What is open while lines come: the stretch that grows, and the list around it by the indents of its items."""

    group: int
    blocks: list[Block] = field(default_factory=list)
    indents: list[int] = field(default_factory=list)
    fence: str = ""
    language: str = ""
    is_open: bool = False


def text_blocks(text: str, marked: Sequence[tuple[str, Block]] = (), group: int = 0) -> tuple[Block, ...]:
    """The blocks of a text, in order; groups are numbered from ``group + 1``.

    ``marked`` are whole lines in their order whose kind is known (their offsets say nothing); what stands between them
    is told by how it is written.
    """
    reader = _Reader(group)
    position = 0
    for words, like in marked:
        if not words:
            continue
        if (at := _find(text, words, position)) < 0:
            break  # the text was cut before it
        _read(reader, text, position, at)
        _close_list(reader)
        reader.blocks.append(like.between(at, at + len(words)))
        position = at + len(words)
    _read(reader, text, position, len(text))
    return tuple(reader.blocks)


def _find(text: str, words: str, start: int) -> int:
    """Where ``words`` stand as whole lines, perhaps after a bullet; -1 for nowhere."""
    at = text.find(words, start)
    while at >= 0:
        end, before = at + len(words), at
        while before and text[before - 1] in " \t":
            before -= 1
        is_first = before == 0 or text[before - 1] == "\n" or text[at - 2 : at] == BULLET
        if is_first and text[end : end + 1] in ("", "\n"):
            return at
        at = text.find(words, at + 1)
    return -1


def _read(reader: _Reader, text: str, start: int, end: int) -> None:
    reader.is_open = False
    for at, line in _lines(text, start, end):
        _take(reader, at, line)
    reader.fence = ""


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    while start < end:
        after = text.find("\n", start, end)
        after = end if after < 0 else after
        yield start, text[start:after]
        start = after + 1


def _take(reader: _Reader, at: int, line: str) -> None:
    words = line.strip()
    first = at + len(line) - len(line.lstrip())
    last = first + len(words)
    fence = _FENCE.match(line)
    if reader.fence:
        if fence and fence[1].startswith(reader.fence):
            reader.fence, reader.is_open = "", False
        elif words:
            _code(reader, at, last, reader.language)
    elif fence:
        reader.fence, reader.language, reader.is_open = fence[1], fence[2], False
    elif not words or words == BULLET.strip():
        _pause(reader)
    elif item := _ITEM.match(line):
        _item(reader, item, at, last)
    elif not reader.indents and _INDENTED.match(line) and (not reader.is_open or _last(reader) is BlockKind.CODE):
        _code(reader, at, last, "")
    elif reader.is_open and _last(reader) is not BlockKind.CODE:
        reader.blocks[-1] = replace(reader.blocks[-1], end_char=last)
    elif reader.indents and line[:1].isspace():
        reader.blocks.append(Block(BlockKind.PARAGRAPH, first, last, reader.group, len(reader.indents) - 1))
        reader.is_open = True
    else:
        _close_list(reader)
        reader.blocks.append(Block(BlockKind.PARAGRAPH, first, last))
        reader.is_open = True


def _pause(reader: _Reader) -> None:
    """An empty line ends a paragraph; code goes on below it, and so may a list."""
    if not (reader.is_open and _last(reader) is BlockKind.CODE):
        reader.is_open = False


def _code(reader: _Reader, first: int, last: int, language: str) -> None:
    if reader.is_open and _last(reader) is BlockKind.CODE:
        reader.blocks[-1] = replace(reader.blocks[-1], end_char=last)
        return
    group = reader.group if reader.indents else 0
    reader.blocks.append(Block(BlockKind.CODE, first, last, group, language=language))
    reader.is_open = True


def _item(reader: _Reader, item: "re.Match[str]", at: int, last: int) -> None:
    indent = len(item[1].replace("\t", TAB))
    if not reader.indents:
        reader.group += 1
    while reader.indents and reader.indents[-1] > indent:
        reader.indents.pop()
    if not reader.indents or reader.indents[-1] < indent:
        reader.indents.append(indent)
    number = int(item[3]) if item[3] else None
    depth = len(reader.indents) - 1
    reader.blocks.append(Block(BlockKind.LIST_ITEM, at + item.end(), last, reader.group, depth, number))
    reader.is_open = True


def _close_list(reader: _Reader) -> None:
    reader.indents.clear()


def _last(reader: _Reader) -> BlockKind | None:
    return reader.blocks[-1].kind if reader.blocks else None
