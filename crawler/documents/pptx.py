"""Text of a presentation: one section per slide under its title, with tables and the speaker's notes."""

import io
from collections.abc import Iterator
from typing import Any

from crawler.block import Block, BlockKind
from crawler.documents.draft import Draft, one_line
from crawler.documents.table import table_rows

_MACRO_PRESENTATION = "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
_MAX_GROUP_DEPTH = 20
_DEFAULT_TITLE = "powerpoint presentation"


def read_pptx(data: bytes, draft: Draft) -> None:
    """Fill ``draft``; ``page_number`` is the number of the slide."""
    from pptx.opc.package import PartFactory
    from pptx.package import Package
    from pptx.parts.presentation import PresentationPart

    PartFactory.part_type_for[_MACRO_PRESENTATION] = PresentationPart
    presentation = Package.open(io.BytesIO(data)).presentation_part.presentation
    if draft.title.lower() == _DEFAULT_TITLE:
        draft.title = ""
    slides = list(presentation.slides)
    limit = draft.config.max_pages
    draft.describe(pages=len(slides))
    if len(slides) > limit:
        draft.notes.append(f"slides {limit + 1} to {len(slides)} are left out (max_pages)")
    for number, slide in enumerate(slides[:limit], start=1):
        _read_slide(slide, number, draft)


def _read_slide(slide: Any, number: int, draft: Draft) -> None:
    heading = slide.shapes.title
    title = one_line(heading.text_frame.text) if heading is not None else ""
    path = (title[:200],) if title else ()
    draft.title = draft.title or title[:200]
    marked: list[tuple[str, Block]] = []
    shapes = (shape for shape in slide.shapes if not _is_same(shape, heading))
    lines = [line for shape in shapes for line in _lines(shape, draft, marked)]
    if slide.has_notes_slide and (frame := slide.notes_slide.notes_text_frame) is not None and frame.text.strip():
        lines += ["", f"Notes: {frame.text}"]
    # A slide that is only a title still says something.
    draft.add("\n".join(lines) if any(lines) else title, path, number, marked=marked, levels=(1,) if path else ())


def _is_same(shape: Any, other: Any) -> bool:
    return other is not None and shape.shape_id == other.shape_id


def _lines(shape: Any, draft: Draft, marked: list[tuple[str, Block]], depth: int = 0) -> Iterator[str]:
    """Lines of a shape in the order that a screen reader takes; groups are entered, rows and items are ``marked``."""
    if hasattr(shape, "shapes") and depth < _MAX_GROUP_DEPTH:
        for inner in shape.shapes:
            yield from _lines(inner, draft, marked, depth + 1)
    elif getattr(shape, "has_table", False):
        yield ""
        texts = [[cell.text for cell in row.cells] for row in shape.table.rows]
        rows = table_rows(texts, draft.new_group(), has_header=shape.table.first_row)
        marked += rows
        yield from (line for line, _ in rows)
        yield ""
    elif shape.has_text_frame:
        group = 0
        for paragraph, line in _paragraphs(shape.text_frame):
            if paragraph.level:
                group = group or draft.new_group()
                marked.append((line, Block(BlockKind.LIST_ITEM, 0, 0, group, paragraph.level - 1)))
                yield f"- {line}"
            else:
                group = 0
                yield line
        yield ""


def _paragraphs(frame: Any) -> Iterator[tuple[Any, str]]:
    for paragraph in frame.paragraphs:
        if line := one_line(paragraph.text):
            yield paragraph, line
