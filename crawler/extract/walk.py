"""From the elements of a page's content to sections of readable text.

Paragraphs are one line each, list items one line each, table rows one line with `` | `` between cells, code as written.
Headings open sections; so does every ``dt`` with an id, because reference pages describe one function or option there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import unquote

from crawler.extract.dom import TEXT, Node
from crawler.extract.elements import INLINE, INLINE_LEAVES, MAX_DEPTH, SKIPPED
from crawler.extract.fold import LINE_BREAK, fold, verbatim
from crawler.extract.tables import cells_of, is_layout
from crawler.page import Section, place_sections

MAX_HEADING_CHARS = 200
DEFINITION_LEVEL = 7
"""``dt`` headings stand below h6; a list inside a definition counts one more."""

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
LISTS = frozenset({"ul", "ol", "menu"})
LINES = {"li": True, "dt": True, "dd": False, "td": False, "th": False}
"""Is the text of this element a line of a list? Elements not named here leave it as it is around them."""


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    title: str
    anchor: str | None


@dataclass(frozen=True, slots=True)
class _Block:
    """``group``: the list or table it is a line of, so that one line break separates the two; 0 for a paragraph."""

    text: str
    group: int = 0


def read_sections(
    root: Node, leaves_out: Callable[[Node, str, Mapping[str, str | None]], bool], others: Sequence[Node] = ()
) -> tuple[Section, ...]:
    """Sections of the content below ``root``, and below ``others`` after it, in reading order and with offsets.

    ``leaves_out(element, tag, attributes)`` says whether an element is left out with all it holds.
    """
    walk = _Walk(leaves_out)
    for part in (root, *others):
        for line_break in part.css("br"):
            line_break.replace_with(LINE_BREAK)
        walk.children(part, 0)
        walk.end_block()
    walk.end_section()
    return place_sections(walk.sections)


class _Walk:
    def __init__(self, leaves_out: Callable[[Node, str, Mapping[str, str | None]], bool]) -> None:
        self._leaves_out = leaves_out
        self.sections: list[Section] = []
        self._path: list[_Heading] = []
        self._blocks: list[_Block] = []
        self._inline: list[str] = []
        self._pending_id: str | None = None
        self._is_line = False
        self._group = 0
        self._definitions = 0

    def children(self, node: Node, depth: int) -> None:
        """Walk everything below ``node``."""
        child = node.first_child
        while child is not None:
            tag = child.tag
            if tag == TEXT:
                text = child.text()
                if self._inline or not text.isspace():
                    self._inline.append(text)
            else:
                self._element(child, tag or "", depth + 1)
            child = child.next

    def end_section(self) -> None:
        """Close the current section; what follows is a new one."""
        self.end_block()
        if self._blocks:
            parts = [self._blocks[0].text]
            for before, block in pairwise(self._blocks):
                parts += ("\n" if block.group and before.group == block.group else "\n\n", block.text)
            path = tuple(heading.title for heading in self._path if heading.title)
            self.sections.append(Section("".join(parts), path, self._path[-1].anchor if self._path else None))
            self._blocks = []

    def _element(self, node: Node, tag: str, depth: int) -> None:
        if tag in INLINE_LEAVES:
            self._inline.append(node.text())
        elif tag in INLINE:
            self._inline_element(node, depth)
        elif tag in SKIPPED:
            return
        elif tag in HEADINGS:
            self._heading(node, HEADINGS[tag])
        elif tag == "p":
            self.end_block()
            attributes = node.attributes
            if not self._leaves_out(node, tag, attributes):
                self._add(fold(node.text()))
        elif tag == "pre":
            self.end_block()
            self._add(verbatim(node), is_line=False)
        elif tag == "table":
            self.end_block()
            self._table(node, depth)
        elif tag == "dl":
            self._definition_list(node, depth)
        else:
            self._container(node, tag, depth)

    def _inline_element(self, node: Node, depth: int) -> None:
        attributes = node.attributes
        if attributes:
            if self._leaves_out(node, node.tag or "", attributes):
                return
            if name := attributes.get("id") or attributes.get("name"):
                self._pending_id = name
        child = node.first_child
        if child is None:
            return
        if (child.tag == TEXT and child.next is None) or depth > MAX_DEPTH:
            self._inline.append(node.text())
        else:
            self.children(node, depth)

    def _container(self, node: Node, tag: str, depth: int) -> None:
        self.end_block()
        if depth > MAX_DEPTH:
            self._add(fold(node.text()))
            return
        attributes = node.attributes
        if self._leaves_out(node, tag, attributes):
            return
        if name := attributes.get("id"):
            # An id right before a heading is the heading's address, as Sphinx and old pages write it.
            self._pending_id = name
        was_line = self._is_line
        self._is_line = LINES.get(tag, was_line)
        if tag in LISTS and not was_line:
            self._group += 1
        self.children(node, depth)
        self.end_block()
        self._is_line = was_line

    def _heading(self, node: Node, level: int) -> None:
        title = fold(node.text()).replace("\n", " ")[:MAX_HEADING_CHARS]
        self.end_section()
        if title:
            self._open(_Heading(level, title, self._anchor_of(node)))

    def _open(self, heading: _Heading) -> None:
        while self._path and self._path[-1].level >= heading.level:
            self._path.pop()
        self._path.append(heading)
        self._pending_id = None

    def _anchor_of(self, node: Node) -> str | None:
        own = node.attributes.get("id")
        if own:
            return own
        inner_id: str | None = None
        for inner in node.css("a[href^='#'],[id],a[name]"):
            attributes = inner.attributes
            target = attributes.get("href") or ""
            if len(target) > 1 and target[0] == "#" and inner.first_child is None:
                return unquote(target[1:])
            inner_id = inner_id or attributes.get("id") or attributes.get("name")
        return inner_id or self._pending_id

    def _definition_list(self, node: Node, depth: int) -> None:
        self.end_block()
        if not self._is_line:
            self._group += 1
        above = list(self._path)
        level = DEFINITION_LEVEL + self._definitions
        self._definitions += 1
        is_term_open = opened = False
        child = node.first_child
        while child is not None:
            tag = child.tag
            if tag == "dt":
                if child.attributes.get("id") and not is_term_open:
                    self._term(child, level)
                    opened = True
                else:
                    self.end_block()
                    self._add(fold(child.text()), is_line=True)
                is_term_open = True
            elif tag == "dd":
                self._container(child, "dd", depth + 1)
                is_term_open = False
            elif tag != TEXT:
                self._element(child, tag or "", depth + 1)
            child = child.next
        self._definitions -= 1
        if opened:
            self.end_section()
            self._path = above
            self._pending_id = None

    def _term(self, node: Node, level: int) -> None:
        signature = fold(node.text())
        self.end_section()
        if signature:
            self._open(_Heading(level, signature.replace("\n", " ")[:MAX_HEADING_CHARS], node.attributes.get("id")))
            self._add(signature)

    def _table(self, node: Node, depth: int) -> None:
        if depth > MAX_DEPTH:
            self._add(fold(node.text()))
        elif is_layout(node):
            self._container(node, "table", depth)
        elif not self._leaves_out(node, "table", node.attributes):
            self._group += 1
            for caption in node.css("caption"):
                self._add(fold(caption.text()))
            for row in node.css("tr"):
                self._add(" | ".join(cells) if any(cells := cells_of(row)) else "", is_line=True)

    def end_block(self) -> None:
        """Close the current paragraph."""
        if self._inline:
            text = fold("".join(self._inline))
            self._inline = []
            self._add(text)

    def _add(self, text: str, is_line: bool | None = None) -> None:
        if text:
            is_line = self._is_line if is_line is None else is_line
            self._blocks.append(_Block(text, self._group if is_line else 0))
            self._pending_id = None
