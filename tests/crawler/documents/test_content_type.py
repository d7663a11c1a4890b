"""What a body is, by its bytes first and by what was said of it second."""

import pytest

from crawler.documents.content_type import (
    MARKDOWN_TYPE,
    OLD_OFFICE_TYPE,
    READABLE_TYPES,
    TEXT_TYPE,
    content_type_of,
    may_be,
)
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
        (PDF, "application/force-download", "https://a.example/get?id=3", MEDIA_TYPES["pdf"]),
        (PDF, "application/x-download", "https://a.example/get?id=3", MEDIA_TYPES["pdf"]),
        (PDF, "binary/octet-stream", "https://a.example/a.pdf", MEDIA_TYPES["pdf"]),
        (PDF, "application/vnd.adobe.pdf", "https://a.example/a", MEDIA_TYPES["pdf"]),
        (DOCX, "attachment", "https://a.example/a.docx", MEDIA_TYPES["docx"]),
        (CSV, "application/force-download", "https://a.example/legs.csv", MEDIA_TYPES["csv"]),
        (b"MZ\x00\x01", "application/x-msdownload", "https://a.example/setup.exe", None),
        (b"Setts\n=====\n", "text/prs.fallenstein.rst", "https://a.example/setts.rst", TEXT_TYPE),
        (b"= Setts\n\nWords", "application/pgp-keys", "https://a.example/setts.asc", TEXT_TYPE),
        (b"= Setts\n\nWords", "text/x-asciidoc", "https://a.example/setts", TEXT_TYPE),
        (b"-----BEGIN PGP SIGNATURE-----\n\nabc", "application/pgp-signature", "https://a.example/a.tar.asc", None),
        (b"-----BEGIN PGP SIGNED MESSAGE-----\n\nabc", "text/plain", "https://a.example/notice.asc", TEXT_TYPE),
    ],
)
def test_content_decides_before_what_is_declared(body: bytes, declared: str, name: str, expected: str | None) -> None:
    assert content_type_of(body, declared, name) == expected


@pytest.mark.parametrize(
    ("declared", "is_worth_reading"),
    [
        ("application/force-download", True),
        ("application/x-pdf", True),
        ("text/pdf", True),
        ("application/pgp-keys", True),
        ("application/x-unknown-content-type", True),
        ("image/png", False),
        ("video/mp4", False),
        ("application/javascript", False),
        ("application/x-tar", False),
    ],
)
def test_types_that_say_nothing_are_worth_a_look(declared: str, is_worth_reading: bool) -> None:
    assert may_be(declared, READABLE_TYPES) is is_worth_reading
