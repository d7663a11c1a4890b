"""What the body of an answer or a file is, by its bytes first and by what was said of it second."""

import mimetypes
from collections.abc import Collection

from crawler.documents.read import MEDIA_TYPES, path_of, sniff

XHTML_TYPE = "application/xhtml+xml"
HTML_TYPES = ("text/html", XHTML_TYPE)
XML_TYPES = ("application/xml", "text/xml")
"""Browsers show XML whose root says that it is XHTML as a page."""

XHTML_NAMESPACE = b"http://www.w3.org/1999/xhtml"
MARKDOWN_TYPE = "text/markdown"
TEXT_TYPE = "text/plain"
OLD_OFFICE_TYPE = "application/x-ole-storage"
"""Answered for Office 97 files, which are recognised only to be refused by name."""

DOCUMENT_TYPES = (*MEDIA_TYPES.values(), OLD_OFFICE_TYPE)
TEXT_TYPES = (TEXT_TYPE, MARKDOWN_TYPE)
READABLE_TYPES = (*HTML_TYPES, *TEXT_TYPES, *DOCUMENT_TYPES)
"""What ``content_type_of`` may answer."""

OTHER_NAMES = (
    *("text/x-markdown", "text/x-rst", "application/csv", "text/x-csv", "text/tab-separated-values"),
    *("application/x-pdf", "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"),
    *("application/zip", "application/x-zip-compressed", *XML_TYPES),
)
"""What servers also call documents that can be read."""

UNDECLARED = ("", "application/octet-stream", "application/x-unknown", "unknown/unknown", "*/*")
"""Content types that say nothing, after the MIME Sniffing standard section 7."""

BINARY_MAGIC = (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"\x7fELF", b"RIFF", b"ID3", b"PK\x03\x04", b"%PDF-")
HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<title", b"<script", b"<!--", b"<div", b"<h1", b"<p")
MARKDOWN_ENDINGS = (".md", ".markdown", ".mdown", ".mkd")
TEXT_ENDINGS = (".txt", ".text", ".rst", ".asc", ".adoc", ".log")
HTML_ENDINGS = (".html", ".htm", ".xhtml")
TABLE_ENDINGS = (".csv", ".tsv")
_START_BYTES = 1024


def content_type_of(body: bytes, declared: str, name: str) -> str | None:
    """One of ``READABLE_TYPES``; None for what cannot be read.

    ``declared`` is the media type without parameters, ``name`` the URL or path: its ending counts where no type, or
    only plain text, is declared.
    """
    start = body[:_START_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n\x0c")
    is_binary = start.startswith(BINARY_MAGIC)
    if declared in HTML_TYPES and not is_binary:
        return declared
    if declared in XML_TYPES:
        return XHTML_TYPE if b"<html" in start and XHTML_NAMESPACE in start else None
    if declared in (*UNDECLARED, TEXT_TYPE):
        declared = _by_ending(name) or declared
    kind = sniff(body, declared)
    if kind is not None:
        return MEDIA_TYPES.get(kind, OLD_OFFICE_TYPE)
    return None if is_binary or (b"\x00" in start and not _is_utf16(body)) else _text_type(start, declared)


def may_be(declared: str, accepted: Collection[str]) -> bool:
    """Whether a body of this declared type may turn out to be of an accepted one, so that it is worth reading."""
    return declared in accepted or declared in UNDECLARED or (declared in OTHER_NAMES and TEXT_TYPE in accepted)


def is_document(declared: str) -> bool:
    """Whether this type stands for PDF, Office or CSV files, which are larger than pages."""
    return declared in DOCUMENT_TYPES or declared in OTHER_NAMES


def _text_type(start: bytes, declared: str) -> str | None:
    if declared in (MARKDOWN_TYPE, "text/x-markdown"):
        return MARKDOWN_TYPE
    if start[:64].lower().startswith(HTML_STARTS) or declared in HTML_TYPES:
        return "text/html"
    return TEXT_TYPE if declared in (TEXT_TYPE, "text/x-rst") else None


def _by_ending(name: str) -> str | None:
    ending = path_of(name).suffix.lower()
    if ending in MARKDOWN_ENDINGS:
        return MARKDOWN_TYPE
    if ending in TEXT_ENDINGS:
        return TEXT_TYPE
    return mimetypes.guess_type(path_of(name).name)[0] if ending in (*HTML_ENDINGS, *TABLE_ENDINGS) else None


def _is_utf16(body: bytes) -> bool:
    return body.startswith((b"\xff\xfe", b"\xfe\xff"))
