"""Documents say what a reader sees: percentages, durations, formulas, equations, and nothing that is hidden."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from crawler.documents.docx import read_docx
from crawler.documents.draft import DocumentConfig
from crawler.documents.table import read_csv, read_xlsx
from crawler.documents.worker import read_document
from tests.crawler.documents.test_office import read, saved

MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def sheet_text(*cells: tuple[Any, str]) -> str:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([value for value, _ in cells])
    for cell, (_, shown_as) in zip(sheet[1], cells, strict=True):
        cell.number_format = shown_as
    return read(read_xlsx, saved(book)).sections[0].text


@pytest.mark.parametrize(
    ("value", "shown_as", "text"),
    [
        (0.156, "0%", "16%"),
        (0.0725, "0.00%", "7.25%"),
        (1, "0.0 %", "100.0%"),
        (timedelta(hours=26, minutes=30), "[h]:mm:ss", "26:30:00"),
        (timedelta(minutes=4, seconds=5), "[mm]:ss", "0:04:05"),
        (12.5, "0.00", "12.5"),
        ("=SUM(B2:B9)", "General", "=SUM(B2:B9)"),
        ("=AVERAGE(A1:A3)*2", "0%", "=AVERAGE(A1:A3)*2"),
    ],
)
def test_cells_are_read_as_they_are_shown(value: Any, shown_as: str, text: str) -> None:
    assert sheet_text(("Share", "General"), (value, shown_as)) == f"Share | {text}"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Straße;Größe\nMühlgasse;fünf\n", "cp1252"),
        ("Город;Улица\nМосква;Тверская улица дом семь\nКазань;Большая Красная улица\n", "cp1251"),
        ("名前,住所\n田中さん,東京都千代田区丸の内\n鈴木さん,大阪府大阪市北区\n", "shift_jis"),
        ("城市,地址\n北京市,朝阳区建国路八十八号\n上海市,浦东新区世纪大道\n", "gb18030"),
        ("Город;Улица\nМосква;Тверская\n", "utf-16"),
    ],
)
def test_tables_are_read_in_the_encoding_of_their_country(text: str, encoding: str) -> None:
    first = text.splitlines()[1].replace(";", " | ").replace(",", " | ")
    assert first in read(read_csv, text.encode(encoding)).sections[0].text


@pytest.mark.parametrize(
    ("equation", "line"),
    [
        ("<m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>c</m:t></m:r></m:den></m:f>", "(a+b)/c"),
        ("<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>", "x^2"),
        ("<m:rad><m:deg/><m:e><m:r><m:t>x</m:t></m:r></m:e></m:rad>", "√x"),
        (
            "<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:sub><m:r><m:t>i=1</m:t></m:r></m:sub>"
            "<m:sup><m:r><m:t>n</m:t></m:r></m:sup><m:e><m:r><m:t>i</m:t></m:r></m:e></m:nary>",
            "∑_(i=1)^n i",
        ),
    ],
)
def test_equations_are_written_in_a_line(equation: str, line: str) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("It is ")
    paragraph._p.append(parse_xml(f"<m:oMath {MATH}>{equation}</m:oMath>"))
    assert f"It is {line}" in read(read_docx, saved(document)).sections[0].text


@pytest.mark.parametrize(("mark", "text"), [("<w:vanish/>", "Seen."), ('<w:vanish w:val="0"/>', "Seen. Secret.")])
def test_hidden_text_of_a_word_file_is_not_read(mark: str, text: str) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Seen.")
    run = f"<w:r {nsdecls('w')}><w:rPr>{mark}</w:rPr><w:t xml:space='preserve'> Secret.</w:t></w:r>"
    paragraph._p.append(parse_xml(run))
    assert read(read_docx, saved(document)).sections[0].text == text


def strict(data: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(written, "w") as copy:
        for name in archive.namelist():
            part = archive.read(name)
            for kind in (b"wordprocessingml", b"spreadsheetml", b"officeDocument", b"drawingml"):
                old = b"http://schemas.openxmlformats.org/" + kind + b"/2006"
                part = part.replace(old, b"http://purl.oclc.org/ooxml/" + kind)
            copy.writestr(name, part.replace(b"extended-properties", b"extendedProperties"))
    return written.getvalue()


def test_strict_open_xml_is_read() -> None:
    document = docx.Document()
    document.add_heading("Guide", 1)
    document.add_paragraph("Read me.")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Name", "Size"])
    told = read_document("docx", strict(saved(document)), DocumentConfig())
    assert told["sections"][0][:2] == ["Read me.", ("Guide",)]
    assert read_document("xlsx", strict(saved(book)), DocumentConfig())["sections"][0][0] == "Name | Size"
