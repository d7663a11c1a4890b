"""A record as a card: one line for each of its fields, each a definition of the field's name. Pure functions."""

from collections.abc import Iterable

from crawler.block import Block, BlockKind
from crawler.page import Section, place_sections

MAX_VALUE_CHARS = 100_000
"""A field of megabytes is a file, not something that a card tells."""


def card(fields: Iterable[tuple[str, str]], text: str = "") -> tuple[Section, ...]:
    """``text``, if any, as paragraphs, then ``name: value`` lines; empty values are left out."""
    parts: list[str] = []
    blocks: list[Block] = []
    start = 0
    paragraphs = [(BlockKind.PARAGRAPH, piece.strip(), "") for piece in text.split("\n\n")]
    lines = [
        (BlockKind.DEFINITION, f"{name}: {value.strip()[:MAX_VALUE_CHARS]}", name)
        for name, value in fields
        if value.strip()
    ]
    for kind, line, term in (*paragraphs, *lines):
        if not line:
            continue
        if parts:
            separator = "\n" if kind is BlockKind.DEFINITION and blocks[-1].kind is kind else "\n\n"
            parts.append(separator)
            start += len(separator)
        parts.append(line)
        group = 1 if kind is BlockKind.DEFINITION else 0
        blocks.append(Block(kind, start, start + len(line), group=group, term=term))
        start += len(line)
    return place_sections([Section("".join(parts), blocks=tuple(blocks))])
