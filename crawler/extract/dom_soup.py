"""Pages read by people's own rules: bs4 answers what ``dom.py`` asks, so that one extraction serves both."""

from collections.abc import Sequence
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, NavigableString, PageElement, PreformattedString
from soupsieve import SelectorSyntaxError

from crawler.errors import CrawlError
from crawler.extract.dom import TEXT

TAKEN_OUT = "-out"
"""The name of what was taken out, so that what is below it is known to be out as well."""

LEVELS_LOOKED_UP = 50


class SoupNode:
    """A ``Node`` over one bs4 element or string."""

    __slots__ = ("_element",)

    def __init__(self, element: PageElement) -> None:
        self._element = element

    @property
    def tag(self) -> str | None:
        """Lower-case name; ``-text`` for text, ``-comment`` for all that is neither text nor element."""
        if isinstance(self._element, Tag):
            return self._element.name.lower()
        return "-comment" if isinstance(self._element, Comment | PreformattedString) else TEXT

    @property
    def mem_id(self) -> int:
        """bs4 keeps its elements as long as the page, so their identity is a key."""
        return id(self._element)

    @property
    def first_child(self) -> Any:
        """The first node below."""
        contents = self._element.contents if isinstance(self._element, Tag) else []
        return SoupNode(contents[0]) if contents else None

    @property
    def next(self) -> Any:
        """The next sibling."""
        return _wrapped(self._element.next_sibling)

    @property
    def prev(self) -> Any:
        """The sibling before."""
        return _wrapped(self._element.previous_sibling)

    @property
    def parent(self) -> Any:
        """The element above."""
        return _wrapped(self._element.parent)

    @property
    def attributes(self) -> dict[str, str | None]:
        """Attributes; bs4's lists of classes and relations joined again."""
        attributes = self._element.attrs if isinstance(self._element, Tag) else {}
        return {k: " ".join(v) if isinstance(v, list) else str(v) for k, v in attributes.items()}

    @property
    def attrs(self) -> Any:
        """Attributes that can be deleted."""
        return self._element.attrs if isinstance(self._element, Tag) else {}

    @property
    def html(self) -> str:
        """The element and all below as markup."""
        return str(self._element)

    def text(self, deep: bool = True) -> str:
        """All text below, or only the element's own."""
        if isinstance(self._element, Tag) and not deep:
            return "".join(child for child in self._element.contents if type(child) is NavigableString)
        if isinstance(self._element, Tag):
            if self.tag in ("script", "style", "title"):
                return self._element.get_text()
            return self._element.get_text(types=(NavigableString,))
        return str(self._element)

    def css(self, query: str) -> list[Any]:
        """Elements below that match."""
        return [SoupNode(found) for found in self._element.select(query)] if isinstance(self._element, Tag) else []

    def css_first(self, query: str) -> Any:
        """The first match."""
        return _wrapped(self._element.select_one(query)) if isinstance(self._element, Tag) else None

    def decompose(self) -> None:
        """Take the element out; what is out already stays out."""
        if not _is_below_taken_out(self._element):
            self._element.extract()
        if isinstance(self._element, Tag):
            self._element.name = TAKEN_OUT

    def replace_with(self, value: str) -> None:
        """Put a text in its place."""
        self._element.replace_with(NavigableString(value))

    def insert_before(self, value: str) -> None:
        """Put a text right before it."""
        self._element.insert_before(NavigableString(value))

    def insert_after(self, value: str) -> None:
        """Put a text right behind it."""
        self._element.insert_after(NavigableString(value))


def _is_below_taken_out(element: PageElement) -> bool:
    """Whether an element right above is out already: taking out costs bs4 a step for each level of nesting below."""
    above = element.parent
    for _ in range(LEVELS_LOOKED_UP):
        if above is None:
            return False
        if above.name == TAKEN_OUT:
            return True
        above = above.parent
    return False


def _wrapped(element: PageElement | None) -> SoupNode | None:
    return None if element is None else SoupNode(element)


def parse_with_rules(html: str, content_selector: str | None, exclude_selectors: Sequence[str]) -> tuple[Any, Any]:
    """(root, content) of a page: what matches ``exclude_selectors`` is taken out of the content.

    The content is what ``content_selector`` matches, several elements in order; None when nothing matches or there is
    no such rule. Raises CrawlError for a selector that is not CSS.
    """
    soup = BeautifulSoup(html, "lxml")
    root = soup.html or soup
    chosen: Tag | None = None
    try:
        for selector in exclude_selectors:
            for element in root.select(selector):
                element.extract()
        found = list(root.select(content_selector)) if content_selector else []
    except SelectorSyntaxError as error:
        selectors = ", ".join((*exclude_selectors, content_selector or ""))
        raise CrawlError(
            f"{selectors!r} holds something that is not a CSS selector: {str(error).splitlines()[0]}",
            "Correct content_selector or exclude_selectors",
        ) from error
    if found:
        chosen = soup.new_tag("div")
        for element in found:
            if not any(other is not element and other in element.parents for other in found):
                chosen.append(element)
        (soup.body or root).append(chosen)
    return SoupNode(root), SoupNode(chosen) if chosen is not None else None
