"""Documents as plain values that JSON can carry, and back without loss."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crawler.block_values import blocks_from_values, blocks_to_values
from crawler.page import Section, Stated
from indexer.document import Document, Head
from indexer.errors import BadDocument

WIRE_VERSION = 3
"""Raised by one whenever the shape changes; a worker refuses what it cannot read instead of guessing."""


def document_to_dict(document: Document) -> dict[str, Any]:
    """The document as JSON values."""
    return {
        "wire": WIRE_VERSION,
        "head": head_to_dict(document.head),
        "sections": [_section_to_dict(section) for section in document.sections],
    }


def document_from_dict(record: Mapping[str, Any]) -> Document:
    """The inverse of ``document_to_dict``; raises BadDocument for anything else."""
    key = _key(record)
    if not isinstance(record, Mapping) or record.get("wire") != WIRE_VERSION:
        raise BadDocument(key, f"Document {key} is not in wire format {WIRE_VERSION}", "Upgrade all workers alike")
    try:
        sections = tuple(_section_from_dict(section) for section in record["sections"])
        return Document(head_from_dict(record["head"]), sections)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise BadDocument(key, f"Document {key} cannot be read from the queue ({error})") from error


def head_to_dict(head: Head) -> dict[str, Any]:
    """The head as JSON values; times as ISO 8601."""
    return {
        "doc_id": head.doc_id,
        "url": head.url,
        "title": head.title,
        "content_hash": head.content_hash,
        "site": head.site,
        "path": head.path,
        "source": head.source,
        "language": head.language,
        "description": head.description,
        "modified_at": head.modified_at.isoformat() if head.modified_at else None,
        "fetched_at": head.fetched_at.isoformat() if head.fetched_at else None,
        "metadata": dict(head.metadata),
        "access": list(head.access),
        **({"stated": [list(fact) for fact in head.stated]} if head.stated else {}),
    }


def head_from_dict(record: Mapping[str, Any]) -> Head:
    """The inverse of ``head_to_dict``."""
    modified_at, fetched_at = record["modified_at"], record["fetched_at"]
    return Head(
        **{
            **record,
            "modified_at": datetime.fromisoformat(modified_at) if modified_at else None,
            "fetched_at": datetime.fromisoformat(fetched_at) if fetched_at else None,
            "access": tuple(record["access"]),
            "stated": tuple(Stated(*fact) for fact in record.get("stated", ())),
        }
    )


def _section_to_dict(section: Section) -> dict[str, Any]:
    return {
        "text": section.text,
        "heading_path": list(section.heading_path),
        "anchor": section.anchor,
        "start_char": section.start_char,
        "end_char": section.end_char,
        "page_number": section.page_number,
        "blocks": blocks_to_values(section.blocks, section.start_char),
    }


def _section_from_dict(record: Mapping[str, Any]) -> Section:
    blocks = blocks_from_values(record["blocks"], record["start_char"])
    return Section(**dict(record) | {"heading_path": tuple(record["heading_path"]), "blocks": blocks})


def _key(record: object) -> str:
    head = record.get("head") if isinstance(record, Mapping) else None
    return str(head.get("url") or head.get("doc_id")) if isinstance(head, Mapping) else "without a head"
