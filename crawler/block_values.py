"""Blocks as plain values that JSON can carry, and back without loss.

``{"texts": [...], "blocks": [[kind, start, length, {...}], ...]}``: what the rows of a table have in common, the names
of its columns and its caption, is written once and referred to by its place in ``texts``; so is a term. A block's
fourth value holds what differs from the default, and is left out where nothing does.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

from crawler.block import Block, BlockKind

_KINDS = {
    BlockKind.PARAGRAPH: "p",
    BlockKind.LIST_ITEM: "i",
    BlockKind.TABLE_ROW: "r",
    BlockKind.CODE: "c",
    BlockKind.TERM: "t",
    BlockKind.DEFINITION: "d",
    BlockKind.QUOTATION: "q",
    BlockKind.CAPTION: "n",
    BlockKind.HEADING: "h",
}
_KIND_OF = {letter: kind for kind, letter in _KINDS.items()}
_PLAIN = {"group": "g", "depth": "d", "number": "n", "is_header": "h", "level": "l"}
_SHARED = {"columns": "c", "row_header": "r", "caption": "t", "language": "s", "term": "m"}
_DEFAULTS = Block(BlockKind.PARAGRAPH, 0, 0)


class WrittenBlocks(Sequence[Block]):
    """Blocks as one line of JSON, empty for none, which is read when the first of them is asked for.

    Of the passages that a search looks at few are shown, and it is the blocks of those alone that matter.
    """

    __slots__ = ("_read", "_start", "_written")

    def __init__(self, written: str, start: int = 0) -> None:
        """Offsets count from ``start``."""
        self._written = written
        self._start = start
        self._read: tuple[Block, ...] | None = None

    @overload
    def __getitem__(self, index: int) -> Block: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Block, ...]: ...
    def __getitem__(self, index: int | slice) -> Block | tuple[Block, ...]:
        return self._blocks()[index]

    def __len__(self) -> int:
        return len(self._blocks())

    def __iter__(self) -> Iterator[Block]:
        return iter(self._blocks())

    def __bool__(self) -> bool:
        return bool(self._written)

    def __eq__(self, other: object) -> bool:
        return self._blocks() == (other._blocks() if isinstance(other, WrittenBlocks) else other)

    def __hash__(self) -> int:
        return hash(self._blocks())

    def __repr__(self) -> str:
        return repr(self._blocks())

    def _blocks(self) -> tuple[Block, ...]:
        if self._read is None:
            self._read = blocks_from_values(json.loads(self._written), self._start) if self._written else ()
        return self._read


def blocks_to_values(blocks: Sequence[Block], start: int = 0) -> dict[str, Any] | None:
    """JSON values, offsets counted from ``start``; None for no blocks."""
    if not blocks:
        return None
    places: dict[str | tuple[str, ...], int] = {}
    written = [_to_values(block, start, places) for block in blocks]
    texts = [list(text) if isinstance(text, tuple) else text for text in places]
    return {"texts": texts, "blocks": written} if texts else {"blocks": written}


def blocks_from_values(values: Mapping[str, Any] | None, start: int = 0) -> tuple[Block, ...]:
    """The inverse of ``blocks_to_values``; raises KeyError, TypeError, IndexError or ValueError for anything else."""
    if not values:
        return ()
    texts = [tuple(text) if isinstance(text, list) else text for text in values.get("texts", ())]
    return tuple(_from_values(block, start, texts) for block in values["blocks"])


def _to_values(block: Block, start: int, places: dict[str | tuple[str, ...], int]) -> list[Any]:
    values: list[Any] = [_KINDS[block.kind], block.start_char - start, block.end_char - block.start_char]
    more: dict[str, Any] = {}
    for name, key in _PLAIN.items():
        if (value := getattr(block, name)) != getattr(_DEFAULTS, name):
            more[key] = value
    for name, key in _SHARED.items():
        if text := getattr(block, name):
            more[key] = places.setdefault(text, len(places))
    return [*values, more] if more else values


def _from_values(values: Sequence[Any], start: int, texts: Sequence[str | tuple[str, ...]]) -> Block:
    letter, first, length, *rest = values
    more = rest[0] if rest else {}
    found = {name: more[key] for name, key in _PLAIN.items() if key in more}
    found |= {name: texts[more[key]] for name, key in _SHARED.items() if key in more}
    return Block(_KIND_OF[letter], start + first, start + first + length, **found)
