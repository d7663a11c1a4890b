"""Word, PowerPoint and Excel files made by the libraries that write them, and CSV."""

import io
from datetime import datetime
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pptx.util import Inches

from crawler.documents.docx import read_docx
from crawler.documents.draft import DocumentConfig, Draft
from crawler.documents.pptx import read_pptx
from crawler.documents.table import read_csv, read_xlsx
from crawler.documents.zip import read_properties


def saved(file: Any) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def read(reader: Any, data: bytes, config: DocumentConfig = DocumentConfig()) -> Draft:
    draft = Draft(config)
    if reader is not read_csv:
        read_properties(data, draft)
    reader(data, draft)
    return draft


def outline(draft: Draft) -> list[tuple[tuple[str, ...], str]]:
    return [(section.heading_path, section.text) for section in draft.sections]


# Word


def test_headings_lists_and_tables_of_a_word_file() -> None:
    file = docx.Document()
    file.add_paragraph("Before any heading.")
    file.add_heading("Install", 1)
    file.add_paragraph("You need:")
    file.add_paragraph("a disk", style="List Bullet")
    file.add_paragraph("a chair", style="List Number")
    file.add_heading("Sizes", 2)
    table = file.add_table(2, 2)
    for cell, text in zip([*table.rows[0].cells, *table.rows[1].cells], ("Name", "Size", "disk", "3.5"), strict=True):
        cell.text = text
    file.add_heading("Use", 1)
    file.add_paragraph("Sit down.")
    assert outline(read(read_docx, saved(file))) == [
        ((), "Before any heading."),
        (("Install",), "You need:\n\n- a disk\n- a chair"),
        (("Install", "Sizes"), "Name | Size\ndisk | 3.5"),
        (("Use",), "Sit down."),
    ]


def test_merged_cells_are_told_once_and_nested_tables_within_their_cell() -> None:
    file = docx.Document()
    table = file.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(0, 2)).text = "All three"
    for i in range(3):
        table.cell(1, i).text = str(i)
    table.cell(1, 2).add_table(1, 1).cell(0, 0).text = "inner"
    assert outline(read(read_docx, saved(file))) == [((), "All three\n0 | 1 | 2 inner")]


def test_text_in_content_controls_insertions_and_boxes_is_read_and_deleted_text_is_not() -> None:
    file = docx.Document()
    file.add_paragraph("Start.")
    markup = (
        "<w:sdt {ns}><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        '<w:p {ns}><w:ins w:id="1" w:author="a"><w:r><w:t>Inserted.</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="a"><w:r><w:delText>Deleted.</w:delText></w:r></w:del></w:p>',
        "<w:p {ns}><w:r><w:t>Around </w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p>"
        "</w:txbxContent></w:pict></w:r><w:r><w:t>it.</w:t></w:r></w:p>",
    )
    for element in markup:
        file.element.body.insert(-1, parse_xml(element.format(ns=nsdecls("w"))))
    assert outline(read(read_docx, saved(file))) == [
        ((), "Start.\n\nIn a control.\n\nInserted.\n\nAround it.\n\nIn a box.")
    ]


def test_a_heading_by_outline_level_alone_counts_and_a_bare_one_is_kept() -> None:
    file = docx.Document()
    paragraph = file.add_paragraph("Own style")
    paragraph._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="0"/>'))
    file.add_paragraph("Text.")
    file.add_heading("Nothing below", 1)
    assert outline(read(read_docx, saved(file))) == [(("Own style",), "Text."), ((), "Nothing below")]


def test_the_title_is_the_files_own_or_the_title_paragraph() -> None:
    file = docx.Document()
    file.core_properties.title = ""
    file.add_heading("The Handbook", 0)
    file.add_paragraph("Words.")
    assert read(read_docx, saved(file)).title == "The Handbook"
    file.core_properties.title = "Handbook, third edition"
    file.core_properties.author = "Ada"
    file.core_properties.created = datetime(2024, 5, 6, 7, 8)
    draft = read(read_docx, saved(file))
    assert draft.title == "Handbook, third edition"
    assert (draft.metadata["author"], draft.metadata["created"]) == ("Ada", "2024-05-06T07:08:00Z")


def test_a_table_of_contents_is_left_out() -> None:
    file = docx.Document()
    file.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    file.add_paragraph("Install ... 3", style="toc 1")
    file.add_paragraph("Words.")
    assert outline(read(read_docx, saved(file))) == [((), "Words.")]


# PowerPoint


def presentation() -> Any:
    file = pptx.Presentation()
    file.core_properties.title = "PowerPoint Presentation"
    slide = file.slides.add_slide(file.slide_layouts[1])
    slide.shapes.title.text = "Why bees matter"
    frame = slide.placeholders[1].text_frame
    frame.text = "They pollinate"
    point = frame.add_paragraph()
    point.text, point.level = "apples", 1
    slide.notes_slide.notes_text_frame.text = "Mention honey."
    return file


def test_slides_have_numbers_titles_and_notes() -> None:
    file = presentation()
    file.slides.add_slide(file.slide_layouts[0]).shapes.title.text = "Thank you"
    draft = read(read_pptx, saved(file))
    assert draft.title == "Why bees matter"
    assert [(s.page_number, s.heading_path, s.text) for s in draft.sections] == [
        (1, ("Why bees matter",), "They pollinate\n- apples\n\nNotes: Mention honey."),
        (2, ("Thank you",), "Thank you"),
    ]
    assert draft.metadata["pages"] == "2"


def test_tables_and_grouped_shapes_of_a_slide_are_read() -> None:
    file = pptx.Presentation()
    slide = file.slides.add_slide(file.slide_layouts[6])
    table = slide.shapes.add_table(2, 2, 0, 0, Inches(4), Inches(1)).table
    for place, text in (((0, 0), "bee"), ((0, 1), "size"), ((1, 0), "bumble"), ((1, 1), "25 mm")):
        table.cell(*place).text = text
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "in a group"
    [section] = read(read_pptx, saved(file)).sections
    assert section.text == "bee | size\nbumble | 25 mm\n\nin a group"


def test_slides_above_the_limit_are_noted() -> None:
    file = presentation()
    file.slides.add_slide(file.slide_layouts[0]).shapes.title.text = "Thank you"
    draft = read(read_pptx, saved(file), DocumentConfig(max_pages=1))
    assert len(draft.sections) == 1
    assert draft.notes == ["slides 2 to 2 are left out (max_pages)"]


# Excel


def test_sheets_are_headings_and_values_read_as_people_write_them() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Prices"
    sheet.append(["Item", "Price", "Since"])
    sheet.append(["pen", 1.10, datetime(2024, 5, 6)])
    sheet.append([None, None, None])
    sheet.append(["ink\nblue", 2.0, datetime(2024, 5, 6, 7, 30)])
    book.create_sheet("Empty")
    secret = book.create_sheet("Lookup")
    secret.append(["hidden"])
    secret.sheet_state = "hidden"
    draft = read(read_xlsx, saved(book))
    assert outline(draft) == [
        (("Prices",), "Item | Price | Since\npen | 1.1 | 2024-05-06\nink blue | 2 | 2024-05-06 07:30:00")
    ]
    assert draft.notes == ["1 hidden sheets are left out: Lookup"]


def test_a_cell_far_away_and_empty_columns_cost_nothing() -> None:
    book = openpyxl.Workbook()
    book.active["C3"] = "near"
    book.active["XFD3"] = "far"
    book.active["C900"] = "below"
    assert outline(read(read_xlsx, saved(book))) == [(("Sheet",), "near | far\nbelow")]


def test_rows_above_the_limit_are_noted() -> None:
    book = openpyxl.Workbook()
    for i in range(5):
        book.active.append([i])
    draft = read(read_xlsx, saved(book), DocumentConfig(max_rows=2))
    assert outline(draft) == [(("Sheet",), "0\n1")]
    assert draft.notes == ["rows after the first 2 of sheet Sheet are left out (max_rows)"]


# CSV


@pytest.mark.parametrize(
    "data",
    [
        b"name,town\nZo\xc3\xab,K\xc3\xb6ln\n",
        b"\xef\xbb\xbfname;town\r\nZo\xc3\xab;K\xc3\xb6ln\r\n",
        "name\ttown\nZoë\tKöln\n".encode("utf-16"),
        "name|town\nZoë|Köln\n".encode("cp1252"),
        b'"name","town"\n"Zo\xc3\xab","K\xc3\xb6ln"',
    ],
)
def test_separators_and_encodings_are_found(data: bytes) -> None:
    assert outline(read(read_csv, data)) == [((), "name | town\nZoë | Köln")]


def test_quoted_cells_with_line_breaks_stay_in_their_row() -> None:
    assert outline(read(read_csv, b'a,b\n"two\nlines",x\n')) == [((), "a | b\ntwo lines | x")]
