"""What a body is, by its bytes first and by what was said of it second."""

import pytest

from crawler.documents.content_type import MARKDOWN_TYPE, OLD_OFFICE_TYPE, TEXT_TYPE, content_type_of
from crawler.documents.read import MEDIA_TYPES
from tests.support.documents import pdf, small_docx, small_xlsx

DOCX = small_docx("Badgers", "They dig.")
PDF = pdf([[("Badgers dig setts", 72, 700, 12)]])
CSV = b"name,legs\nbadger,4\n"


@pytest.mark.parametrize(
    ("body", "declared", "name", "expected"),
    [
        (b"<p>x", "text/html", "https://a.example/", "text/html"),
        (b"<?xml version='1.0'?><html/>", "application/xhtml+xml", "https://a.example/", "application/xhtml+xml"),
        (b"  \n<!DOCTYPE html><p>x", "", "https://a.example/", "text/html"),
        (b"<html><p>x", "text/plain", "https://a.example/", "text/html"),
        (PDF, "text/html", "https://a.example/", MEDIA_TYPES["pdf"]),
        (PDF, "application/octet-stream", "https://a.example/x", MEDIA_TYPES["pdf"]),
        (DOCX, "application/zip", "https://a.example/x", MEDIA_TYPES["docx"]),
        (small_xlsx([["Tea", 3]]), "application/msword", "https://a.example/x", MEDIA_TYPES["xlsx"]),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "application/msword", "a.doc", OLD_OFFICE_TYPE),
        (CSV, "text/csv", "https://a.example/x", MEDIA_TYPES["csv"]),
        (CSV, "text/plain", "https://a.example/x.csv?y=1", MEDIA_TYPES["csv"]),
        (b"# A\n\ntext", "text/markdown", "https://a.example/x", MARKDOWN_TYPE),
        (b"# A\n\ntext", "text/plain", "https://a.example/README.md", MARKDOWN_TYPE),
        (b"<h1>A</h1>\n\ntext", "text/plain", "README.md", MARKDOWN_TYPE),
        (b"words", "text/plain", "https://a.example/x", TEXT_TYPE),
        ("Grüße".encode("utf-16"), "text/plain", "a.txt", TEXT_TYPE),
        (b"words", "", "notes.log", TEXT_TYPE),
        (b"words", "", "https://a.example/x", None),
        (b"PK\x03\x04zip", "text/html", "https://a.example/", None),
        (b"\x89PNG", "text/plain", "a.txt", None),
        (b"MZ\x00\x01", "", "a.txt", None),
        (b"x", "image/png", "a.png", None),
    ],
)
def test_content_decides_before_what_is_declared(body: bytes, declared: str, name: str, expected: str | None) -> None:
    assert content_type_of(body, declared, name) == expected
