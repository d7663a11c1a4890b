"""Suggestions of the embedded store: titles and headings, the words they can be found by, and their documents."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import islice

from indexer.document import Passage
from indexer.embedded.filters import FilterKey, condition, has_restricted
from indexer.keywords import suggestion_prefixes, suggestions

LAST_CHARACTER = "\U0010ffff"
CHUNK = 256
"""So many suggestions at a time are looked at for documents that may be shown."""


def insert_suggestions(sql: sqlite3.Connection, doc: int, passages: Iterable[Passage]) -> None:
    """Note a document's suggestions; a text that other documents have is only counted."""
    keys: dict[str, list[str]] = {}
    for key, text in dict.fromkeys(pair for passage in passages for pair in suggestions(passage)):
        keys.setdefault(text, []).append(key)
    for text, theirs in keys.items():
        (number,) = sql.execute(
            "INSERT INTO suggestions (text, documents) VALUES (?, 1)"
            " ON CONFLICT (text) DO UPDATE SET documents = documents + 1 RETURNING id",
            (text,),
        ).fetchone()
        sql.execute("INSERT INTO suggestion_documents (doc, id) VALUES (?, ?)", (doc, number))
        # What one document has as a heading, another may have as its title.
        pairs = [(key, number) for key in theirs]
        sql.executemany("INSERT OR IGNORE INTO suggestion_keys (key, id) VALUES (?, ?)", pairs)


def remove_suggestions(sql: sqlite3.Connection, doc: int) -> None:
    """Forget a document's suggestions; a text without documents goes with all its keys."""
    theirs = [(number,) for (number,) in sql.execute("SELECT id FROM suggestion_documents WHERE doc = ?", (doc,))]
    sql.execute("DELETE FROM suggestion_documents WHERE doc = ?", (doc,))
    sql.executemany("UPDATE suggestions SET documents = documents - 1 WHERE id = ?", theirs)
    sql.executemany(
        "DELETE FROM suggestion_keys WHERE id = ?1 AND (SELECT documents FROM suggestions WHERE id = ?1) = 0", theirs
    )
    sql.executemany("DELETE FROM suggestions WHERE id = ? AND documents = 0", theirs)


def suggested(sql: sqlite3.Connection, prefix: str, k: int, key: FilterKey) -> list[str]:
    """Titles with a word that begins with ``prefix``, then headings: those of most documents first, then A to Z."""
    shown: dict[str, None] = {}
    for start in suggestion_prefixes(prefix):
        if len(shown) < k:
            # Each title may be a heading, too, and then comes again.
            shown |= dict.fromkeys(_beginning(sql, start, k + len(shown), key))
    return list(shown)[:k]


def _beginning(sql: sqlite3.Connection, start: str, k: int, key: FilterKey) -> list[str]:
    found = sql.execute(
        "SELECT DISTINCT s.id, s.text, s.documents FROM suggestion_keys k JOIN suggestions s ON s.id = k.id"
        " WHERE k.key >= ? AND k.key < ? ORDER BY s.documents DESC, s.text",
        (start, start + LAST_CHARACTER),
    )
    if _lets_all_pass(sql, key):
        return [text for _, text, _ in islice(found, k)]
    return _shown(sql, found, k, key)


def _lets_all_pass(sql: sqlite3.Connection, key: FilterKey) -> bool:
    asked, start, end = key
    return start is end is None and all(c.field == "access" for c in asked) and not has_restricted(sql)


def _shown(sql: sqlite3.Connection, found: sqlite3.Cursor, k: int, key: FilterKey) -> list[str]:
    """The best ``k`` by the number of documents that pass the filters.

    As that number is at most the number of all documents, by which ``found`` is sorted, the search ends where no later
    text can be better than the last of the best.
    """
    best: list[tuple[int, str]] = []
    while chunk := found.fetchmany(CHUNK):
        _, text, documents = chunk[0]
        if len(best) == k and (-documents, text) > best[-1]:
            break
        counts = _counts(sql, [number for number, _, _ in chunk], key)
        best += [(-counts[number], text) for number, text, _ in chunk if number in counts]
        best = sorted(best)[:k]
    return [text for _, text in best]


def _counts(sql: sqlite3.Connection, numbers: Sequence[int], key: FilterKey) -> dict[int, int]:
    where, values = condition(key)
    query = (
        "SELECT d.id, COUNT(*) FROM suggestion_documents d JOIN heads h ON h.doc = d.doc "  # noqa: S608 - values are bound
        f"WHERE d.id IN (SELECT value FROM json_each(?)) AND {where} GROUP BY d.id"
    )
    return dict(sql.execute(query, (json.dumps(numbers), *values)).fetchall())
