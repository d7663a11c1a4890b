"""Text of spreadsheets and of comma-separated values: one section per sheet, one line per row."""

import codecs
import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime, time
from itertools import islice

from crawler.block import Block, BlockKind
from crawler.documents.draft import Draft, one_line, row_line

_SAMPLE_CHARS = 4096
"""Enough to see the separator by; the time that Python's Sniffer takes may grow with the square of it."""

MAX_NAME_CHARS = 80
"""A longer text in the first row is data, or tells about the whole table."""

_NUMBER = re.compile(r"[-+(]?[\d.,:/ %$€£-]+\)?")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_xlsx(data: bytes, draft: Draft) -> None:
    """Fill ``draft`` with the values of every visible sheet, as they were last computed."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        hidden = [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"]
        if hidden:
            draft.notes.append(f"{len(hidden)} hidden sheets are left out: {', '.join(hidden)[:200]}")
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                # The declared extent of a sheet is often wrong, and may be a million empty rows.
                sheet.reset_dimensions()
                rows = ([_cell_text(value) for value in row] for row in sheet.iter_rows(values_only=True))
                _add_rows(draft, rows, (one_line(sheet.title),))
    finally:
        book.close()


def read_csv(data: bytes, draft: Draft) -> None:
    """Fill ``draft`` with one section; the separator is found by looking at the first lines."""
    text = _decoded(data)
    csv.field_size_limit(draft.config.max_text_chars)
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:_SAMPLE_CHARS], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    _add_rows(draft, csv.reader(io.StringIO(text, newline=""), dialect), ())


def _decoded(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # What spreadsheets write in western countries when they do not write UTF-8.
        return data.decode("cp1252", "replace")


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


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return str(value)
