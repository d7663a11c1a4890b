"""The few things extraction asks of a parsed page, so that two parsers can answer.

lexbor (through selectolax) reads every ordinary page: its nodes have these members as they are, so nothing is wrapped.
Pages for which people wrote CSS rules, and pages broken beyond all sense, are read by bs4 instead
(``crawler/extract/dom_soup.py``), whose selectors and tolerance are worth its price there.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

TEXT = "-text"


class Node(Protocol):
    """An element or a text node; the names are selectolax's."""

    @property
    def tag(self) -> str | None:
        """Lower-case name; ``-text`` for text."""
        ...

    @property
    def mem_id(self) -> int:
        """The same for every object that stands for one node of the page."""
        ...

    @property
    def first_child(self) -> Any:
        """The first node below, or None."""
        ...

    @property
    def next(self) -> Any:
        """The next sibling, or None."""
        ...

    @property
    def prev(self) -> Any:
        """The sibling before, or None."""
        ...

    @property
    def parent(self) -> Any:
        """The element above, or None."""
        ...

    @property
    def attributes(self) -> dict[str, str | None]:
        """Attributes; None for one without a value."""
        ...

    @property
    def attrs(self) -> Any:
        """Attributes that can be deleted."""
        ...

    @property
    def html(self) -> str | None:
        """The element and all below as markup."""
        ...

    def text(self, deep: bool = True) -> str:
        """All text below, as written; only that of its own text nodes unless ``deep``."""
        ...

    def css(self, query: str) -> list[Any]:
        """Elements below that match, in order."""
        ...

    def css_first(self, query: str) -> Any:
        """The first match, or None."""
        ...

    def decompose(self) -> None:
        """Take the node and everything below out of the page."""
        ...

    def replace_with(self, value: str) -> None:
        """Put a text in the node's place."""
        ...

    def insert_before(self, value: str) -> None:
        """Put a text right before the node."""
        ...

    def insert_after(self, value: str) -> None:
        """Put a text right behind the node."""
        ...


def children(node: Node) -> Iterator[Any]:
    """Elements and texts right below."""
    child = node.first_child
    while child is not None:
        yield child
        child = child.next


def elements(node: Node) -> Iterator[Any]:
    """Elements right below."""
    return (child for child in children(node) if not (child.tag or "-").startswith("-"))


def outermost(nodes: Sequence[Any]) -> list[Any]:
    """Those that do not stand inside another one. What is below a node is gone with it, so choose before changing."""
    keys = {node.mem_id for node in nodes}
    return [node for node in nodes if not _has_above(node, keys)]


def _has_above(node: Node, keys: set[int]) -> bool:
    above = node.parent
    while above is not None:
        if above.mem_id in keys:
            return True
        above = above.parent
    return False


MAX_NESTING = 1500
"""Browsers flatten what is nested deeper than 512 elements; lexbor's time grows with tags times depth. Elements that
old pages never close are counted as nested although they are not, hence the room."""

FLAT_NESTING = 256
"""As deep as libxml2 follows by itself; asking each element for all below it takes the square of the depth."""

HARMLESS_TAGS = 15_000
"""Fewer tags cost the parser less than half a second however they are nested."""

MAX_TAG_BYTES = 30_000
_LONG_TAG = re.compile(rb"<[a-z](?=[^<>]{%d})(?:[^<>\s]*\s){2000}[^<>]*>?" % MAX_TAG_BYTES, re.IGNORECASE)
"""Its time also grows with the square of an element's attributes. Long values alone (data URLs) do no harm."""

_NESTING = re.compile(
    rb"<(/?)(?!(?:a|p|li|t[rdh]|d[td]|t?body|thead|tfoot|option|br|hr|img|input|link|meta|col|wbr|area|html|head|source)\b)"
    rb"[a-z][^<>]*?(/?)>",
    re.IGNORECASE,
)
"""Opening, closing and (in SVG) self-closing tags, but for elements that end by themselves."""


def parse(markup: bytes) -> Node:
    """The root element of a page in UTF-8, parsed by the rules of the HTML standard; never raises for bad markup.

    A tag of thousands of attributes is left out.
    """
    if len(markup) > MAX_TAG_BYTES and max(map(len, markup.split(b"<"))) > MAX_TAG_BYTES:
        markup = _LONG_TAG.sub(b"", markup)
    root = LexborHTMLParser(markup, options=LexborDocumentOptions.WO_EVENTS).root
    assert root is not None, "the standard gives every page an html element"
    return root


def seems_too_nested(markup: bytes) -> bool:
    """Would lexbor perhaps take minutes? Such a page is better read by the other parser, whose depth is bounded."""
    if markup.count(b"<") < HARMLESS_TAGS:
        return False
    depth = 0
    for tag in _NESTING.finditer(markup):
        if tag[1]:
            depth = max(0, depth - 1)
        elif not tag[2]:
            depth += 1
            if depth > MAX_NESTING:
                return True
    return False


def flattened(markup: bytes) -> bytes:
    """Without the tags that nest deeper than ``FLAT_NESTING``; what stands in them stays."""
    depth = 0

    def kept(tag: "re.Match[bytes]") -> bytes:
        nonlocal depth
        is_deep = depth > FLAT_NESTING
        if tag[1]:
            depth = max(0, depth - 1)
        elif not tag[2]:
            depth += 1
            is_deep = depth > FLAT_NESTING
        return b" " if is_deep else tag[0]

    return _NESTING.sub(kept, markup)
