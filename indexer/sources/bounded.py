"""Rows of a database in bounded memory, however large what stands in them: values of megabytes stay where they are.

How many rows are fetched in one go follows from how heavy the last ones were, since a cursor counts rows, not bytes.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import ColumnClause, ColumnElement, Connection, CursorResult, Dialect, Row, Select

MAX_VALUE_BYTES = 4_000_000
"""A larger value is not fetched: no text of a million characters has more bytes."""
MAX_ROWS_AT_ONCE = 100
"""Should all of them be heavy after light ones, they are 400 MB for each column; a way to the server costs little."""
BYTES_AT_ONCE = 16_000_000
"""So much is fetched in one go, judging by the heaviest of the rows before; at least one row is."""
WITHHELD = "recollect_withheld"
"""The column that counts the characters of what was not fetched."""


def columns(wanted: Iterable["ColumnElement[Any]"], dialect: str) -> list["ColumnElement[Any]"]:
    """The same columns with NULL in place of what is too large, and the number of characters left behind."""
    from sqlalchemy import LargeBinary, Text, case, cast, func, literal

    shown: list[ColumnElement[Any]] = []
    withheld: ColumnElement[Any] = literal(0)
    for column in wanted:
        if dialect == "sqlite":  # where a column holds whatever was put into it
            size = chars = func.length(cast(column, LargeBinary))
            is_large: ColumnElement[bool] = (func.typeof(column) != "blob") & (size > MAX_VALUE_BYTES)
        elif _is_small(column):
            shown.append(column)
            continue
        elif isinstance(column.type, LargeBinary):  # no text, which nobody misses
            shown.append(case((func.octet_length(column) <= MAX_VALUE_BYTES, column)).label(column.key))
            continue
        else:
            size, chars = func.octet_length(cast(column, Text)), func.char_length(cast(column, Text))
            is_large = size > MAX_VALUE_BYTES
        shown.append(case((size <= MAX_VALUE_BYTES, column)).label(column.key))
        withheld += case((is_large, chars), else_=0)
    return [*shown, withheld.label(WITHHELD)]


def columns_of(result: "CursorResult[Any]", dialect: "Dialect") -> list["ColumnClause[Any]"]:
    """The columns of a query, those known for binary ones where the database tells it."""
    from sqlalchemy import LargeBinary, column
    from sqlalchemy.types import NullType

    names = list(result.keys())
    codes: list[object] = [None] * len(names)
    if dialect.name == "postgresql" and result.cursor is not None:
        codes = [cell[1] for cell in result.cursor.description]
    binary = getattr(dialect.dbapi, "BINARY", None)
    return [
        column(name, LargeBinary() if code is not None and code == binary else NullType())
        for name, code in zip(names, codes, strict=True)
    ]


def rows(connection: "Connection", statement: "Select[Any]") -> Iterator["Row[Any]"]:
    """What the statement finds, by a cursor that stays in the database."""
    result = connection.execution_options(stream_results=True).execute(statement)
    at_once = 1
    try:
        while found := result.fetchmany(at_once):
            yield from found
            heaviest = max(_weight(row) for row in found)
            at_once = max(1, min(at_once * 2, BYTES_AT_ONCE // heaviest, MAX_ROWS_AT_ONCE))
    finally:
        result.close()


def parted(row: "Row[Any]") -> tuple[tuple[Any, ...], int]:
    """The values that were asked for, and how many characters of them stayed in the database."""
    values = tuple(row)
    return values[:-1], values[-1]


def _is_small(column: "ColumnElement[Any]") -> bool:
    """Whether its values cannot be large whatever they are."""
    from sqlalchemy import Boolean, Date, DateTime, Enum, Integer, Interval, Numeric, Time, Uuid

    return isinstance(column.type, Boolean | Date | DateTime | Enum | Integer | Interval | Numeric | Time | Uuid)


def _weight(row: "Row[Any]") -> int:
    """About how many bytes a row takes."""
    return 100 + sum(len(value) if isinstance(value, str | bytes | memoryview) else 50 for value in row)
