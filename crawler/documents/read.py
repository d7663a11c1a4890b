"""Text of PDF, Word, PowerPoint, Excel and CSV files, told apart by their content and read in a separate process."""

import atexit
import mimetypes
import threading
from importlib.util import find_spec
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from crawler.block_values import blocks_from_values
from crawler.documents.draft import DocumentConfig, ExtractedDocument, UnreadableDocument
from crawler.documents.pool import DocumentPool
from crawler.documents.zip import office_kind
from crawler.errors import MissingExtra
from crawler.outcome import Reason
from crawler.page import Section, place_sections

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
"""What is read, by kind."""

OLD_OFFICE = "ole"
"""The kind of a file in the container of Office 97, which also holds password-protected files of today."""

_LIBRARIES = {"pdf": "pypdfium2", "docx": "docx", "pptx": "pptx", "xlsx": "openpyxl"}
_CSV_TYPES = ("text/csv", "application/csv", "text/x-csv", "text/tab-separated-values")
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_PDF_HEADER_BYTES = 1024  # readers accept rubbish before the header up to here
_TEXT_BYTES = 4096

_pools: dict[DocumentConfig, DocumentPool] = {}
_pools_lock = threading.Lock()


def sniff(data: bytes, declared_type: str | None = None) -> str | None:
    """The kind of a document by its bytes: ``pdf``, ``docx``, ``pptx``, ``xlsx``, ``csv`` or ``ole``; None: not ours.

    ``declared_type`` (a media type, with or without parameters) only tells CSV from other text: its content does not.
    """
    if b"%PDF-" in data[:_PDF_HEADER_BYTES] and not data[:_PDF_HEADER_BYTES].lstrip().startswith(b"<"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return office_kind(data)
    if data.startswith(_OLE_MAGIC):
        return OLD_OFFICE
    media_type = (declared_type or "").partition(";")[0].strip().lower()
    return "csv" if media_type in _CSV_TYPES and _is_plain_text(data[:_TEXT_BYTES]) else None


def extract_document(
    data: bytes, name: str, config: DocumentConfig = DocumentConfig(), declared_type: str | None = None
) -> ExtractedDocument:
    """Read one document. ``name`` is its URL or path: for messages, and for the title when the file has none.

    Without a ``declared_type`` (as in ``sniff``) the ending of ``name`` stands for it. Blocks for up to
    ``config.timeout_s``; threads may call it at the same time. Raises UnreadableDocument, with a reason such as
    ``encrypted``, ``damaged``, ``bomb``, ``no_text`` or ``timeout``. A bad file costs its own process at most.
    """
    kind = sniff(data, declared_type or mimetypes.guess_type(path_of(name).name)[0])
    if kind is None:
        raise UnreadableDocument(name, Reason.TYPE, "is not a PDF, DOCX, PPTX, XLSX or CSV file")
    if kind == OLD_OFFICE:
        raise _old_office(data, name)
    if len(data) > config.max_bytes:
        raise UnreadableDocument(
            name,
            Reason.TOO_LARGE,
            f"has {len(data):,} bytes; {config.max_bytes:,} are allowed",
            "Raise max_bytes of documents",
        )
    if kind in _LIBRARIES and find_spec(_LIBRARIES[kind]) is None:
        raise _missing_extra(name, kind)
    reply = _pool(config).read(kind, data)
    if reply.get("reason") == Reason.MISSING_EXTRA:
        raise _missing_extra(name, kind)
    if "reason" in reply:
        raise UnreadableDocument(name, Reason(reply["reason"]), reply["what"], reply["cure"])
    sections = place_sections(
        Section(text, tuple(path), anchor, page_number=number, blocks=blocks_from_values(blocks))
        for text, path, number, anchor, blocks in reply["sections"]
    )
    if not sections:
        raise UnreadableDocument(name, Reason.NO_TEXT, "holds no text")
    title = reply["title"] or title_of(name)
    return ExtractedDocument(title, sections, kind, reply["metadata"], tuple(reply["notes"]))


def close_pools() -> None:
    """End all processes that read documents; the next document starts one again."""
    with _pools_lock:
        pools = list(_pools.values())
        _pools.clear()
    for pool in pools:
        pool.close()


atexit.register(close_pools)


def _pool(config: DocumentConfig) -> DocumentPool:
    with _pools_lock:
        if config not in _pools:
            _pools[config] = DocumentPool(config)
        return _pools[config]


def _is_plain_text(start: bytes) -> bool:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return b"\x00" not in start and not start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _old_office(data: bytes, name: str) -> UnreadableDocument:
    if _ENCRYPTED_PACKAGE in data:
        return UnreadableDocument(
            name, Reason.ENCRYPTED, "is protected by a password", "Save a copy without a password"
        )
    return UnreadableDocument(
        name, Reason.TYPE, "is an Office file from before 2007", "Save it as DOCX, PPTX, XLSX or PDF"
    )


def _missing_extra(name: str, kind: str) -> UnreadableDocument:
    missing = MissingExtra(f"is a {kind.upper()} file, which", "documents")
    return UnreadableDocument(name, Reason.MISSING_EXTRA, missing.what, missing.cure)


def path_of(name: str) -> PurePosixPath:
    """The path of a URL, decoded, or the path itself."""
    return PurePosixPath(unquote(urlsplit(name).path) if "://" in name else name)


def title_of(name: str) -> str:
    """What to call a file that names itself nowhere."""
    return path_of(name).stem.replace("_", " ").strip() or name
