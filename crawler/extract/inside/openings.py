"""Places inside a text that links lead to: a name right before a paragraph opens it, as well as a heading is opened."""

import re

from crawler.extract.dom import TEXT, Node

_WORDY = re.compile(r"[A-Za-z][A-Za-z]{2,}(?:[_.:-][A-Za-z]+)*\d{0,2}")
"""A name that somebody gave. Names that programs number paragraphs by open only what the page itself leads to."""

_NOTES = re.compile(
    r"_?(?:fn|ft?n?ref|foot|footnotes?|noteref|notes?|endnotes?|edn|ftn|cite|citation|ref|bib|back|idx|index|top|id|sdfootnote)"
    r"(?:[\W_\d]|$)",
    re.IGNORECASE,
)
"""Notes, references and entries of an index: places to come back to, not to begin to read at."""

_MARKS = frozenset({"a", "span"})


class Openings:
    """Tells for the names of one page whether what follows them begins something. ``node`` is any of its elements."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._targets: frozenset[str] | None = None

    def opens(self, name: str, *, is_given: bool) -> bool:
        """Does ``name`` open what follows? ``is_given``: its element is there for nothing else."""
        if _NOTES.match(name):
            return False
        return (is_given and _WORDY.fullmatch(name) is not None) or name in self._linked()

    def _linked(self) -> frozenset[str]:
        """What links of the page itself lead to."""
        if self._targets is None:
            top = self._node
            while top.parent is not None and top.parent.tag is not None and not top.parent.tag.startswith("-"):
                top = top.parent
            hrefs = (link.attributes.get("href") or "" for link in top.css("a[href^='#']"))
            self._targets = frozenset(href[1:] for href in hrefs)
        return self._targets


def mark_before(node: Node) -> str | None:
    """The name in an empty element with which a paragraph begins."""
    first: Node | None = node.first_child
    while first is not None and first.tag == TEXT and first.text().isspace():
        first = first.next
    if first is None or first.tag not in _MARKS or first.text().strip():
        return None
    attributes = first.attributes
    return attributes.get("id") or attributes.get("name")
