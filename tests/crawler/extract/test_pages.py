"""Ten pages, their blocks as a reader sees them: ``tests/pages/NAME.txt`` was written by looking at the page.

A line is a block: its kind, what is known of it besides (the columns apart by ``/``), and its text with ``¶`` for line
breaks.
"""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.block import Block
from crawler.extract.any import extract_any
from crawler.extract.extract import Extracted
from tests.support.documents import pdf

PAGES = Path(__file__).parents[2] / "pages"
URL = "https://example.com/page"


def as_line(block: Block, text: str) -> str:
    facts = [f"{name}={getattr(block, name)}" for name in ("level", "group", "depth") if getattr(block, name)]
    facts += [f"number={block.number}"] if block.number is not None else []
    facts += ["is_header"] if block.is_header else []
    facts += [f"columns={'/'.join(block.columns)}"] if block.columns else []
    facts += [
        f"{name}={getattr(block, name)}"
        for name in ("row_header", "caption", "language", "term")
        if getattr(block, name)
    ]
    words = text[block.start_char : block.end_char].replace("\n", "¶")
    return " ".join((block.kind.value, *facts)) + (f" | {words.strip()}" if words else "")


def word_document() -> bytes:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.add_heading("First use", 1)
    document.add_paragraph("Before the first use:")
    for text in ("Fill the tank.", "Wait an hour."):
        document.add_paragraph(text, style="List Number")
    document.add_heading("Care", 1)
    table = document.add_table(rows=3, cols=2, style="Light List")
    texts = ("Part", "Every", "Filter", "3 months", "Seal", "2 years")
    for cell, text in zip((cell for row in table.rows for cell in row.cells), texts, strict=True):
        cell.text = text
    for text in ("Never use soap.", "Dry it well."):
        document.add_paragraph(text, style="List Bullet")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pdf_document() -> bytes:
    lines = (
        ("The pump is cleaned once a month. To clean it:", 720.0),
        ("1. Pull the plug.", 706.0),
        ("2. Open the lid.", 692.0),
        ("3. Rinse the wheel.", 678.0),
        ("Close the lid.", 640.0),
    )
    return pdf([[(text, 72.0, bottom, 11.0) for text, bottom in lines]])


MADE: dict[str, tuple[Callable[[], bytes], str]] = {
    "docx": (word_document, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (pdf_document, "application/pdf"),
    "notes": ((PAGES / "notes.md").read_bytes, "text/markdown"),
}


def read(name: str) -> Extracted:
    make, content_type = MADE.get(name, ((PAGES / f"{name}.html").read_bytes, "text/html"))
    return extract_any(make(), content_type, URL)


@pytest.mark.parametrize(
    "name", ["python", "sqlite", "django", "apache", "blog", "shop", "tables", "notes", "docx", "pdf"]
)
def test_the_blocks_of_a_page_are_those_that_a_reader_sees(name: str) -> None:
    page = read(name)
    found = [as_line(block, page.text) for section in page.sections for block in section.blocks]
    assert found == (PAGES / f"{name}.txt").read_text().splitlines()
