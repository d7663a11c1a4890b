"""Reading documents, passages and suggestions from the tables of the embedded store."""

import json
import sqlite3
from collections.abc import Sequence
from typing import TypeVar

from indexer.document import Head, Passage, Vectors
from indexer.embedded.filters import FilterKey, condition
from indexer.embedded.rows import PASSAGE_COLUMNS, has_words, head_from_json, passage_from_row, vectors_from_blobs
from indexer.storable import storable

T = TypeVar("T")

REMEMBERED_PASSAGES = 4096
"""Some ten megabytes, and all the passages of most sites."""

REMEMBERED_HEADS = 32_768

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


Counted = tuple[Passage, bytes | None]
"""A passage and the numbers of its words, where the index has them."""


class PassageReader:
    """Reads passages by their row numbers and remembers some of them, and of their heads; of one moment."""

    def __init__(self) -> None:
        self._passages: dict[int, Counted] = {}
        self._heads: dict[int, Head] = {}
        self._words: str = ""

    def by_row(self, sql: sqlite3.Connection, rows: Sequence[int]) -> dict[int, Counted]:
        """Row number -> passage, of those that are stored."""
        self._words = self._words or ("p.words" if has_words(sql) else "NULL")
        wanted = dict.fromkeys(rows)
        found = {row: known for row in wanted if (known := self._passages.get(row))}
        missing = json.dumps([row for row in wanted if row not in found])
        query = f"SELECT {PASSAGE_COLUMNS}, {self._words} FROM json_each(?) j JOIN passages p ON p.row = j.value"
        read = sql.execute(query, (missing,)).fetchall()
        heads = self._heads_of(sql, [row[1] for row in read])
        fresh = {row[0]: (passage_from_row(row[:-1], heads[row[1]]), row[-1]) for row in read}
        _remember(self._passages, fresh, REMEMBERED_PASSAGES)
        return found | fresh

    def _heads_of(self, sql: sqlite3.Connection, docs: Sequence[int]) -> dict[int, Head]:
        wanted = dict.fromkeys(docs)
        found = {doc: known for doc in wanted if (known := self._heads.get(doc))}
        missing = json.dumps([doc for doc in wanted if doc not in found])
        query = "SELECT h.doc, h.head FROM json_each(?) j JOIN heads h ON h.doc = j.value"
        fresh = {doc: head_from_json(head) for doc, head in sql.execute(query, (missing,))}
        _remember(self._heads, fresh, REMEMBERED_HEADS)
        return found | fresh


def _remember(known: dict[int, T], fresh: dict[int, T], limit: int) -> None:
    """Forgetting all now and then costs less than keeping account of what was asked for last."""
    if len(known) + len(fresh) > limit:
        known.clear()
    known.update(fresh)


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
