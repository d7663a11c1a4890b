"""Documents into and out of the tables of the embedded store."""

import json
import sqlite3
from collections.abc import Iterable

from indexer.asking.stems import numbered
from indexer.document import EncodedDocument
from indexer.embedded.rows import (
    PASSAGE_COLUMNS,
    blocks_to_json,
    has_words,
    head_from_json,
    head_to_json,
    passage_from_row,
    seconds_of,
    vector_to_blob,
)
from indexer.embedded.suggest import insert_suggestions, remove_suggestions
from indexer.keywords import keywords
from indexer.languages import analyser_of


def insert_document(sql: sqlite3.Connection, document: EncodedDocument, seq: int) -> None:
    """Add a document that is not there; its passages get consecutive row numbers."""
    head = document.head
    modified = seconds_of(head.modified_at) if head.modified_at else None
    (doc,) = sql.execute(
        "INSERT INTO heads (doc_id, content_hash, analyser, modified, passages, seq, head)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING doc",
        (
            head.doc_id,
            head.content_hash,
            analyser_of(head.language),
            modified,
            len(document.passages),
            seq,
            head_to_json(head),
        ),
    ).fetchone()
    for passage, vector in zip(document.passages, document.vectors, strict=True):
        (row,) = sql.execute(
            "INSERT INTO passages"
            " (doc, ordinal, text, heading_path, anchor, start_char, end_char, page_number, blocks, words)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING row",
            (
                doc,
                passage.ordinal,
                passage.text,
                json.dumps(passage.heading_path, ensure_ascii=False),
                passage.anchor,
                passage.start_char,
                passage.end_char,
                passage.page_number,
                blocks_to_json(passage),
                numbered(passage.text_to_encode, head.language),
            ),
        ).fetchone()
        sql.execute("INSERT INTO vectors (row, doc, vector) VALUES (?, ?, ?)", (row, doc, vector_to_blob(vector)))
    sql.executemany(
        "INSERT OR IGNORE INTO keywords (field, value, doc) VALUES (?, ?, ?)",
        ((field, value, doc) for field, values in keywords(head).items() for value in values),
    )
    insert_suggestions(sql, doc, document.passages)


def add_words(sql: sqlite3.Connection) -> None:
    """Complete an index that was made before passages had the numbers of their words."""
    if has_words(sql):
        return
    sql.execute("ALTER TABLE passages ADD COLUMN words BLOB")
    for doc, written in sql.execute("SELECT doc, head FROM heads").fetchall():
        head = head_from_json(written)
        rows = sql.execute(f"SELECT {PASSAGE_COLUMNS} FROM passages p WHERE doc = ?", (doc,)).fetchall()  # noqa: S608
        found = ((numbered(passage_from_row(row, head).text_to_encode, head.language), row[0]) for row in rows)
        sql.executemany("UPDATE passages SET words = ? WHERE row = ?", found)


def remove_documents(sql: sqlite3.Connection, doc_ids: Iterable[str], seq: int) -> int:
    """Remove documents with all that belongs to them; returns how many were there."""
    removed = 0
    for doc_id in doc_ids:
        found = sql.execute("SELECT doc, analyser FROM heads WHERE doc_id = ?", (doc_id,)).fetchone()
        if found is None:
            continue
        doc, analyser = found
        remove_suggestions(sql, doc)
        sql.execute("DELETE FROM vectors WHERE row IN (SELECT row FROM passages WHERE doc = ?)", (doc,))
        for table in ("passages", "keywords", "heads"):
            sql.execute(f"DELETE FROM {table} WHERE doc = ?", (doc,))  # noqa: S608 - the names stand in the line above
        sql.execute("INSERT INTO gone (doc, analyser, seq) VALUES (?, ?, ?)", (doc, analyser, seq))
        removed += 1
    return removed
