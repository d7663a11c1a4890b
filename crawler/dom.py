"""The few things extraction asks of a parsed page, so that two parsers can answer.

lexbor (through selectolax) reads every ordinary page: its nodes have these members as they are, so nothing is wrapped.
Pages for which people wrote CSS rules are read by bs4 instead (``crawler/dom_soup.py``), whose selectors and tolerance
are worth its price there.
"""

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
    def first_child(self) -> Any:
        """The first node below, or None."""
        ...

    @property
    def next(self) -> Any:
        """The next sibling, or None."""
        ...

    @property
    def parent(self) -> Any:
        """The element above, or None."""
        ...

    @property
    def attributes(self) -> dict[str, str | None]:
        """Attributes; None for one without a value."""
        ...

    def text(self) -> str:
        """All text below, as written."""
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


def parse(markup: bytes) -> Node:
    """The root element of a page in UTF-8, parsed by the rules of the HTML standard; never raises for bad markup."""
    root = LexborHTMLParser(markup, options=LexborDocumentOptions.WO_EVENTS).root
    assert root is not None, "the standard gives every page an html element"
    return root
