"""Zipped office files before they are opened: which kind they are, and whether they would grow beyond all bounds."""

import io
import re
import zipfile
import zlib

from crawler.documents.draft import DocumentConfig, Draft, Refusal, one_line
from crawler.outcome import Reason

_END = b"PK\x05\x06"
_END_BYTES = 22
_MAX_COMMENT_BYTES = 65_535
_CHUNK_BYTES = 1 << 16
_FOLDERS = {b"word/": "docx", b"ppt/": "pptx", b"xl/": "xlsx"}
_ENCRYPTED_FLAG = 1
_PROPERTIES = "docProps/core.xml"
_MAX_PROPERTIES_BYTES = 1 << 20
_RELATIONS = "_rels/.rels"
_STRICT = b"http://purl.oclc.org/ooxml/"
_STRICT_NAME = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)([/\w-]*)")
_FIELDS = {
    "creator": "author",
    "subject": "subject",
    "keywords": "keywords",
    "language": "declared_language",
    "created": "created",
    "modified": "modified",
}


def office_kind(data: bytes) -> str | None:
    """``docx``, ``pptx`` or ``xlsx`` by the names in a zip file's directory; None for another zip, or none at all.

    Nothing is unpacked, and no more than the directory is looked at.
    """
    end = data.rfind(_END, max(0, len(data) - _END_BYTES - _MAX_COMMENT_BYTES))
    if end < 0 or len(data) < end + _END_BYTES:
        return None
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    directory = data[max(0, end - size) : end]
    if b"[Content_Types].xml" not in directory:
        return None
    return next((kind for folder, kind in _FOLDERS.items() if folder in directory), None)


def check_zip(data: bytes, config: DocumentConfig) -> None:
    """Raise Refusal for a damaged or encrypted archive, and for one that unpacks to more than the limits allow.

    The declared sizes are added up first; then every part of markup is unpacked in small pieces, a header may lie.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > config.max_members:
                raise Refusal(
                    Reason.BOMB,
                    f"holds {len(members):,} parts; {config.max_members:,} are allowed",
                    "Raise max_members",
                )
            if any(member.flag_bits & _ENCRYPTED_FLAG for member in members):
                raise Refusal(Reason.ENCRYPTED, "is protected by a password", "Save a copy without a password")
            if sum(member.file_size for member in members) > config.max_unpacked_bytes:
                raise _bomb(config)
            room = config.max_unpacked_bytes
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    room -= _unpacked_bytes(archive, member)
            if room < 0:
                raise _bomb(config)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise Refusal(Reason.DAMAGED, f"is damaged: {error}", "Open and save it again, or leave it out") from error


def _unpacked_bytes(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    size = 0
    with archive.open(member) as part:
        while piece := part.read(_CHUNK_BYTES):
            size += len(piece)
    return size


def _bomb(config: DocumentConfig) -> Refusal:
    return Refusal(
        Reason.BOMB,
        f"unpacks to more than {config.max_unpacked_bytes:,} bytes",
        "Raise max_unpacked_bytes if it is to be trusted",
    )


def read_properties(data: bytes, draft: Draft) -> None:
    """Title, author and dates as the file states them; the libraries fill gaps with today's date and their own name."""
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if _PROPERTIES not in archive.namelist():
            return
        with archive.open(_PROPERTIES) as part:
            markup = part.read(_MAX_PROPERTIES_BYTES)
    try:
        root = etree.fromstring(markup, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        draft.notes.append("the document's properties are damaged and left out")
        return
    values = {etree.QName(child).localname: child.text for child in root.iterchildren("*")}
    draft.title = one_line(values.get("title") or "")[:300]
    draft.describe(**{name: values.get(key) for key, name in _FIELDS.items()})


def as_transitional(data: bytes) -> bytes:
    """A file in Strict Open XML with the namespaces of the transitional kind, which alone the libraries know.

    The two differ in little else (ISO/IEC 29500-1 and -4). Any other file is returned as it is.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if _RELATIONS not in archive.namelist() or _STRICT not in archive.read(_RELATIONS):
            return data
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as copy:
            for member in archive.infolist():
                part = archive.read(member)
                if member.filename.endswith((".xml", ".rels")):
                    part = _STRICT_NAME.sub(_transitional_name, part)
                copy.writestr(member.filename, part)
    return written.getvalue()


def _transitional_name(name: "re.Match[bytes]") -> bytes:
    rest = (
        name[2]
        .replace(b"extendedProperties", b"extended-properties")
        .replace(b"customProperties", b"custom-properties")
    )
    return b"http://schemas.openxmlformats.org/" + name[1] + b"/2006" + rest
