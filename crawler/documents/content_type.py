"""What the body of an answer or a file is, by its bytes first and by what was said of it second."""

import re
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
    *("text/x-markdown", "application/csv", "text/x-csv", "text/tab-separated-values"),
    *("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"),
    *("application/zip", "application/x-zip-compressed", *XML_TYPES),
)
"""What servers also call documents that can be read."""

OTHER_TEXTS = (
    *("text/x-rst", "text/prs.fallenstein.rst", "text/asciidoc", "text/x-asciidoc", "text/x-adoc", "text/x-log"),
    *("application/pgp-keys", "application/pgp-signature", "application/pgp-encrypted"),
)
"""What tables of MIME types make of the endings of plain text: ``.rst``, ``.adoc``, ``.log`` and ``.asc``."""

UNDECLARED = ("", "application/octet-stream", "application/x-unknown", "unknown/unknown", "*/*")
"""Content types that say nothing, after the MIME Sniffing standard section 7."""

_OPAQUE = re.compile(r"download|octet-?stream|binary|unknown|attachment|/(?:x-)?(?:file|force|save|any)(?:$|-)|^[^/]*$")
"""What servers say so that browsers save a file, whatever it is; types without a slash are none."""

_PDF_NAMES = re.compile(r"^[a-z]+/(?:.*[.-])?(?:pdf|acrobat)$")
_ARMOR = re.compile(rb"-----BEGIN PGP (?!SIGNED)")
"""Opens keys, signatures and secret messages, which have no words."""

BINARY_MAGIC = (b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"\x7fELF", b"RIFF", b"ID3", b"PK\x03\x04", b"%PDF-")
HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<title", b"<script", b"<!--", b"<div", b"<h1", b"<p")
MARKDOWN_ENDINGS = (".md", ".markdown", ".mdown", ".mkd")
TEXT_ENDINGS = (".txt", ".text", ".rst", ".asc", ".adoc", ".log")
HTML_ENDINGS = (".html", ".htm", ".xhtml")
TABLE_ENDINGS = (".csv", ".tsv")
_TYPES = {
    **dict.fromkeys(MARKDOWN_ENDINGS, MARKDOWN_TYPE),
    **dict.fromkeys(TEXT_ENDINGS, TEXT_TYPE),
    **dict.fromkeys(HTML_ENDINGS, "text/html"),
    ".xhtml": XHTML_TYPE,
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}
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
    if declared in (TEXT_TYPE, *OTHER_TEXTS) or is_opaque(declared):
        declared = type_of_name(name) or declared
    kind = sniff(body, declared)
    if kind is not None:
        return MEDIA_TYPES.get(kind, OLD_OFFICE_TYPE)
    is_wordless = is_binary or (b"\x00" in start and not _is_utf16(body)) or _ARMOR.match(start)
    return None if is_wordless else _text_type(start, declared)


def may_be(declared: str, accepted: Collection[str]) -> bool:
    """Whether a body of this declared type may turn out to be of an accepted one, so that it is worth reading."""
    if declared in accepted or is_opaque(declared):
        return True
    return TEXT_TYPE in accepted and (declared in (*OTHER_NAMES, *OTHER_TEXTS) or is_document(declared))


def is_document(declared: str) -> bool:
    """Whether this type stands for PDF, Office or CSV files, which are larger than pages."""
    return declared in DOCUMENT_TYPES or declared in OTHER_NAMES or bool(_PDF_NAMES.match(declared))


def is_opaque(declared: str) -> bool:
    """Whether this type says nothing, so that the content alone does.

    >>> is_opaque("application/force-download"), is_opaque("image/png")
    (True, False)
    """
    return declared in UNDECLARED or bool(_OPAQUE.search(declared))


def starts_document(start: bytes) -> bool:
    """Whether a body that begins so is a document to all appearance; of the kinds that have a mark of their own."""
    return sniff(start) is not None or start.startswith(b"PK\x03\x04")


def _text_type(start: bytes, declared: str) -> str | None:
    if declared in (MARKDOWN_TYPE, "text/x-markdown"):
        return MARKDOWN_TYPE
    if start[:64].lower().startswith(HTML_STARTS) or declared in HTML_TYPES:
        return "text/html"
    return TEXT_TYPE if declared in (TEXT_TYPE, *OTHER_TEXTS) else None


def type_of_name(name: str) -> str | None:
    """The type of what is read here by the ending of a URL or path; tables of the system say other things of some."""
    return _TYPES.get(path_of(name).suffix.lower())


def _is_utf16(body: bytes) -> bool:
    return body.startswith((b"\xff\xfe", b"\xfe\xff"))
