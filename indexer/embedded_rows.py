"""Heads, passages and vectors to rows of SQLite and back."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import numpy as np

from indexer.document import EncodedDocument, Head, Passage, Vectors
from indexer.keywords import keywords, suggestions
from indexer.languages import analyser_of
from indexer.wire import head_from_dict, head_to_dict

PASSAGE_COLUMNS = "p.row, p.doc, p.ordinal, p.text, p.heading_path, p.anchor, p.start_char, p.end_char, p.page_number"


def seconds_of(moment: datetime) -> int:
    """Whole seconds since 1970; a moment without a zone is taken as UTC."""
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() // 1)


def head_to_json(head: Head) -> str:
    """One line of JSON."""
    return json.dumps(head_to_dict(head), ensure_ascii=False)


@lru_cache(maxsize=4096)
def head_from_json(text: str) -> Head:
    """The inverse of ``head_to_json``."""
    return head_from_dict(json.loads(text))


def passage_from_row(row: Sequence[Any], head: Head) -> Passage:
    """A passage from a row of ``PASSAGE_COLUMNS``."""
    _, _, ordinal, text, heading_path, anchor, start_char, end_char, page_number = row
    return Passage(head, ordinal, text, tuple(json.loads(heading_path)), anchor, start_char, end_char, page_number)


def vector_to_blob(vector: Vectors) -> bytes:
    """float16: half the space, and the cosine is off by less than 1e-6."""
    return vector.astype(np.float16).tobytes()


def vectors_from_blobs(blobs: Sequence[bytes], dim: int) -> Vectors:
    """(n, dim) float32 of unit length."""
    halves = np.frombuffer(b"".join(blobs), dtype=np.float16).reshape(len(blobs), dim)
    vectors = halves.astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def insert_document(sql: sqlite3.Connection, document: EncodedDocument, seq: int) -> None:
    """Add a document that is not there; its passages get consecutive row numbers."""
    head = document.head
    modified = seconds_of(head.modified_at) if head.modified_at else None
    doc = sql.execute(
        "INSERT INTO heads (doc_id, content_hash, analyser, modified, passages, seq, head)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            head.doc_id,
            head.content_hash,
            analyser_of(head.language),
            modified,
            len(document.passages),
            seq,
            head_to_json(head),
        ),
    ).lastrowid
    for passage, vector in zip(document.passages, document.vectors, strict=True):
        row = sql.execute(
            "INSERT INTO passages (doc, ordinal, text, heading_path, anchor, start_char, end_char, page_number)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                doc,
                passage.ordinal,
                passage.text,
                json.dumps(passage.heading_path, ensure_ascii=False),
                passage.anchor,
                passage.start_char,
                passage.end_char,
                passage.page_number,
            ),
        ).lastrowid
        sql.execute("INSERT INTO vectors (row, doc, vector) VALUES (?, ?, ?)", (row, doc, vector_to_blob(vector)))
    sql.executemany(
        "INSERT OR IGNORE INTO keywords (field, value, doc) VALUES (?, ?, ?)",
        ((field, value, doc) for field, values in keywords(head).items() for value in values),
    )
    pairs = {pair: None for passage in document.passages for pair in suggestions(passage)}
    sql.executemany(
        "INSERT INTO suggestions (key, text, doc) VALUES (?, ?, ?)", ((key, text, doc) for key, text in pairs)
    )


def remove_documents(sql: sqlite3.Connection, doc_ids: Iterable[str], seq: int) -> int:
    """Remove documents with all that belongs to them; returns how many were there."""
    removed = 0
    for doc_id in doc_ids:
        found = sql.execute("SELECT doc, analyser FROM heads WHERE doc_id = ?", (doc_id,)).fetchone()
        if found is None:
            continue
        doc, analyser = found
        sql.execute("DELETE FROM vectors WHERE row IN (SELECT row FROM passages WHERE doc = ?)", (doc,))
        for table in ("passages", "keywords", "suggestions", "heads"):
            sql.execute(f"DELETE FROM {table} WHERE doc = ?", (doc,))  # noqa: S608 - the names stand in the line above
        sql.execute("INSERT INTO gone (doc, analyser, seq) VALUES (?, ?, ?)", (doc, analyser, seq))
        removed += 1
    return removed
