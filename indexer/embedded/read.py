"""Reading documents, passages and suggestions from the tables of the embedded store."""

import json
import sqlite3
from collections.abc import Sequence

from indexer.document import Head, Passage, Vectors
from indexer.embedded.filters import FilterKey, condition
from indexer.embedded.rows import PASSAGE_COLUMNS, head_from_json, passage_from_row, vectors_from_blobs
from indexer.storable import storable

# ruff: noqa: S608 - the statements are put together from constants and from conditions with bound values


def content_hashes(sql: sqlite3.Connection, doc_ids: Sequence[str]) -> dict[str, str]:
    """doc_id -> content hash of those that are stored."""
    query = "SELECT doc_id, content_hash FROM heads WHERE doc_id IN (SELECT value FROM json_each(?))"
    return dict(sql.execute(query, (_listed(doc_ids),)).fetchall())


def known_vectors(sql: sqlite3.Connection, doc_ids: Sequence[str]) -> dict[str, Vectors]:
    """Text to encode -> vector, of these documents' passages."""
    query = (
        f"SELECT {PASSAGE_COLUMNS}, h.head, v.vector FROM heads h JOIN passages p ON p.doc = h.doc "
        "JOIN vectors v ON v.row = p.row WHERE h.doc_id IN (SELECT value FROM json_each(?))"
    )
    rows = sql.execute(query, (_listed(doc_ids),)).fetchall()
    if not rows:
        return {}
    vectors = vectors_from_blobs([row[-1] for row in rows], len(rows[0][-1]) // 2)
    passages = (passage_from_row(row[:-2], head_from_json(row[-2])) for row in rows)
    return {passage.text_to_encode: vector for passage, vector in zip(passages, vectors, strict=True)}


def passages_by_row(sql: sqlite3.Connection, rows: Sequence[int]) -> dict[int, Passage]:
    """Row number -> passage, of those that are stored."""
    query = (
        f"SELECT {PASSAGE_COLUMNS}, h.head FROM json_each(?) j JOIN passages p ON p.row = j.value "
        "JOIN heads h ON h.doc = p.doc"
    )
    found = sql.execute(query, (json.dumps(list(dict.fromkeys(rows))),))
    return {row[0]: passage_from_row(row[:-1], head_from_json(row[-1])) for row in found}


def passages_by_id(sql: sqlite3.Connection, passage_ids: Sequence[str], key: FilterKey) -> list[Passage]:
    """The passages that exist and pass the filters, in the order asked for."""
    where, values = condition(key)
    query = (
        f"SELECT {PASSAGE_COLUMNS}, h.head FROM heads h JOIN passages p ON p.doc = h.doc "
        f"WHERE h.doc_id = ? AND p.ordinal = ? AND {where}"
    )
    found = []
    for passage_id in passage_ids:
        doc_id, _, ordinal = storable(passage_id).rpartition("-")
        row = sql.execute(query, (doc_id, ordinal, *values)).fetchone()
        if row is None:
            continue
        passage = passage_from_row(row[:-1], head_from_json(row[-1]))
        if passage.passage_id == passage_id:
            found.append(passage)
    return found


def document_passages(sql: sqlite3.Connection, doc_id: str, key: FilterKey) -> list[Passage]:
    """All passages of a document that passes the filters, in reading order."""
    where, values = condition(key)
    query = (
        f"SELECT {PASSAGE_COLUMNS}, h.head FROM heads h JOIN passages p ON p.doc = h.doc "
        f"WHERE h.doc_id = ? AND {where} ORDER BY p.ordinal"
    )
    rows = sql.execute(query, (doc_id, *values))
    return [passage_from_row(row[:-1], head_from_json(row[-1])) for row in rows]


def heads_after(sql: sqlite3.Connection, doc_id: str, limit: int) -> list[Head]:
    """The next heads by doc_id."""
    query = "SELECT head FROM heads WHERE doc_id > ? ORDER BY doc_id LIMIT ?"
    return [head_from_json(text) for (text,) in sql.execute(query, (doc_id, limit))]


def _listed(texts: Sequence[str]) -> str:
    return json.dumps([storable(text) for text in texts])
