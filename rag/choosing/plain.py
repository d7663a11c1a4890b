"""The blocks of a text that came without any, told by its lines. Pure."""

import re
from collections.abc import Iterator

from crawler.block import Block, BlockKind

_PART = re.compile(r"(?:[^\r\n]*\S[^\r\n]*(?:\r?\n|$))+")
_LINE = re.compile(r"[^\r\n]*\S[^\r\n]*")
_ITEM = re.compile(r"[ \t]*(?:(?P<bullet>[-*•‣◦+])|\(?(?P<number>\d{1,3})[.)])[ \t]+")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)[ \t]*(?P<language>[\w+#-]*)")
_PROMPT = re.compile(r"(?:>>>|\.\.\. ?|[$#%] )")
_CODE_SIGNS = re.compile(r"[{};=<>|$\\]|\w\(|\)\s*$|^\s{2,}\S|^[-\w./]+ --?\w")
CELLS = " | "
MAX_LIST_LINE_CHARS = 400
CODE_SHARE = 0.6
"""Where so many of the lines look like code, all of them are."""


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of a text in order: what stands between blank lines is a paragraph, a list, rows or code."""
    found: list[Block] = []
    for group, part in enumerate(_PART.finditer(text), 1):
        found.extend(_blocks(text, part.start(), part.end(), group))
    return tuple(found)


def _blocks(text: str, start: int, end: int, group: int) -> Iterator[Block]:
    spans = [match.span() for match in _LINE.finditer(text, start, end)]
    lines = [text[a:b] for a, b in spans]
    if fence := _FENCE.match(lines[0]):
        yield Block(BlockKind.CODE, spans[0][0], spans[-1][1], language=fence.group("language") or "")
    elif all(CELLS in line for line in lines) and len(lines) > 1:
        yield from (Block(BlockKind.TABLE_ROW, a, b, group) for a, b in spans)
    elif _PROMPT.match(lines[0]) or all(line.startswith(("    ", "\t")) for line in lines):
        yield Block(BlockKind.CODE, spans[0][0], spans[-1][1])
    elif any(_ITEM.match(line) for line in lines):
        yield from _items(text, spans, group)
    elif len(lines) > 1 and sum(bool(_CODE_SIGNS.search(line)) for line in lines) >= CODE_SHARE * len(lines):
        yield Block(BlockKind.CODE, spans[0][0], spans[-1][1])
    else:
        yield Block(BlockKind.PARAGRAPH, spans[0][0], spans[-1][1])


def _items(text: str, spans: list[tuple[int, int]], group: int) -> Iterator[Block]:
    """Items with the lines that go on below them; what stands before the first is a paragraph."""
    begun: tuple[int, int, int | None, BlockKind] | None = None
    for start, end in spans:
        marker = _ITEM.match(text, start, end)
        if begun and not marker:
            begun = (begun[0], end, begun[2], begun[3])
            continue
        if begun:
            yield _block(begun, group)
        if marker:
            number = marker.group("number")
            begun = (marker.end(), end, int(number) if number else None, BlockKind.LIST_ITEM)
        else:
            begun = (start, end, None, BlockKind.PARAGRAPH)
    if begun:
        yield _block(begun, group)


def _block(begun: tuple[int, int, int | None, BlockKind], group: int) -> Block:
    start, end, number, kind = begun
    return Block(kind, start, end, group if kind is BlockKind.LIST_ITEM else 0, number=number)
