"""What the stretches of a document's text are: lists with the numbers that are shown, tables, code."""

import io
from typing import Any

import pytest

from crawler.block import Block, BlockKind
from crawler.documents.read import extract_document
from crawler.documents.text_blocks import text_blocks
from crawler.extract.any import extract_any
from crawler.page import SECTION_SEPARATOR, Section


def blocks_in(sections: tuple[Section, ...], *fields: str) -> list[tuple[Any, ...]]:
    text = SECTION_SEPARATOR.join(section.text for section in sections)
    return [
        (block.kind.value, text[block.start_char : block.end_char], *(getattr(block, name) for name in fields))
        for section in sections
        for block in section.blocks
    ]


def plain(text: str, *fields: str) -> list[tuple[Any, ...]]:
    return blocks_in((Section(text, blocks=text_blocks(text)),), *fields)


def test_plain_text_has_paragraphs_lists_and_code() -> None:
    text = (
        "Title\ngoes on\n\n1. First\n   and more\n2. Second\n   - inner\n\n3. Third\n\nRun:\n\n    ls -l\n\n      x\n\n"
        "```sh\nmake all\n\n  deep\n```\nEnd."
    )
    assert plain(text, "number", "depth", "group", "language") == [
        ("paragraph", "Title\ngoes on", None, 0, 0, ""),
        ("list_item", "First\n   and more", 1, 0, 1, ""),
        ("list_item", "Second", 2, 0, 1, ""),
        ("list_item", "inner", None, 1, 1, ""),
        ("list_item", "Third", 3, 0, 1, ""),
        ("paragraph", "Run:", None, 0, 0, ""),
        ("code", "    ls -l\n\n      x", None, 0, 0, ""),
        ("code", "make all\n\n  deep", None, 0, 0, "sh"),
        ("paragraph", "End.", None, 0, 0, ""),
    ]


@pytest.mark.parametrize("mark", ["-", "*", "+", "•", "◦"])
def test_bullets_of_all_kinds_begin_items(mark: str) -> None:
    assert plain(f"{mark} one\n{mark} two") == [("list_item", "one"), ("list_item", "two")]


@pytest.mark.parametrize("text", ["-5 degrees", "3.5 litres", "2024 was", "*bold* word", "--option does"])
def test_what_only_looks_like_a_mark_begins_none(text: str) -> None:
    assert plain(text) == [("paragraph", text)]


def test_marked_lines_are_found_as_whole_lines_and_not_inside_others() -> None:
    row = Block(BlockKind.TABLE_ROW, 0, 0, 1)
    text = "a word\n\na\nb"
    assert [(b.kind.value, b.start_char) for b in text_blocks(text, [("a", row), ("b", row)])] == [
        ("paragraph", 0),
        ("table_row", 8),
        ("table_row", 10),
    ]


def test_word_shows_the_numbers_of_its_lists_tables_and_code() -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_heading("Setup", 1)
    document.add_paragraph("Do this:")
    for text in ("One", "Two"):
        document.add_paragraph(text, style="List Number")
    document.add_paragraph("Also:")
    for text in ("Red", "Blue"):
        document.add_paragraph(text, style="List Bullet")
    table = document.add_table(rows=2, cols=2, style="Light Grid Accent 1")
    for cell, text in zip((c for row in table.rows for c in row.cells), ("Size", "Price", "S", "5 EUR"), strict=True):
        cell.text = text
    for text in ("x = 1", "    y = 2"):
        document.add_paragraph(text, style="macro")
    document.add_paragraph("Be quick.", style="Quote")
    file = io.BytesIO()
    document.save(file)
    found = extract_document(file.getvalue(), "a.docx")
    assert blocks_in(found.sections, "number", "group", "columns") == [
        ("heading", "", None, 0, ()),
        ("paragraph", "Do this:", None, 0, ()),
        ("list_item", "One", 1, 1, ()),
        ("list_item", "Two", 2, 1, ()),
        ("paragraph", "Also:", None, 0, ()),
        ("list_item", "Red", None, 2, ()),
        ("list_item", "Blue", None, 2, ()),
        ("table_row", "Size | Price", None, 3, ()),
        ("table_row", "S | 5 EUR", None, 3, ("Size", "Price")),
        ("code", "x = 1\n    y = 2", None, 0, ()),
        ("quotation", "Be quick.", None, 0, ()),
    ]


def test_slides_have_items_and_rows() -> None:
    pptx = pytest.importorskip("pptx")
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Plan"
    frame = slide.placeholders[1].text_frame
    frame.text = "We will"
    for level, text in ((1, "measure"), (2, "twice"), (1, "cut")):
        paragraph = frame.add_paragraph()
        paragraph.text, paragraph.level = text, level
    cells = slide.shapes.add_table(2, 2, 0, 0, 100, 100).table
    for row, texts in enumerate((("Who", "When"), ("Ann", "May"))):
        for column, text in enumerate(texts):
            cells.cell(row, column).text = text
    file = io.BytesIO()
    deck.save(file)
    assert blocks_in(extract_document(file.getvalue(), "a.pptx").sections, "depth", "group", "columns") == [
        ("heading", "", 0, 0, ()),
        ("paragraph", "We will", 0, 0, ()),
        ("list_item", "measure", 0, 1, ()),
        ("list_item", "twice", 1, 1, ()),
        ("list_item", "cut", 0, 1, ()),
        ("table_row", "Who | When", 0, 2, ()),
        ("table_row", "Ann | May", 0, 2, ("Who", "When")),
    ]


def test_rows_of_values_name_their_columns_where_the_first_row_has_names() -> None:
    named = extract_document(b"name,price,note\nred,5,\n,7,new\n", "a.csv", declared_type="text/csv")
    assert blocks_in(named.sections, "columns", "is_header") == [
        ("table_row", "name | price | note", (), True),
        ("table_row", "red | 5", ("name", "price"), False),
        ("table_row", "| 7 | new", ("name", "price", "note"), False),
    ]
    unnamed = extract_document(b"1,2\n3,4\n", "a.csv", declared_type="text/csv")
    assert blocks_in(unnamed.sections, "columns", "is_header") == [
        ("table_row", "1 | 2", (), False),
        ("table_row", "3 | 4", (), False),
    ]


def test_markdown_has_the_blocks_of_a_page() -> None:
    body = b"# Top\n\n3. three\n4. four\n\n```python\nx\n```\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n> said\n"
    found = extract_any(body, "text/markdown", "https://example.com/a.md")
    assert blocks_in(found.sections, "number", "language", "columns") == [
        ("heading", "", None, "", ()),
        ("list_item", "three", 3, "", ()),
        ("list_item", "four", 4, "", ()),
        ("code", "x", None, "python", ()),
        ("table_row", "A | B", None, "", ()),
        ("table_row", "1 | 2", None, "", ("A", "B")),
        ("quotation", "said", None, "", ()),
    ]
