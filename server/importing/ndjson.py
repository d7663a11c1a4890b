"""Documents from NDJSON: one JSON object on a line."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.extract.extract import extract, hash_content
from crawler.page import SECTION_SEPARATOR, Page, Section, Stated, place_sections
from crawler.text.language import detect_language
from indexer.convert import document_from_page
from indexer.document import Document, doc_id_of
from server.errors import BadInput
from server.request import as_utc
from server.settings.typed import nearest

SUFFIXES = frozenset({".ndjson", ".jsonl"})
KEYS = ("id", "url", "title", "text", "html", "sections", "metadata", "access", "language", "modified_at")
CONTENTS = ("text", "html", "sections")
SECTION_KEYS = ("text", "heading_path", "anchor")


def read(path: Path, source: str, failed: dict[str, str]) -> Iterator[Document]:
    """Every document of the file; what is wrong with a line goes into ``failed`` under ``PATH:LINE``."""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    yield parse(line, source, path.resolve().as_uri())
                except BadInput as error:
                    failed[f"{path}:{number}"] = str(error)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}", "Check its permissions") from error


def parse(line: bytes, source: str, place: str) -> Document:
    """One document; ``place`` is the address of those that have none of their own. Raises BadInput."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"not JSON ({error})") from error
    return document(record, source, place)


def document(record: object, source: str, place: str) -> Document:
    """The document of a JSON object. Raises BadInput that says which key is wrong."""
    if not isinstance(record, dict):
        raise BadInput("not a JSON object")
    for key in record:
        if key not in KEYS:
            raise BadInput(f"unknown key {key!r}", nearest(key, KEYS, ""))
    key, url = key_of(record), _url(record)
    if not key and not url:
        raise BadInput("neither id nor url")
    address = url or f"{place}#{key}"
    content = _content(record, address)
    text = SECTION_SEPARATOR.join(section.text for section in content.sections)
    if not text.strip():
        raise BadInput("no text")
    modified_at = _time(record)
    title = _text(record, "title") or content.title or key or address
    page = Page(
        url=address,
        status=200,
        fetched_at=datetime.now(UTC),
        title=title,
        sections=content.sections,
        content_hash=hash_content(title, text, content.stated),
        language=_text(record, "language") or content.language or detect_language(text),
        description=content.description,
        last_modified=modified_at,
        metadata=_metadata(record),
        stated=content.stated,
    )
    found = document_from_page(page, source, _texts(record, "access"))
    # Where it leads and when it changed are this source's own words, so a change of theirs alone must be indexed too.
    content_hash = _hash(found.head.content_hash, address, modified_at.isoformat() if modified_at else "")
    doc_id = doc_id_of(f"{source}:{key}" if key else address)
    return replace(found, head=replace(found.head, doc_id=doc_id, content_hash=content_hash))


def restricted(document: Document, groups: tuple[str, ...]) -> Document:
    """The document, to be seen by these groups alone; its hash says so."""
    content_hash = _hash(document.head.content_hash, *groups)
    return replace(document, head=replace(document.head, access=groups, content_hash=content_hash))


def _hash(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def key_of(record: dict[str, Any]) -> str:
    """The ``id``, which may be a number; empty where there is none. Raises BadInput."""
    key = record.get("id")
    return str(key) if isinstance(key, int) and not isinstance(key, bool) else _text(record, "id")


def _url(record: dict[str, Any]) -> str:
    """Nothing that a browser would run, or that leads nowhere from a page."""
    url = _text(record, "url")
    if url and not url.lower().startswith(("http://", "https://")):
        raise BadInput(f"url is {url!r:.60}, expected one that begins with http:// or https://")
    if not url.isprintable():
        raise BadInput(f"url is {url!r:.60}, expected one without signs that nobody sees")
    return url


@dataclass(frozen=True, slots=True)
class _Content:
    """What a record says, and what its HTML says of itself."""

    sections: tuple[Section, ...]
    title: str = ""
    language: str | None = None
    description: str = ""
    stated: tuple[Stated, ...] = ()


def _content(record: dict[str, Any], address: str) -> _Content:
    given = [name for name in CONTENTS if record.get(name)]
    if len(given) > 1:
        raise BadInput(f"both {given[0]} and {given[1]}", "Give one of them")
    if given == ["html"]:
        found = extract(_text(record, "html"), address)
        return _Content(found.sections, found.title, found.language, found.description, found.stated)
    if given == ["sections"]:
        return _Content(place_sections(_sections(record["sections"])))
    return _Content(place_sections([Section(_text(record, "text").strip())]))


def _sections(value: object) -> Iterator[Section]:
    if not isinstance(value, list):
        raise BadInput(f"sections is {value!r:.60}, expected a list of objects")
    for number, section in enumerate(value, 1):
        if not isinstance(section, dict):
            raise BadInput(f"section {number} is not a JSON object")
        for key in section:
            if key not in SECTION_KEYS:
                raise BadInput(f"section {number}: unknown key {key!r}", nearest(key, SECTION_KEYS, ""))
        headings = _texts(section, "heading_path")
        yield Section(_text(section, "text").strip(), headings, _text(section, "anchor") or None)


def _text(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    if value is not None and not isinstance(value, str):
        raise BadInput(f"{key} is {value!r:.60}, expected text")
    return value or ""


def _texts(record: dict[str, Any], key: str) -> tuple[str, ...]:
    value = record.get(key) or []
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
        raise BadInput(f"{key} is {value!r:.60}, expected a list of texts")
    return tuple(values)


def _metadata(record: dict[str, Any]) -> dict[str, str]:
    value = record.get("metadata") or {}
    if not isinstance(value, dict) or not all(isinstance(item, str | int | float) for item in value.values()):
        raise BadInput(f"metadata is {value!r:.60}, expected texts by name")
    return {key: json.dumps(item) if isinstance(item, bool) else str(item) for key, item in value.items()}


def _time(record: dict[str, Any]) -> datetime | None:
    text = _text(record, "modified_at")
    if not text:
        return None
    try:
        return as_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise BadInput(f"modified_at {text!r} is not ISO 8601") from error
