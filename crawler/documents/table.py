"""Text of spreadsheets and of comma-separated values: one section per sheet, one line per row."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from itertools import islice, repeat
from typing import Any

from crawler.block import Block, BlockKind
from crawler.documents.draft import Draft, one_line, row_line
from crawler.text.decode import decode

_SAMPLE_CHARS = 4096
"""Enough to see the separator by; the time that Python's Sniffer takes may grow with the square of it."""

MAX_NAME_CHARS = 80
"""A longer text in the first row is data, or tells about the whole table."""

_NUMBER = re.compile(r"[-+(]?[\d.,:/ %$€£-]+\)?")
_FORMULA = re.compile(rb"<(?:x:)?f\b[^>]*(?:/>|>[^<]*</(?:x:)?f>)\s*(?:<(?:x:)?v\s*/>|<(?:x:)?v></|</(?:x:)?c>)")
"""A formula in a cell without a value."""

_SHEET = re.compile(r"xl/worksheets/[^/]*\.xml")
_DECIMALS = re.compile(r"0\.(0+)")


def read_xlsx(data: bytes, draft: Draft) -> None:
    """Fill ``draft`` with the values of every visible sheet, as they were last computed and as they are shown.

    A formula that was never computed, as programs write them, is told as it stands.
    """
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    asked = (
        openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False) if _has_bare_formulas(data) else None
    )
    try:
        hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
        if hidden:
            draft.notes.append(f"{len(hidden)} hidden sheets are left out: {', '.join(hidden)[:200]}")
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                # The declared extent of a sheet is often wrong, and may be a million empty rows.
                sheet.reset_dimensions()
                formulas = _formulas_of(asked[sheet.title]) if asked is not None else repeat(())
                rows = (_row_texts(row, asked_row) for row, asked_row in zip(sheet.iter_rows(), formulas, strict=False))
                _add_rows(draft, rows, (one_line(sheet.title),))
    finally:
        book.close()
        if asked is not None:
            asked.close()


def read_csv(data: bytes, draft: Draft) -> None:
    """Fill ``draft`` with one section; separator and encoding are found by looking."""
    text = decode(data)
    csv.field_size_limit(draft.config.max_text_chars)
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:_SAMPLE_CHARS], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    _add_rows(draft, csv.reader(io.StringIO(text, newline=""), dialect), ())


def _add_rows(draft: Draft, rows: Iterable[list[str]], path: tuple[str, ...]) -> None:
    limit = draft.config.max_rows
    waiting = iter(rows)
    taken = list(islice(waiting, limit))
    used = sorted({i for row in taken for i, cell in enumerate(row) if cell and not cell.isspace()})
    kept = [[row[i] if i < len(row) else "" for i in used] for row in taken]
    filled = [cells for cells in kept if any(cell.strip() for cell in cells)]
    marked = table_rows(filled, draft.new_group(), has_header=_has_names(filled))
    draft.add("\n".join(line for line, _ in marked), path, marked=marked, levels=(1,) if path else ())
    if next(waiting, None) is not None:
        where = f" of sheet {path[0]}" if path else ""
        draft.notes.append(f"rows after the first {limit:,}{where} are left out (max_rows)")


def table_rows(rows: list[list[str]], group: int, *, has_header: bool) -> list[tuple[str, Block]]:
    """The rows that say something as lines and what they are; the first of them names the columns if ``has_header``."""
    found: list[tuple[str, Block]] = []
    columns: tuple[str, ...] = ()
    for cells in rows:
        if not (line := row_line(cells)):
            continue
        is_header = has_header and not found
        named = () if is_header else columns[: _filled(cells)]
        found.append((line, Block(BlockKind.TABLE_ROW, 0, 0, group, columns=named, is_header=is_header)))
        if is_header:
            columns = tuple(one_line(cell) for cell in cells)
    return found


def _has_names(rows: list[list[str]]) -> bool:
    """Does the first row look like names of columns: a different word in each column, and no number?"""
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    names = [one_line(cell) for cell in rows[0]]
    are_words = all(name and len(name) <= MAX_NAME_CHARS and not _NUMBER.fullmatch(name) for name in names)
    return are_words and len(set(names)) == len(names)


def _filled(cells: list[str]) -> int:
    """How many cells a row's line has: empty ones at its end are not written."""
    return max((i for i, cell in enumerate(cells, 1) if cell and not cell.isspace()), default=0)


def _has_bare_formulas(data: bytes) -> bool:
    """Does a sheet hold formulas without a computed value?"""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(_FORMULA.search(archive.read(name)) for name in archive.namelist() if _SHEET.fullmatch(name))


def _formulas_of(sheet: Any) -> Iterable[tuple[object, ...]]:
    sheet.reset_dimensions()
    rows: Iterable[tuple[object, ...]] = sheet.iter_rows(values_only=True)
    return rows


def _row_texts(row: Iterable[Any], asked: tuple[object, ...]) -> list[str]:
    return [
        _cell_text(cell.value, cell.number_format)
        if cell.value is not None or i >= len(asked) or asked[i] is None
        else str(asked[i])
        for i, cell in enumerate(row)
    ]


def _cell_text(value: object, shown_as: str | None = None) -> str:
    """A value as its format shows it to a reader, where that says more than the number."""
    if value is None:
        return ""
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in (shown_as or ""):
        found = _DECIMALS.search(shown_as or "")
        return f"{100 * value:.{len(found[1]) if found else 0}f}%"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _duration(value: timedelta) -> str:
    """Hours, minutes and seconds, however many days they make."""
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
