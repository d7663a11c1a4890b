"""Text of a Word document under its headings: paragraphs, lists, tables, text boxes, content controls, footnotes."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from crawler.documents.draft import Draft, one_line, row_line

if TYPE_CHECKING:
    from docx.document import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _TABLE, _ROW, _CELL = f"{_W}p", f"{_W}tbl", f"{_W}tr", f"{_W}tc"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_SKIPPED = {f"{_W}del", f"{_W}moveFrom", _FALLBACK}
_MACRO_DOCUMENT = "application/vnd.ms-word.document.macroEnabled.main+xml"
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
    lines: list[str] = []
    for block in _blocks(document.element.body):
        if block.tag == _TABLE:
            lines.append("\n" + "\n".join(filter(None, _rows(block))) + "\n")
            continue
        text = _text(block).strip()
        level = styles.level(block) if text and len(text) <= _MAX_HEADING_CHARS else None
        if level is None:
            lines.append(f"- {text}" if text and styles.is_list(block) else _unless_contents(styles, block, text))
        elif level == 0 and not draft.title:
            draft.title = one_line(text)
        else:
            draft.tell("\n".join(lines))
            lines = []
            draft.head(max(level, 1), one_line(text))
    draft.tell("\n".join(lines))
    draft.finish()
    if not draft.title and draft.sections:
        draft.title = next((section.heading_path[0] for section in draft.sections if section.heading_path), "")


def _unless_contents(styles: "_Styles", block: Any, text: str) -> str:
    return "" if styles.name(block).startswith("toc ") else text + "\n"


class _Styles:
    """What the styles say about paragraphs, looked up once each."""

    def __init__(self, document: "Document") -> None:
        self._names: dict[str, str] = {}
        self._levels: dict[str, int | None] = {}
        self._lists: set[str] = set()
        for style in document.styles.element.findall(f"{_W}style"):
            key = style.get(f"{_W}styleId") or ""
            name = style.find(f"{_W}name")
            self._names[key] = (name.get(f"{_W}val") or "").lower() if name is not None else ""
            self._levels[key] = _outline_level(style)
            if style.find(f".//{_W}numPr") is not None:
                self._lists.add(key)

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
    """Visible text of a paragraph, without what was deleted and without its text boxes."""
    if element.tag in _SKIPPED or element.tag == f"{_W}txbxContent":
        return ""
    if element.tag == f"{_W}t":
        return element.text or ""
    if element.tag in _BREAKS:
        return _BREAKS[element.tag]
    return "".join(_text(child) for child in element if child.tag != f"{_W}pPr")


def _rows(table: Any) -> Iterator[str]:
    for row in table.iter(_ROW):
        if next(row.iterancestors(_TABLE)) is table:
            yield row_line([_cell_text(cell) for cell in row.iter(_CELL) if next(cell.iterancestors(_ROW)) is row])


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
