"""Paragraphs that are the title of what follows them, set in bold where a heading was meant."""

import re

from crawler.extract.dom import TEXT, Node
from crawler.extract.fold import fold

MAX_TITLE_CHARS = 80
MAX_TITLE_WORDS = 12
_BOLD = frozenset({"b", "strong"})
_TITLED = frozenset({"p", "ul", "ol", "dl", "pre", "table", "blockquote", "div"})
_PICTURE = re.compile(
    r"(?:figure|fig\.|image|photo|picture|screenshot|illustration|abbildung|abb\.|bild|figura)\s*\d", re.IGNORECASE
)
"""What names a numbered picture is its caption."""

_SENTENCE_END = re.compile(r"[.!;,…。！]$")


def bold_title(node: Node) -> str:
    """The title that a paragraph is; empty where it is none.

    All it says is in bold, short and no sentence, and something that is no such title comes after it.
    """
    title = _bold_line(node)
    if not title:
        return ""
    after = _next_element(node)
    return (
        title if after is not None and after.tag in _TITLED and after.text().strip() and not _bold_line(after) else ""
    )


def _bold_line(node: Node) -> str:
    first = node.first_child
    while first is not None and first.tag == TEXT and first.text().isspace():
        first = first.next
    if first is None or first.tag not in _BOLD:
        return ""
    child: Node | None = first
    while child is not None:
        if child.tag not in _BOLD and child.text().strip() not in ("", ":"):
            return ""
        child = child.next
    title = fold(node.text()).removesuffix(":").strip()
    is_short = len(title) <= MAX_TITLE_CHARS and len(title.split()) <= MAX_TITLE_WORDS and "\n" not in title
    is_title = is_short and any(letter.isalpha() for letter in title) and not _SENTENCE_END.search(title)
    return title if is_title and not _PICTURE.match(title) else ""


def _next_element(node: Node) -> Node | None:
    after: Node | None = node.next
    while after is not None and after.tag == TEXT and after.text().isspace():
        after = after.next
    return after
