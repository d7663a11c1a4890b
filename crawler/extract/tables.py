"""Tables: which hold data, and what their rows say."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from crawler.block import CELL_SEPARATOR, row_text
from crawler.extract.dom import TEXT, Node, children, elements
from crawler.extract.elements import INLINE, INLINE_LEAVES, MAX_DEPTH, NOTES, SKIPPED
from crawler.extract.fold import LINE_BREAK, fold

BLOCK_QUERY = "p,div,ul,ol,dl,table,pre,li,h1,h2,h3,h4,h5,h6,blockquote,section,br"
HEADINGS = "h1,h2,h3,h4,h5,h6"

MAX_CELL_CHARS = 200
"""A cell with a heading, or in a table of one row, that says more than this is a part of the page, not of a table."""

MAX_NAME_CHARS = 60
MAX_VALUE_CHARS = 1000
"""As long as a name and what is said of it are where a table has but one row."""

COLUMN_QUERY = "p + p,div + div,div p,ul,ol,form,section"
"""What stands in the columns of a page, and not in cells."""

MAX_REPEATED_CHARS = 100
"""A cell over several rows is said in each of them, as it is read; a longer one only in its first."""

MAX_NOTE_ROWS = 2
"""A note has its name above it or beside it."""

MAX_SPAN = 1000
"""HTML allows no larger ``colspan``; rows have no such limit, but a longer table is no table for readers."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its text, a name of the column for each of its cells, and the text of the cells that head it."""

    text: str
    columns: tuple[str, ...] = ()
    is_header: bool = False
    row_header: str = ""


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    width: int
    is_header: bool
    is_repeated: bool = False


@dataclass(slots=True)
class _Grid:
    """Cells that reach down from the rows above: by column, the cell and for how many rows more.

    ``room``: so many characters may be said again, lest a small page makes an endless text.
    """

    room: int
    below: dict[int, tuple[_Cell, int]] = field(default_factory=dict)

    def row(self, row: Node) -> list[_Cell]:
        """The cells of a row, in the order of their columns."""
        below, self.below = self.below, {}
        found: list[_Cell] = []
        column = 0
        for cell in _cells(row):
            column = self._fill(found, below, column)
            attributes = cell.attributes
            one = _Cell(flat(cell), _span(attributes.get("colspan")), _is_header(cell.tag or "", attributes))
            found.append(one)
            # A span of 0 reaches to the end of the table.
            rows = attributes.get("rowspan")
            if rows is not None and (more := (MAX_SPAN if rows.strip() == "0" else _span(rows)) - 1):
                text = one.text if len(one.text) <= MAX_REPEATED_CHARS else ""
                self.below[column] = (_Cell(text, one.width, one.is_header, True), more)
            column += one.width
        self._fill(found, below, column)
        for start, (above, left) in below.items():
            # What no cell of this row has come to stands further right.
            if start >= column and start not in self.below:
                self._say_again(found, above)
                if left > 1:
                    self.below[start] = (above, left - 1)
        return found

    def _say_again(self, found: list[_Cell], cell: _Cell) -> None:
        self.room -= len(cell.text) + len(CELL_SEPARATOR)
        if self.room >= 0:
            found.append(cell)

    def _fill(self, found: list[_Cell], below: dict[int, tuple[_Cell, int]], column: int) -> int:
        """Put the cells from above that stand at ``column`` and next to it; returns the next free column."""
        while column in below:
            cell, left = below.pop(column)
            self._say_again(found, cell)
            if left > 1:
                self.below[column] = (cell, left - 1)
            column += cell.width
        return column


def read_rows(table: Node) -> Iterator[Row]:
    """The rows of a table of data that say something, in order.

    Header rows are those of ``thead``, or the first ones that hold nothing but ``th``, or a first row that alone is all
    bold. Several of them name a column together; one further down names the columns of what follows it.
    """
    grid = _Grid(len(table.text()))
    rows = [(row, grid.row(row)) for row in table.css("tr")]
    heads = list(_heads(rows))
    names: list[list[str]] = []
    known: dict[tuple[int, ...], tuple[str, ...]] = {}
    was_head = False
    for (_, cells), is_head in zip(rows, heads, strict=True):
        if is_head:
            names = _named(names if was_head else [], cells)
            known = {}
            # A header cell over two rows is read once; below it only the names of columns count.
            text = row_text([cell.text for cell in cells if not cell.is_repeated])
            if text:
                yield Row(text, is_header=True)
        elif text := row_text([cell.text for cell in cells]):
            widths = tuple(cell.width for cell in cells)
            if widths not in known:
                known[widths] = _columns(names, widths)
            yield Row(text, known[widths], False, " ".join(c.text for c in cells if c.is_header and c.text))
        was_head = is_head


def _heads(rows: list[tuple[Node, list[_Cell]]]) -> Iterator[bool]:
    """For each row: does it name columns?"""
    has_data = any(not all(cell.is_header for cell in cells) for _, cells in rows)
    is_bold = [bool(cells) and len(cells) > 1 and _is_bold(row) for row, cells in rows]
    has_bold_head = len(rows) > 1 and is_bold[0] and not any(is_bold[1:])
    for i, (row, cells) in enumerate(rows):
        if row.parent is not None and row.parent.tag == "thead":
            yield True
        elif len(cells) > 1 and all(cell.is_header for cell in cells):
            yield has_data or i == 0
        else:
            yield i == 0 and has_bold_head


def _is_bold(row: Node) -> bool:
    said = [cell for cell in _cells(row) if cell.text().strip()]
    return bool(said) and all(
        (bold := cell.css_first("b,strong")) is not None and bold.text().strip() == cell.text().strip() for cell in said
    )


def _named(names: list[list[str]], cells: list[_Cell]) -> list[list[str]]:
    """By column, the texts of the header cells above it, each once."""
    column = 0
    for cell in cells:
        for at in range(column, min(column + cell.width, MAX_SPAN)):
            names.extend([] for _ in range(at + 1 - len(names)))
            if cell.text and cell.text not in names[at]:
                names[at].append(cell.text)
        column += cell.width
    return names


def _columns(names: list[list[str]], widths: tuple[int, ...]) -> tuple[str, ...]:
    """The name of the column of each cell; of several columns all their names."""
    if not names:
        return ()
    found = []
    column = 0
    for width in widths:
        own = [" ".join(words) for words in names[column : column + width]]
        found.append(", ".join(dict.fromkeys(filter(None, own))))
        column += width
    return tuple(found)


def _is_header(tag: str, attributes: dict[str, str | None]) -> bool:
    return tag == "th" or attributes.get("scope") in ("row", "col", "rowgroup", "colgroup")


def _span(value: str | None) -> int:
    text = (value or "").strip()
    return min(int(text), MAX_SPAN) or 1 if text.isascii() and text.isdigit() else 1


def _cells(row: Node) -> Iterator[Node]:
    return (cell for cell in elements(row) if cell.tag in ("td", "th"))


def flat(node: Node) -> str:
    """Text on one line; blocks inside are set apart by a blank."""
    for block in node.css(BLOCK_QUERY):
        if block.tag != node.tag:
            return fold(" ".join(_pieces(node, 0)).replace(LINE_BREAK, " "))
    return fold(node.text()).replace("\n", " ")


def _pieces(node: Node, depth: int) -> list[str]:
    pieces: list[str] = []
    line: list[str] = []
    for child in children(node):
        tag = child.tag or ""
        if tag == TEXT or tag in INLINE_LEAVES or (tag in INLINE and child.css_first("div,p,ul,table") is None):
            line.append(child.text())
        elif tag not in SKIPPED:
            pieces.append("".join(line))
            line = []
            pieces += _pieces(child, depth + 1) if depth < MAX_DEPTH else [child.text()]
    return [*pieces, "".join(line)]


def is_layout(table: Node) -> bool:
    """Is this table only there to place things?

    It holds tables, code or definitions, or cells with headings or of a single row that are parts of the page: they say
    too much for a cell. So does a table without two cells in a row, and one that frames a note.
    """
    if table.attributes.get("role") in ("presentation", "none") or _is_note(table):
        return True
    if table.css_first("dl,table table,td pre") is not None:
        return True
    if table.css_first(HEADINGS) is not None and not (_heads_data(table) or _has_small_headings(table)):
        return True
    if table.css_first("thead th") is not None:
        return False
    first: Node | None = None
    for row in table.css("tr"):
        if row.css_first("td + td,th + td,th + th,td + th") is not None:
            if first is not None:
                return False
            first = row
    return first is None or not (all(_is_small(cell) for cell in _cells(first)) or _is_named_value(list(_cells(first))))


def _is_note(table: Node) -> bool:
    """Does it set a note beside its sign? A picture stands alone in a cell, or what is around is named as a note."""
    rows = [list(_cells(row)) for row in table.css("tr")]
    if not 0 < len(rows) <= MAX_NOTE_ROWS:
        return False
    said = [[cell for cell in row if cell.text().strip()] for row in rows]
    mute = [cell for row in rows for cell in row if not cell.text().strip()]
    if mute and all(len(row) == 1 for row in said):
        return all(cell.css_first("img,svg,i") is not None for cell in mute)
    around = table.parent.attributes.get("class") if table.parent is not None else None
    is_short_name = len(said) == 1 and len(said[0]) == 2 and len(said[0][0].text().strip()) <= MAX_NAME_CHARS
    return is_short_name and any(NOTES.search(name) for name in (around or "").split())


def _has_small_headings(table: Node) -> bool:
    """Do headings only stand in short cells that are beside others? A page's own headings never do."""
    if table.css_first("h1,h2") is not None or table.css_first("td + td,th + td,th + th") is None:
        return False
    cells = [cell for row in table.css("tr") for cell in _cells(row) if cell.css_first(HEADINGS) is not None]
    return bool(cells) and all(len(cell.text()) <= MAX_CELL_CHARS for cell in cells)


def _heads_data(table: Node) -> bool:
    """Do cells that head rows or columns show that this holds data, whatever heads what is in a cell?"""
    return (
        table.css_first("th") is not None
        and table.css_first("h1,h2,section,article,form") is None
        and all(len(cell.text()) <= MAX_VALUE_CHARS for cell in table.css("td,th"))
    )


def _is_named_value(row: list[Node]) -> bool:
    """Is this a row of its own that says something of what its first cell names?"""
    name, *values = row
    return (
        0 < len(name.text().strip()) <= MAX_NAME_CHARS
        and name.css_first("a,img") is None
        and all(len(value.text()) <= MAX_VALUE_CHARS and value.css_first(COLUMN_QUERY) is None for value in values)
    )


def _is_small(cell: Node) -> bool:
    """Does a cell hold a few words, rather than a column of the page?"""
    return len(cell.text()) <= MAX_CELL_CHARS and cell.css_first(COLUMN_QUERY) is None
