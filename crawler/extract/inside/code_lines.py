"""The lines of code: told by line breaks or by elements, and without the numbers that pages draw beside them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from crawler.extract.dom import TEXT, Node, children, elements
from crawler.extract.elements import MAX_DEPTH
from crawler.extract.fold import LINE_BREAK, verbatim
from crawler.extract.inside.labels import has_label, is_label

_NUMBER_NAME = re.compile(
    r"(?:^|[\s_-])(?:ln|lnt|lno|lnr|ln-n|ln-numbers|linenos?|linenodiv|line-?num(?:ber)?s?|line-numbers-rows|blob-num|gutters?)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"[\d\s.:|…-]*")
_LINE_NAME = re.compile(
    r"(?:^|[\s_-])(?:(?:code|token|view|ec|hljs|cm|source|src)-?line|line|code-?row|row|cl)(?:$|\s)", re.IGNORECASE
)
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|table-row)")
_BLOCKS = frozenset({"div", "p", "li", "tr", "ol", "ul", "table", "pre", "section", "article"})
_LINES = frozenset({"div", "p", "li", "tr"})
"""An empty one is an empty line."""

_INSERTED = frozenset({"div", "span", "a", "button", "p"})
"""What pages put into code: labels of buttons and the like."""

_TAG = re.compile(r"<(\w[^>]*)>")
_COLOURED = re.compile(r'(?:pre|code|span|a|b|i|em|strong|tt|var)(?: (?:class|id|href|title)="[^"]*")*')
_CLASS = re.compile(r'class="([^"]*)"')
_BEGINS_WITH_NUMBER = re.compile(r"(?:^|\n)\s*\d")
_MIN_NUMBERS = 2
_CODE_CELL = re.compile(
    r"(?:^|[\s_-])(?:blob-code|code|hljs-ln-code|js-file-line|diff-line-code)(?:$|[\s_-])", re.IGNORECASE
)


def code_of(node: Node) -> str:
    """Code as written, line by line: line breaks and indentation stay, empty lines around it go."""
    child = node.first_child
    if child is not None and child.tag == TEXT and child.next is None:
        return verbatim(child.text())
    if _is_only_coloured(node):
        return verbatim(node.text())
    lines = _Lines(node)
    lines.below(node, 0)
    return verbatim("".join(lines.parts))


def _is_only_coloured(node: Node) -> bool:
    """Is this text whose lines end in line breaks, in elements that give words their colour and no more?

    So is nearly all code, and its text is taken at once. Seen in the markup; where in doubt the answer is no.
    """
    markup = node.html or ""
    if "<!--" in markup or has_label(markup) or not all(map(_gives_colour, set(_TAG.findall(markup)[1:]))):
        return False
    if markup.count("<code") > 1 or markup.find("<pre", 1) > 0 or node.css_first("span span span") is not None:
        return False
    text = node.text()
    return ("\n" in text.strip("\n") or node.css_first("span *") is None) and not _numbering(node, text)


@lru_cache(maxsize=4096)
def _gives_colour(tag: str) -> bool:
    """Is this the tag of an element without a line, a number or a label of its own?"""
    if _COLOURED.fullmatch(tag) is None:
        return False
    names = _CLASS.search(tag)
    return names is None or (_NUMBER_NAME.search(names[1]) is None and _LINE_NAME.search(names[1]) is None)


def has_numbers_only(pre: Node) -> bool:
    """Is this the column of line numbers beside code? They count up, and code stands in the next cell."""
    text = pre.text().replace(LINE_BREAK, "\n")
    if not _NUMBERS.fullmatch(text):
        return False
    cell = pre.parent
    while cell is not None and cell.tag not in ("td", "th", "body"):
        cell = cell.parent
    if cell is None or cell.tag == "body":
        return False
    beside = cell.next
    while beside is not None and beside.tag == TEXT:
        beside = beside.next
    return beside is not None and beside.css_first("pre,code") is not None and _counts(text.split())


def has_lines(code: Node) -> bool:
    """Is this ``code`` a block of lines without a ``pre`` around it, rather than words in a sentence?"""
    child = code.first_child
    return (
        child is not None and (child.tag != TEXT or child.next is not None) and code.css_first("div,li,tr") is not None
    )


def code_rows(table: Node) -> list[str] | None:
    """The lines of a table that shows code with a number before each line; None for any other table."""
    rows: list[list[Node]] = []
    for row in _rows(table):
        rows.append(list(_cells(row)))
        if len(rows[-1]) < 2:
            return None
    if not rows:
        return None
    if not all(_is_number(cell, cell.attributes) for row in rows for cell in row[:-1]):
        return None
    is_named = all(_CODE_CELL.search(row[-1].attributes.get("class") or "") for row in rows)
    return [code_of(row[-1]) for row in rows] if is_named else None


class _Lines:
    """Collects the text of code; begins a new line where the page shows one."""

    def __init__(self, node: Node) -> None:
        self.parts: list[str] = []
        self._is_broken = False
        self._numbers = _numbering(node, node.text())

    def below(self, node: Node, depth: int) -> None:
        """Add what stands below ``node``."""
        only = node.first_child
        if only is not None and only.tag == TEXT and only.next is None:
            # As nearly all words of coloured code are.
            self._add(only.text())
            return
        lines = _are_lines(node)
        for child in children(node):
            tag = child.tag or ""
            if tag == TEXT or depth > MAX_DEPTH:
                self._add(child.text())
            elif not tag.startswith("-"):
                self._element(child, tag, lines, depth)

    def _element(self, node: Node, tag: str, are_lines: bool, depth: int) -> None:
        attributes = node.attributes
        if node.mem_id in self._numbers or _is_number(node, attributes):
            return
        if tag in _INSERTED and is_label(node.text()) and (node.prev is None or node.next is None):
            return
        is_line = are_lines or tag in _BLOCKS or (tag == "code" and _is_like(node, node.prev))
        if not is_line and tag == "span":
            is_named = (
                _LINE_NAME.search(attributes.get("class") or "") is not None
                or "data-line" in attributes
                or _BLOCK_STYLE.search(attributes.get("style") or "") is not None
            )
            is_line = is_named and all(one is None or _is_like(node, one) for one in (node.prev, node.next))
        self._is_broken = self._is_broken or is_line
        if is_line and tag in _LINES and not node.text().strip("\n\r" + LINE_BREAK):
            self._add("\n")
            self._is_broken = False
            return
        if tag in _BLOCKS and _is_only_coloured(node):
            self._add(node.text())
        else:
            self.below(node, depth + 1)
        self._is_broken = self._is_broken or is_line

    def _add(self, text: str) -> None:
        if not text:
            return
        is_open = bool(self.parts) and not self.parts[-1].endswith(("\n", LINE_BREAK))
        if self._is_broken and is_open and (text == "\n" or not text.startswith(("\n", "\r", LINE_BREAK))):
            self.parts.append("\n")
        self._is_broken = False
        self.parts.append(text)


def _is_like(node: Node, other: Node | None) -> bool:
    """Is the sibling an element of the same kind?"""
    if other is None or other.tag != node.tag:
        return False
    names = [(one.attributes.get("class") or "").partition(" ")[0] for one in (node, other)]
    return names[0] == names[1]


def _is_number(node: Node, attributes: dict[str, str | None]) -> bool:
    """Is this named like a line number, and holds nothing else?"""
    named = _NUMBER_NAME.search(attributes.get("class") or "") or "data-line-number" in attributes
    return bool(named) and _NUMBERS.fullmatch(node.text()) is not None


def _numbering(code: Node, text: str) -> set[int]:
    """The elements that number the lines under whatever name: each begins a line, and they count up by one."""
    if not _BEGINS_WITH_NUMBER.search(text):
        return set()
    by_class: dict[str, list[Node]] = {}
    for node in code.css("span[class],a[id],a[class],i[class],em[class],b[class]"):
        said = node.text().strip()
        if said.isdigit() and _begins_line(node):
            by_class.setdefault(f"{node.tag} {node.attributes.get('class') or ''}", []).append(node)
    return {
        node.mem_id
        for nodes in by_class.values()
        if len(nodes) >= max(_MIN_NUMBERS, text.rstrip().count("\n") * 0.5) and _counts([n.text() for n in nodes])
        for node in nodes
    }


def _begins_line(node: Node) -> bool:
    """Is there nothing before it in its line?"""
    at: Node | None = node
    for _ in range(3):
        if at is None:
            return False
        before = at.prev
        if before is not None:
            return before.text().rstrip(" \t").endswith("\n") or before.tag in _BLOCKS
        if at.tag in ("pre", "code", "div", "li", "tr") or _LINE_NAME.search(at.attributes.get("class") or ""):
            return True
        at = at.parent
    return True


def _counts(said: list[str]) -> bool:
    numbers = [int(one) for one in (word.strip(" .:|") for word in said) if one.isdigit() and len(one) < 8]
    return len(numbers) == len(said) > 0 and all(b - a == 1 for a, b in pairwise(numbers))


def _are_lines(node: Node) -> bool:
    """Are the elements of code without any line break its lines? Then they are alike, nothing stands between them, and
    some hold elements themselves; coloured words of one line hold only text."""
    spans = list(elements(node))
    if len(spans) < 2 or any(span.tag != "span" for span in spans) or "\n" in node.text():
        return False
    if len({span.attributes.get("class") for span in spans}) > 1:
        return False
    has_text = any(child.tag == TEXT and child.text().strip() for child in children(node))
    return not has_text and any(next(elements(span), None) is not None for span in spans)


def _rows(table: Node) -> Iterator[Node]:
    """Its own, not those of tables within."""
    for child in elements(table):
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in elements(child) if row.tag == "tr")


def _cells(row: Node) -> Iterator[Node]:
    return (cell for cell in elements(row) if cell.tag in ("td", "th"))
