"""Text of spreadsheets and of comma-separated values: one section per sheet, one line per row."""

import codecs
import csv
import io
from collections.abc import Iterable
from datetime import datetime, time
from itertools import islice

from crawler.documents.draft import Draft, one_line, row_line

_SAMPLE_CHARS = 4096
"""Enough to see the separator by; the time that Python's Sniffer takes may grow with the square of it."""

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
    lines = (row_line([row[i] for i in used if i < len(row)]) for row in taken)
    draft.add("\n".join(filter(None, lines)), path)
    if next(waiting, None) is not None:
        where = f" of sheet {path[0]}" if path else ""
        draft.notes.append(f"rows after the first {limit:,}{where} are left out (max_rows)")


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return str(value)
