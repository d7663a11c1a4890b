"""Text of a Word document under its headings: paragraphs, lists, tables, text boxes, content controls, footnotes."""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from crawler.block import Block, BlockKind
from crawler.documents.docx_lists import Numbering
from crawler.documents.docx_math import MATH, equation
from crawler.documents.draft import Draft, one_line
from crawler.documents.table import table_rows

if TYPE_CHECKING:
    from docx.document import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _TABLE, _ROW, _CELL = f"{_W}p", f"{_W}tbl", f"{_W}tr", f"{_W}tc"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_SKIPPED = {f"{_W}del", f"{_W}moveFrom", _FALLBACK}
_MACRO_DOCUMENT = "application/vnd.ms-word.document.macroEnabled.main+xml"
_CODE_STYLES = frozenset({"html preformatted", "macro text", "macro", "plain text", "preformatted text"})
_CODE_STYLE = re.compile(r"\b(?:source ?code|code|listing|verbatim)\b")
_PLAIN_TABLES = frozenset({"TableGrid", "TableNormal", "TableGridLight"})
"""Styles that set no row off."""

_Taken = tuple[list[str], list[tuple[str, Block]]]
"""Lines, and what they are."""

_NOTES = ("/footnotes", "/endnotes")
_MAX_LEVEL = 6
_MAX_HEADING_CHARS = 200


def read_docx(data: bytes, draft: Draft) -> None:
    """Fill ``draft``. Headings are those of the styles (in any language) and of outline levels."""
    import docx
    from docx.opc.part import PartFactory
    from docx.parts.document import DocumentPart

    PartFactory.part_type_for[_MACRO_DOCUMENT] = DocumentPart
    package = docx.package.Package.open(io.BytesIO(data))
    document: Document = package.main_document_part.document
    _read_body(document, draft)
    notes = "\n".join(_footnotes(document))
    if notes:
        draft.add(notes, ("Notes",))


def _read_body(document: "Document", draft: Draft) -> None:
    styles = _Styles(document)
    numbering = Numbering(document)
    lines: list[str] = []
    marked: list[tuple[str, Block]] = []
    for block in _blocks(document.element.body):
        if block.tag == _TABLE:
            rows = table_rows(list(_rows(block)), draft.new_group(), has_header=_has_header(block))
            marked += rows
            lines.append("\n" + "\n".join(line for line, _ in rows) + "\n")
            continue
        text = _text(block).strip()
        level = styles.level(block) if text and len(text) <= _MAX_HEADING_CHARS else None
        if level is None:
            _take_paragraph(styles, numbering, block, (lines, marked), draft)
        elif level == 0 and not draft.title:
            draft.title = one_line(text)
        else:
            draft.tell("\n".join(lines), marked=marked)
            lines, marked = [], []
            draft.head(max(level, 1), one_line(text))
    draft.tell("\n".join(lines), marked=marked)
    draft.finish()
    if not draft.title and draft.sections:
        draft.title = next((section.heading_path[0] for section in draft.sections if section.heading_path), "")


def _take_paragraph(styles: "_Styles", numbering: Numbering, paragraph: Any, taken: _Taken, draft: Draft) -> None:
    """Add a paragraph to the lines and what they are; those of a table of contents are left out."""
    lines, marked = taken
    written = _text(paragraph)
    text = written.strip()
    if text and styles.is_list(paragraph):
        place = numbering.place(paragraph, styles.numbered(paragraph), styles.name(paragraph))
        group = numbering.group(place, draft.new_group)
        marked.append((text, Block(BlockKind.LIST_ITEM, 0, 0, group, place.depth, place.number)))
        lines.append(f"- {text}")
    elif styles.is_code(paragraph):
        code = written.rstrip()
        if marked and marked[-1][1].kind is BlockKind.CODE and lines[-1] == f"{marked[-1][0]}\n":
            # Code has a paragraph for each line.
            code = f"{marked.pop()[0]}\n{code}"
            lines.pop()
        if code:
            marked.append((code, Block(BlockKind.CODE, 0, 0)))
        lines.append(f"{code}\n")
    elif not styles.name(paragraph).startswith("toc "):
        if text:
            numbering.end_list()
        if text and "quote" in styles.name(paragraph):
            marked.append((text, Block(BlockKind.QUOTATION, 0, 0)))
        lines.append(text + "\n")


class _Styles:
    """What the styles say about paragraphs, looked up once each."""

    def __init__(self, document: "Document") -> None:
        self._names: dict[str, str] = {}
        self._levels: dict[str, int | None] = {}
        self._lists: set[str] = set()
        self._numbered: dict[str, Any] = {}
        for style in document.styles.element.findall(f"{_W}style"):
            key = style.get(f"{_W}styleId") or ""
            name = style.find(f"{_W}name")
            self._names[key] = (name.get(f"{_W}val") or "").lower() if name is not None else ""
            self._levels[key] = _outline_level(style)
            if (numbered := style.find(f".//{_W}numPr")) is not None:
                self._lists.add(key)
                self._numbered[key] = numbered

    def name(self, paragraph: Any) -> str:
        """Lower-case name of the paragraph's style; built-in names are English in every file."""
        return self._names.get(_style_id(paragraph), "")

    def level(self, paragraph: Any) -> int | None:
        """0 for the title, 1 and up for headings, None for text."""
        name = self.name(paragraph)
        if name == "title":
            return 0
        if name.startswith("heading ") and name[8:].isdigit():
            return min(int(name[8:]), _MAX_LEVEL)
        own = _outline_level(paragraph)
        return own if own is not None else self._levels.get(_style_id(paragraph))

    def is_code(self, paragraph: Any) -> bool:
        """Whether the paragraph's style is one of those for code."""
        name = self.name(paragraph)
        return name in _CODE_STYLES or bool(_CODE_STYLE.search(name))

    def numbered(self, paragraph: Any) -> Any:
        """The numbering of the paragraph, its own or its style's; None for none."""
        own = paragraph.find(f"{_W}pPr/{_W}numPr")
        return own if own is not None else self._numbered.get(_style_id(paragraph))

    def is_list(self, paragraph: Any) -> bool:
        """Whether the paragraph is an item of a list."""
        return (
            self.name(paragraph).startswith("list ")
            or _style_id(paragraph) in self._lists
            or paragraph.find(f"{_W}pPr/{_W}numPr") is not None
        )


def _style_id(paragraph: Any) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return (style.get(f"{_W}val") or "") if style is not None else ""


def _outline_level(element: Any) -> int | None:
    level = element.find(f"{_W}pPr/{_W}outlineLvl")
    value = level.get(f"{_W}val") if level is not None else None
    # 9 means body text (ECMA-376 part 1, 17.3.1.20).
    return int(value) + 1 if value and value.isdigit() and int(value) < _MAX_LEVEL else None


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, also those inside content controls, revisions and text boxes."""
    for child in parent:
        if child.tag in (_PARAGRAPH, _TABLE):
            yield child
            for box in child.iter(f"{_W}txbxContent") if child.tag == _PARAGRAPH else ():
                if not any(ancestor.tag == _FALLBACK for ancestor in box.iterancestors()):
                    yield from _blocks(box)
        elif child.tag not in _SKIPPED:
            yield from _blocks(child)


def _text(element: Any) -> str:
    """Visible text of a paragraph, without what was deleted or hidden and without its text boxes."""
    if element.tag in _SKIPPED or element.tag == f"{_W}txbxContent":
        return ""
    if element.tag == f"{_W}t":
        return element.text or ""
    if element.tag in _BREAKS:
        return _BREAKS[element.tag]
    if element.tag == f"{MATH}oMath":
        return equation(element)
    if element.tag == f"{_W}r" and _is_hidden(element):
        return ""
    return "".join(_text(child) for child in element if child.tag != f"{_W}pPr")


def _is_hidden(run: Any) -> bool:
    """Is this text that Word shows only with its marks of formatting?"""
    hidden = run.find(f"{_W}rPr/{_W}vanish")
    return hidden is not None and hidden.get(f"{_W}val", "1") not in ("0", "false", "off")


def _rows(table: Any) -> Iterator[list[str]]:
    for row in table.iter(_ROW):
        if next(row.iterancestors(_TABLE)) is table:
            yield [_cell_text(cell) for cell in row.iter(_CELL) if next(cell.iterancestors(_ROW)) is row]


def _has_header(table: Any) -> bool:
    """Does a reader see a header row? It is repeated on every page, set off by the table's style, or all bold."""
    first = table.find(_ROW)
    if first is None or len(table.findall(_ROW)) < 2:
        return False
    if first.find(f"{_W}trPr/{_W}tblHeader") is not None:
        return True
    style, look = table.find(f"{_W}tblPr/{_W}tblStyle"), table.find(f"{_W}tblPr/{_W}tblLook")
    is_styled = style is not None and style.get(f"{_W}val") not in _PLAIN_TABLES
    if is_styled and look is not None and look.get(f"{_W}firstRow") == "1":
        return True
    runs = [run for run in first.iter(f"{_W}r") if _text(run).strip()]
    return bool(runs) and all(run.find(f"{_W}rPr/{_W}b") is not None for run in runs)


def _cell_text(cell: Any) -> str:
    return " ".join(_text(paragraph) for paragraph in cell.iter(_PARAGRAPH))


def _footnotes(document: "Document") -> Iterator[str]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    for relation in document.part.rels.values():
        if relation.reltype.endswith(_NOTES):
            root = etree.fromstring(relation.target_part.blob, parser)
            for paragraph in root.iter(_PARAGRAPH):
                if text := one_line(_text(paragraph)):
                    yield text
