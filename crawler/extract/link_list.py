"""Pages that are lists of links, such as the index of a manual: hundreds of passages that answer nothing."""

from collections.abc import Sequence
from dataclasses import replace

from crawler.block import cut, moved
from crawler.extract.dom import Node
from crawler.extract.fold import fold
from crawler.page import SECTION_SEPARATOR, Section, place_sections

MIN_LINKS = 150
"""A shorter list, as of downloads or of further reading, may be what somebody looks for."""

MAX_CHARS_PER_LINK = 80
MIN_SHARE = 0.8
"""Of the text stands in lines that are links; where they come with a description each, there is something to find."""

KEPT_CHARS = 500
"""So much is kept that the page is found by its title and its first lines."""


def count_links(markup: bytes, nodes: Sequence[Node], sections: Sequence[Section]) -> int:
    """How many lines with a link a page is a list of; 0 for one that says something besides."""
    chars = sum(len(section.text) for section in sections)
    # Nearly all pages end here, at the price of a search for one word.
    if chars <= KEPT_CHARS or markup.count(b"<a ") < max(MIN_LINKS, chars / MAX_CHARS_PER_LINK):
        return 0
    texts = [fold(link.text()) for node in nodes for link in node.css("a[href]")]
    if len(texts) < MIN_LINKS:
        return 0
    # Links that are left out with the furniture around the content have no line in it.
    known = frozenset(texts)
    lines = [line for section in sections for line in section.text.split("\n")]
    listed = [line for line in lines if line in known or line.partition(", ")[0] in known]
    return len(listed) if len(listed) >= MIN_LINKS and sum(map(len, listed)) >= MIN_SHARE * chars else 0


def beginning(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The first lines of a page, under the heading that they stand under; at least one line."""
    kept: list[Section] = []
    left = KEPT_CHARS
    for section in sections:
        lines = section.text.split("\n")
        count = 0
        while count < len(lines) and left >= len(lines[count]):
            left -= len(lines[count]) + len(SECTION_SEPARATOR)
            count += 1
        if count or not kept:
            text = "\n".join(lines[: max(count, 1)]).rstrip()
            start = section.start_char
            blocks = moved(cut(section.blocks, start, start + len(text)), -start)
            kept.append(replace(section, text=text, blocks=blocks))
        if count < len(lines):
            break
    return place_sections(kept)
