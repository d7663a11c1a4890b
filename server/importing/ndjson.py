"""Documents from NDJSON: one JSON object on a line."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.extract.extract import hash_content
from crawler.page import Page, Section, place_sections
from crawler.text.language import detect_language
from indexer.convert import document_from_page
from indexer.document import Document, doc_id_of
from server.errors import BadInput
from server.settings.typed import nearest

SUFFIXES = frozenset({".ndjson", ".jsonl"})
KEYS = ("id", "url", "title", "text", "metadata", "access", "language", "modified_at")


def read(path: Path, source: str, failed: dict[str, str]) -> Iterator[Document]:
    """Every document of the file; what is wrong with a line goes into ``failed`` under ``PATH:LINE``."""
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    yield parse(line, source, path)
                except BadInput as error:
                    failed[f"{path}:{number}"] = str(error)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}", "Check its permissions") from error


def parse(line: bytes, source: str, path: Path) -> Document:
    """One document. Raises BadInput that says which key is wrong."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"not JSON ({error})") from error
    if not isinstance(record, dict):
        raise BadInput("not a JSON object")
    for key in record:
        if key not in KEYS:
            raise BadInput(f"unknown key {key!r}", nearest(key, KEYS, ""))
    return _document(record, source, path)


def _document(record: dict[str, Any], source: str, path: Path) -> Document:
    title, text = _text(record, "title"), _text(record, "text")
    key, url = _key(record), _text(record, "url")
    if not key and not url:
        raise BadInput("neither id nor url")
    if not text.strip():
        raise BadInput("no text")
    sections = place_sections([Section(text.strip())])
    access = _texts(record, "access")
    modified_at = _time(record)
    address = url or f"{path.resolve().as_uri()}#{key}"
    page = Page(
        url=address,
        status=200,
        fetched_at=datetime.now(UTC),
        title=title or key or address,
        sections=sections,
        content_hash=hash_content(title, text),
        language=_text(record, "language") or detect_language(text),
        last_modified=modified_at,
        metadata=_metadata(record),
    )
    document = document_from_page(page, source, access)
    # Where it leads and when it changed are this source's own words, so a change of theirs alone must be indexed too.
    content_hash = _hash(document.head.content_hash, address, modified_at.isoformat() if modified_at else "")
    doc_id = doc_id_of(f"{source}:{key}" if key else address)
    return replace(document, head=replace(document.head, doc_id=doc_id, content_hash=content_hash))


def restricted(document: Document, groups: tuple[str, ...]) -> Document:
    """The document, to be seen by these groups alone; its hash says so."""
    content_hash = _hash(document.head.content_hash, *groups)
    return replace(document, head=replace(document.head, access=groups, content_hash=content_hash))


def _hash(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _key(record: dict[str, Any]) -> str:
    key = record.get("id")
    return str(key) if isinstance(key, int) and not isinstance(key, bool) else _text(record, "id")


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
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"modified_at {text!r} is not ISO 8601") from error
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
