"""Links that open a page at a quote: a pure function.

WICG "URL Fragment Text Directives": ``#anchor:~:text=textStart[,textEnd]``, matched with the rendered page by words,
white space collapsed. A single ``textStart`` must lie in one block of the page, so a quote of several lines or of many
words is given by its first and last words.
"""

from urllib.parse import quote as percent_encode

from indexer.asking.stems import has_cjk
from indexer.document import Passage

MAX_EXACT_CHARS = 120
"""Longer quotes are given by their ends: the link stays short, and a changed comma in the middle does no harm."""

CELL_SEPARATOR = " | "
"""Stands between the cells of a table row in extracted text; on the page each cell is a block of its own."""

END_WORDS = 5
END_CJK_CHARS = 12


def link(passage: Passage, quote: str) -> str:
    """The passage's page, opened at its anchor (or PDF page) with ``quote`` highlighted where the browser can."""
    url = passage.head.url.partition("#")[0]
    if passage.page_number is not None:
        return f"{url}#page={passage.page_number}"
    directive = text_directive(quote)
    anchor = passage.anchor or ""
    return f"{url}#{anchor}{directive}" if anchor or directive else url


def text_directive(quote: str) -> str:
    """``:~:text=...`` for a quote; empty for one without words."""
    lines = [block.split() for line in quote.splitlines() for block in line.split(CELL_SEPARATOR) if block.split()]
    if not lines:
        return ""
    flat = " ".join(word for line in lines for word in line)
    if len(lines) == 1 and len(flat) <= MAX_EXACT_CHARS:
        return f":~:text={_encoded(flat)}"
    if has_cjk(flat) and len(flat) / (flat.count(" ") + 1) > END_CJK_CHARS:
        first, last = "".join(lines[0])[:END_CJK_CHARS], "".join(lines[-1])[-END_CJK_CHARS:]
    else:
        first, last = " ".join(lines[0][:END_WORDS]), " ".join(lines[-1][-END_WORDS:])
    if len(lines) == 1 and len(lines[0]) <= 2 * END_WORDS and not has_cjk(flat):
        return f":~:text={_encoded(flat)}"
    return f":~:text={_encoded(first)},{_encoded(last)}"


def _encoded(text: str) -> str:
    """Percent-encoded; the directive's own signs (dash, comma, ampersand) too."""
    return percent_encode(text, safe="", errors="replace").replace("-", "%2D")
