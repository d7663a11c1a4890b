"""From the elements of a page's content to sections of readable text, and the blocks that the text is made of.

Paragraphs are one line each, list items one line each, table rows one line with `` | `` between cells, code as written.
Headings open sections; so does every ``dt`` with an id, because reference pages describe one function or option there,
and a paragraph that is a title in bold.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from crawler.block import Block, BlockKind
from crawler.extract.code import language_of
from crawler.extract.dom import TEXT, Node
from crawler.extract.elements import BLOCKS, INLINE, INLINE_LEAVES, MAX_DEPTH, SKIPPED, stands_in_text
from crawler.extract.fold import LINE_BREAK, fold
from crawler.extract.inside.code_lines import code_of, code_rows, has_lines, has_numbers_only
from crawler.extract.inside.labels import HEADING_MARKS
from crawler.extract.inside.openings import Openings, mark_before
from crawler.extract.inside.titles import bold_title
from crawler.extract.lists import ListCount, numbering
from crawler.extract.pieces import Holder, Pieces
from crawler.extract.tables import is_layout, read_rows
from crawler.page import Section

MAX_HEADING_CHARS = 200
TITLE_LEVEL = 7
"""Paragraphs that are titles stand below h6."""

DEFINITION_LEVEL = 8
"""``dt`` headings stand below those; a list inside a definition counts one more."""

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
LISTS = frozenset({"ul", "ol", "menu"})
HOLDERS = frozenset({"li", "dt", "dd", "td", "th", "blockquote", "figcaption"})
"""Text in these elements is something else than around them."""

STRAY = {"li": BlockKind.LIST_ITEM, "dt": BlockKind.TERM}
"""Without their list around them, as on old pages."""


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    title: str
    anchor: str | None


@dataclass(slots=True)
class _Definitions:
    """A definition list while it is read: the terms that the next definition is of."""

    group: int
    depth: int
    line: int
    level: int
    terms: list[str] = field(default_factory=list)
    is_term_open: bool = False
    has_sections: bool = False


def read_sections(
    root: Node, leaves_out: Callable[[Node, str, Mapping[str, str | None]], bool], others: Sequence[Node] = ()
) -> tuple[Section, ...]:
    """Sections of the content below ``root``, and below ``others`` after it, in reading order and with offsets.

    ``leaves_out(element, tag, attributes)`` says whether an element is left out with all it holds.
    """
    walk = _Walk(leaves_out, Openings(root))
    for part in (root, *others):
        for line_break in part.css("br"):
            line_break.replace_with(LINE_BREAK)
        walk.children(part, 0)
        walk.end_block()
    walk.end_section()
    if not walk.pieces.sections:
        walk.say_headings()
    return tuple(walk.pieces.sections)


class _Walk:
    def __init__(self, leaves_out: Callable[[Node, str, Mapping[str, str | None]], bool], openings: Openings) -> None:
        self.pieces = Pieces()
        self._leaves_out = leaves_out
        self._path: list[_Heading] = []
        self._new_headings: list[_Heading] = []
        self._inline: list[str] = []
        self._pending_id: str | None = None
        self._openings = openings
        self._opening: tuple[str, bool] | None = None
        self._opened: str | None = None
        self._holder = Holder()
        self._lists: list[ListCount] = []
        self._groups = 0
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
        self._end_pieces()

    def _end_pieces(self) -> None:
        levels = [one.level for one in self._path if one.level < TITLE_LEVEL and one in self._new_headings]
        path = tuple(heading.title for heading in self._path if heading.title)
        anchor = self._opened or (self._path[-1].anchor if self._path else None)
        if self.pieces.end_section(levels, path, anchor):
            self._new_headings = []
        self._opened = None

    def say_headings(self) -> None:
        """Take headings for text: they are all that the page says."""
        for heading in self._new_headings:
            self.pieces.add(heading.title, Holder())
        self.pieces.end_section([], (), None)

    def end_block(self) -> None:
        """Close the current paragraph."""
        if self._inline:
            text = fold("".join(self._inline))
            self._inline = []
            self._add(text)

    def _element(self, node: Node, tag: str, depth: int) -> None:
        if tag in INLINE_LEAVES and not (tag == "code" and has_lines(node)):
            self._inline.append(node.text())
        elif tag in INLINE:
            self._inline_element(node, depth)
        elif tag in SKIPPED:
            return
        elif tag in HEADINGS:
            self._heading(node, HEADINGS[tag])
        elif tag == "p":
            self._paragraph(node)
        elif tag in ("pre", "code"):
            self.end_block()
            self._code(node)
        elif tag == "table":
            self.end_block()
            self._table(node, depth)
        elif tag == "dl":
            self._definition_list(node, depth)
        elif tag not in BLOCKS and stands_in_text(node, bool(self._inline)):
            self._inline_element(node, depth)
        else:
            self._container(node, tag, depth)

    def _paragraph(self, node: Node) -> None:
        self.end_block()
        attributes = node.attributes
        if self._leaves_out(node, "p", attributes):
            return
        if name := attributes.get("id") or mark_before(node):
            self._opening = name, True
        if title := self._title(node):
            self._open_title(title)
        self._add(fold(node.text()))

    def _inline_element(self, node: Node, depth: int) -> None:
        attributes = node.attributes
        if attributes:
            if self._leaves_out(node, node.tag or "", attributes):
                return
            if name := attributes.get("id") or attributes.get("name"):
                self._pending_id = name
                if not self._inline:
                    self._opening = name, node.tag == "a"
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
            self._opening = name, tag in ("blockquote", "figure", "section")
        titled = self._path[-1] if self._path and self._path[-1].level == TITLE_LEVEL else None
        if tag in HOLDERS:
            if tag == "blockquote":
                self._begin()
            self._within(self._holder_of(tag, attributes), node, depth)
        elif tag in LISTS:
            self._list(node, tag, attributes, depth)
        else:
            self.children(node, depth)
            self.end_block()
        self._close_title(titled)

    def _within(self, holder: Holder, node: Node, depth: int) -> None:
        """Walk what is below ``node``; its text is part of ``holder``."""
        around, self._holder = self._holder, holder
        self.children(node, depth)
        self.end_block()
        self._holder = around

    def _list(self, node: Node, tag: str, attributes: Mapping[str, str | None], depth: int) -> None:
        if not self._lists:
            self._begin()
        around = self._lists[-1] if self._lists and self._holder.line else None
        group, level = (around.group, around.depth + 1) if around else (self._new_group(), 0)
        line = self._holder.line or group
        self._lists.append(ListCount(group, level, line, *numbering(node, tag, attributes)))
        self.children(node, depth)
        self.end_block()
        self._lists.pop()

    def _holder_of(self, tag: str, attributes: Mapping[str, str | None]) -> Holder:
        around = self._holder
        if tag == "li" and self._lists:
            one = self._lists[-1]
            number = one.next(attributes.get("value"))
            return Holder(BlockKind.LIST_ITEM, one.group, one.depth, number, line=one.line)
        if tag in STRAY:
            return Holder(STRAY[tag], line=around.line or self._new_group())
        if tag == "blockquote":
            is_nested = around.kind is BlockKind.QUOTATION
            group, depth = (around.group, around.depth + 1) if is_nested else (self._new_group(), 0)
            return Holder(BlockKind.QUOTATION, group, depth, line=around.line)
        if tag == "figcaption":
            return Holder(BlockKind.CAPTION, line=around.line)
        return Holder(BlockKind.DEFINITION if tag == "dd" else BlockKind.PARAGRAPH)

    def _heading(self, node: Node, level: int) -> None:
        title = fold(node.text()).replace("\n", " ").strip(HEADING_MARKS)[:MAX_HEADING_CHARS]
        self.end_section()
        if title:
            self._open(_Heading(level, title, self._anchor_of(node)))

    def _title(self, node: Node) -> str:
        """What a paragraph is the title of in bold: a part of the page, or an item of a list that is in no other."""
        is_inside = self._definitions or self._holder.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
        is_deep = self._holder.depth or len(self._lists) > 1
        is_begun = self._holder.is_begun or self._inline
        return "" if is_inside or is_deep or is_begun else bold_title(node)

    def _open_title(self, title: str) -> None:
        """The title stays in the text, too; what follows keeps the address of the heading above."""
        name = self._opening[0] if self._opening else None
        self.end_section()
        while self._path and self._path[-1].level >= TITLE_LEVEL:
            self._path.pop()
        anchor = name or (self._path[-1].anchor if self._path else None)
        self._open(_Heading(TITLE_LEVEL, title, anchor))

    def _close_title(self, around: _Heading | None) -> None:
        """End what a title within an element has opened: it heads nothing after the element."""
        last = self._path[-1] if self._path else None
        if last is not None and last.level == TITLE_LEVEL and last is not around:
            self.end_section()
            self._path.pop()
            if around is not None:
                self._path.append(around)

    def _open(self, heading: _Heading) -> None:
        while self._path and self._path[-1].level >= heading.level:
            self._path.pop()
        self._path.append(heading)
        self._new_headings.append(heading)
        self._pending_id = self._opening = None

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
        if not self._definitions:
            self._begin()
        around = self._holder
        is_nested = around.kind is BlockKind.DEFINITION
        group, level = (around.group, around.depth + 1) if is_nested else (self._new_group(), 0)
        terms = _Definitions(group, level, around.line or group, DEFINITION_LEVEL + self._definitions)
        above = list(self._path)
        self._definitions += 1
        self._definitions_below(node, terms, depth)
        self._definitions -= 1
        self.end_block()
        if terms.has_sections:
            self.end_section()
            self._path = above
            self._pending_id = None

    def _definitions_below(self, node: Node, terms: _Definitions, depth: int) -> None:
        child = node.first_child
        while child is not None:
            tag = child.tag
            if tag == "dt":
                self._term(child, terms)
            elif tag == "dd":
                holder = Holder(BlockKind.DEFINITION, terms.group, terms.depth, term=", ".join(terms.terms))
                self._definition(child, holder, depth + 1)
                terms.is_term_open = False
            elif tag == "div" and depth < MAX_DEPTH and child.css_first("dt,dd") is not None:
                # A pair of term and definition may be wrapped together.
                if not self._leaves_out(child, tag, child.attributes):
                    self._definitions_below(child, terms, depth + 1)
            elif tag != TEXT:
                self._element(child, tag or "", depth + 1)
            child = child.next

    def _term(self, node: Node, terms: _Definitions) -> None:
        self.end_block()
        text = fold(node.text())
        name = node.attributes.get("id")
        if not terms.is_term_open:
            terms.terms = []
            if name:
                self.end_section()
                if text:
                    self._open(_Heading(terms.level, text.replace("\n", " ")[:MAX_HEADING_CHARS], name))
                terms.has_sections = True
        terms.is_term_open = True
        if text:
            terms.terms.append(text.replace("\n", " "))
            self._put(text, Block(BlockKind.TERM, 0, 0, terms.group, terms.depth), terms.line)

    def _definition(self, node: Node, holder: Holder, depth: int) -> None:
        if depth > MAX_DEPTH:
            self._add(fold(node.text()))
        elif not self._leaves_out(node, "dd", node.attributes):
            if name := node.attributes.get("id"):
                self._pending_id = name
            self._within(holder, node, depth)

    def _code(self, node: Node) -> None:
        if (text := code_of(node)) and not has_numbers_only(node):
            holder = self._holder
            self._put(text, Block(BlockKind.CODE, 0, 0, holder.group, holder.depth, language=language_of(node)))

    def _table(self, node: Node, depth: int) -> None:
        if depth > MAX_DEPTH:
            self._add(fold(node.text()))
        elif (lines := code_rows(node)) is not None:
            if text := "\n".join(lines).strip("\n"):
                holder = self._holder
                self._put(text, Block(BlockKind.CODE, 0, 0, holder.group, holder.depth, language=language_of(node)))
        elif is_layout(node):
            self._container(node, "table", depth)
        elif not self._leaves_out(node, "table", node.attributes):
            group = self._new_group()
            caption = ""
            for element in node.css("caption"):
                if caption := fold(element.text()):
                    self._put(caption, Block(BlockKind.CAPTION, 0, 0, group), group if self._holder.line else 0)
            caption = caption.replace("\n", " ")
            for row in read_rows(node):
                like = Block(
                    BlockKind.TABLE_ROW,
                    0,
                    0,
                    group,
                    columns=row.columns,
                    is_header=row.is_header,
                    row_header=row.row_header,
                    caption=caption,
                )
                self._put(row.text, like, group)

    def _new_group(self) -> int:
        self._groups += 1
        return self._groups

    def _add(self, text: str) -> None:
        if text:
            self._begin()
            self.pieces.add(text, self._holder)
            self._pending_id = None

    def _put(self, text: str, like: Block, line: int = 0) -> None:
        self._begin()
        self.pieces.put(text, like, line)
        self._pending_id = None

    def _begin(self) -> None:
        """Begin a section at a name that opens what comes now; lists, tables and quotations stay whole."""
        if self._opening is None:
            return
        name, is_given = self._opening
        self._opening = None
        holder = self._holder
        is_inside = holder.line or holder.group or self._lists or self._definitions
        # A heading that waits for its text keeps its own address.
        is_headed = self.pieces.is_empty and self._new_headings and self._path[-1].anchor is not None
        if not is_inside and not is_headed and self._openings.opens(name, is_given=is_given):
            if not self.pieces.is_empty:
                self._end_pieces()
            self._opened = name
