"""Filters over the tables of the embedded store."""

import sqlite3
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.embedded.rows import seconds_of
from indexer.keywords import PUBLIC, Clause, clauses
from indexer.storable import storable
from indexer.store import Filters

Docs = npt.NDArray[np.int64]
"""(n,) int64, ascending document numbers."""

FilterKey = tuple[tuple[Clause, ...], int | None, int | None]


def filter_key(filters: Filters) -> FilterKey:
    """What the filters ask for, hashable: keyword clauses, first second included, first second excluded."""
    asked = tuple(Clause(c.field, tuple(storable(value) for value in c.values)) for c in clauses(filters))
    start = None if filters.modified_from is None else seconds_of(filters.modified_from)
    end = None if filters.modified_before is None else seconds_of(filters.modified_before)
    return asked, start, end


def condition(key: FilterKey) -> tuple[str, list[Any]]:
    """An SQL condition on table ``heads`` under the name ``h``, and its parameters."""
    asked, start, end = key
    parts, values = [], list[Any]()
    for clause in asked:
        marks = ", ".join("?" * len(clause.values))
        parts.append(
            f"EXISTS (SELECT 1 FROM keywords WHERE field = ? AND value IN ({marks}) AND doc = h.doc)"  # noqa: S608
        )
        values += [clause.field, *clause.values]
    for operator, bound in ((">=", start), ("<", end)):
        if bound is not None:
            parts.append(f"h.modified {operator} ?")
            values.append(bound)
    return " AND ".join(parts), values


def allowed_docs(sql: sqlite3.Connection, key: FilterKey, is_restricted: bool) -> Docs | None:
    """The documents that pass; None if all do. ``is_restricted`` says whether any document has an access list."""
    asked, start, end = key
    allowed: Docs | None = None
    for clause in asked:
        if clause.field == "access" and not is_restricted:
            continue
        marks = ", ".join("?" * len(clause.values))
        found = _docs(
            sql,
            f"SELECT DISTINCT doc FROM keywords WHERE field = ? AND value IN ({marks})",  # noqa: S608 - only marks
            (clause.field, *clause.values),
        )
        allowed = found if allowed is None else np.intersect1d(allowed, found, assume_unique=True)
    if start is not None or end is not None:
        found = _docs(
            sql,
            "SELECT doc FROM heads WHERE modified >= ? AND modified < ?",
            (-(2**62) if start is None else start, 2**62 if end is None else end),
        )
        allowed = found if allowed is None else np.intersect1d(allowed, found, assume_unique=True)
    return allowed


def has_restricted(sql: sqlite3.Connection) -> bool:
    """Whether any document has an access list."""
    found = sql.execute(
        "SELECT EXISTS (SELECT 1 FROM keywords WHERE field = 'access' AND value > ?1)"
        " OR EXISTS (SELECT 1 FROM keywords WHERE field = 'access' AND value < ?1)",
        (PUBLIC,),
    ).fetchone()
    return bool(found[0])


def _docs(sql: sqlite3.Connection, query: str, values: tuple[Any, ...]) -> Docs:
    found = np.fromiter((row[0] for row in sql.execute(query, values)), dtype=np.int64)
    found.sort()
    return found
