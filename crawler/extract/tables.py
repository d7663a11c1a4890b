"""Tables: which hold data, and what stands in their cells."""

from crawler.extract.dom import TEXT, Node
from crawler.extract.elements import INLINE, INLINE_LEAVES, MAX_DEPTH, SKIPPED
from crawler.extract.fold import LINE_BREAK, fold

BLOCK_QUERY = "p,div,ul,ol,dl,table,pre,li,h1,h2,h3,h4,h5,h6,blockquote,section,br"


def cells_of(row: Node) -> list[str]:
    """The texts of a row's cells, in order."""
    cells = []
    cell = row.first_child
    while cell is not None:
        if cell.tag in ("td", "th"):
            cells.append(flat(cell))
        cell = cell.next
    return cells


def flat(node: Node) -> str:
    """Text on one line; blocks inside are set apart by a blank."""
    for block in node.css(BLOCK_QUERY):
        if block.tag != node.tag:
            return fold(" ".join(_pieces(node, 0)).replace(LINE_BREAK, " "))
    return fold(node.text()).replace("\n", " ")


def _pieces(node: Node, depth: int) -> list[str]:
    pieces: list[str] = []
    line: list[str] = []
    child = node.first_child
    while child is not None:
        tag = child.tag or ""
        if tag == TEXT or tag in INLINE_LEAVES or (tag in INLINE and child.css_first("div,p,ul,table") is None):
            line.append(child.text())
        elif tag not in SKIPPED:
            pieces.append("".join(line))
            line = []
            pieces += _pieces(child, depth + 1) if depth < MAX_DEPTH else [child.text()]
        child = child.next
    return [*pieces, "".join(line)]


def is_layout(table: Node) -> bool:
    """Is this table only there to place things? It holds other blocks, or has one row of cells at most and no head."""
    attributes = table.attributes
    if attributes.get("role") in ("presentation", "none"):
        return True
    if table.css_first("h1,h2,h3,h4,h5,h6,dl,table table,td pre") is not None:
        return True
    if table.css_first("thead th") is not None:
        return False
    rows = 0
    for row in table.css("tr"):
        rows += row.css_first("td + td,th + td,th + th,td + th") is not None
        if rows > 1:
            return False
    return True
