"""Text of a PDF page by page, under the headings of its outline or, without one, those set in taller letters."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.documents.draft import Draft, Refusal, one_line
from crawler.documents.pdf_lines import (
    SOFT_HYPHENS,
    Line,
    body_height,
    heading_levels,
    level_of,
    paragraphs,
    without_running_lines,
)
from crawler.outcome import Reason

_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?")
_NO_TITLE = re.compile(
    r"(?i)(?:untitled.*|microsoft (?:word|powerpoint) - .*|\S*_\S*|.*\.(?:docx?|pptx?|xlsx?|tex|dvi|indd|pdf|qxd))"
)
_MAX_OUTLINE = 5000
_LINE_ENDS = ("\r", "\n", *SOFT_HYPHENS)
_XYZ, _FIT_HORIZONTAL = 1, 3  # PDF 32000-1 table 151; PDFium's PDFDEST_VIEW_* numbers


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """One entry of the outline: level from 1, the page's index, and how high on the page it points (None: unknown)."""

    title: str
    level: int
    page: int
    top: float | None


def read_pdf(data: bytes, draft: Draft) -> None:
    """Fill ``draft``; raises Refusal for encrypted and damaged files and for pages without any text."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise Refusal(Reason.ENCRYPTED, "is protected by a password", "Save a copy without a password") from error
        raise Refusal(
            Reason.DAMAGED, "is damaged: it does not open as a PDF", "Open and save it again, or leave it out"
        ) from error
    count = len(document)
    limit = min(count, draft.config.max_pages)
    pages: list[list[Line]] = []
    heights: list[float] = []
    for index in range(limit):
        lines, height = _page_lines(document, index, draft)
        pages.append(lines)
        heights.append(height)
    if count > limit:
        draft.notes.append(f"pages {limit + 1} to {count} are left out (max_pages)")
    _describe(document, count, draft)
    empty = sum(not page for page in pages)
    if empty == limit:
        raise Refusal(
            Reason.NO_TEXT, f"has {count} pages and no text: it is scanned", "Run it through OCR and crawl it again"
        )
    if empty:
        draft.notes.append(f"{empty} of {limit} pages hold no text (scanned or empty)")
    kept, running = without_running_lines(pages, heights)
    if running:
        draft.notes.append(f"{running} running headers, footers and page numbers are left out")
    outline = _outline(document)
    body = body_height(kept)
    levels = {} if len(outline) >= 2 else heading_levels(kept, body)
    draft.title = draft.title or _title_on_page(kept[0], body)
    _add_sections(draft, kept, outline if len(outline) >= 2 else [], body, levels)


def _page_lines(document: Any, index: int, draft: Draft) -> tuple[list[Line], float]:
    import pypdfium2

    try:
        page = document[index]
    except pypdfium2.PdfiumError:
        draft.notes.append(f"page {index + 1} is damaged and left out")
        return [], 0.0
    text = page.get_textpage()
    try:
        return list(_lines(text)), page.get_height()
    finally:
        text.close()
        page.close()


def _lines(text: Any) -> Iterator[Line]:
    """Lines in the order of the page's content."""
    from pypdfium2 import raw

    characters = [_character(raw.FPDFText_GetUnicode(text, i)) for i in range(text.count_chars())]
    start = 0
    for end in range(len(characters) + 1):
        if end < len(characters) and characters[end] not in _LINE_ENDS:
            continue
        words = one_line("".join(characters[start:end]))
        if words:
            is_broken = end < len(characters) and characters[end] in SOFT_HYPHENS
            yield _line(text, characters, start, end, words + SOFT_HYPHENS[0] if is_broken else words)
        start = end + 1


def _character(code: int) -> str:
    return chr(code) if code < 0x110000 else "\ufffd"


def _line(text: Any, characters: Sequence[str], start: int, end: int, words: str) -> Line:
    visible = [i for i in range(start, end) if not characters[i].isspace()]
    left, _, _, _ = text.get_charbox(visible[0], loose=True)
    _, _, right, _ = text.get_charbox(visible[-1], loose=True)
    _, bottom, _, top = text.get_charbox(visible[len(visible) // 2], loose=True)
    return Line(words, left, right, top, max(1.0, top - bottom))


def _describe(document: Any, count: int, draft: Draft) -> None:
    info = document.get_metadata_dict(skip_empty=True)
    title = one_line(info.get("Title", ""))
    if title and not _NO_TITLE.fullmatch(title):
        draft.title = title[:300]
    draft.describe(
        author=info.get("Author"),
        subject=info.get("Subject"),
        keywords=info.get("Keywords"),
        created=_iso_date(info.get("CreationDate", "")),
        modified=_iso_date(info.get("ModDate", "")),
        pages=count,
    )


def _iso_date(text: str) -> str:
    """A PDF date (PDF 32000-1 section 7.9.4) in ISO 8601, as far as it goes; empty for what is not one."""
    match = _DATE.match(text)
    if not match:
        return ""
    year, month, day, hour, minute, second = match.groups()
    date = "-".join(part for part in (year, month, month and day) if part)
    return f"{date}T{hour}:{minute}:{second}" if second and day else date


def _outline(document: Any) -> list[OutlineEntry]:
    import pypdfium2

    entries: list[OutlineEntry] = []
    try:
        for bookmark in document.get_toc(max_depth=6):
            target = bookmark.get_dest()
            page = target.get_index() if target else None
            title = one_line(bookmark.get_title())[:200]
            if page is not None and title:
                entries.append(OutlineEntry(title, bookmark.level + 1, page, _target_top(target)))
            if len(entries) >= _MAX_OUTLINE:
                break
    except pypdfium2.PdfiumError:
        return []
    return entries


def _target_top(target: Any) -> float | None:
    mode, position = target.get_view()
    if mode == _XYZ and len(position) > 1:
        return float(position[1])
    return float(position[0]) if mode == _FIT_HORIZONTAL and position else None


def _title_on_page(lines: Sequence[Line], body: float) -> str:
    """The tallest text on the first page, where it is clearly a title."""
    tallest = max((line.height for line in lines), default=0.0)
    if tallest < 1.3 * body:
        return ""
    return " ".join(line.text for line in lines if line.height > tallest - 0.5)[:200]


def _add_sections(
    draft: Draft,
    pages: Sequence[Sequence[Line]],
    outline: Iterable[OutlineEntry],
    body: float,
    levels: dict[float, int],
) -> None:
    by_page: defaultdict[int, list[OutlineEntry]] = defaultdict(list)
    for entry in outline:
        by_page[entry.page].append(entry)
    for index, lines in enumerate(pages):
        marks = _outline_marks(lines, by_page[index]) if by_page else _size_marks(lines, body, levels)
        number, anchor = index + 1, f"page={index + 1}"  # RFC 8118: a viewer opens #page=N there
        start = 0
        for at, after, level, title in marks:
            draft.tell(paragraphs(lines[start:at]), number, anchor)
            draft.head(level, title, number, anchor)
            start = after
        draft.tell(paragraphs(lines[start:]), number, anchor)
    draft.finish()


def _size_marks(lines: Sequence[Line], body: float, levels: dict[float, int]) -> list[tuple[int, int, int, str]]:
    """Headings as (first line, line after them, level, title); neighbours of one height are one heading."""
    marks: list[tuple[int, int, int, str]] = []
    for i, line in enumerate(lines):
        level = level_of(line, body, levels)
        if level is None:
            continue
        if marks and marks[-1][1] == i and marks[-1][2] == level:
            marks[-1] = (marks[-1][0], i + 1, level, f"{marks[-1][3]} {line.text}"[:200])
        else:
            marks.append((i, i + 1, level, line.text))
    return marks


def _outline_marks(lines: Sequence[Line], entries: Iterable[OutlineEntry]) -> list[tuple[int, int, int, str]]:
    """Where the outline's entries stand among the lines: at their words, else at the height they point to."""
    marks: list[tuple[int, int, int, str]] = []
    start = 0
    for entry in entries:
        at, after = _find(lines, entry, start)
        marks.append((at, after, entry.level, entry.title))
        start = after
    return marks


def _find(lines: Sequence[Line], entry: OutlineEntry, start: int) -> tuple[int, int]:
    wanted = _letters(entry.title)
    for i in range(start, len(lines)):
        words = ""
        for j in range(i, min(i + 3, len(lines))):
            words += _letters(lines[j].text)
            if wanted and words.endswith(wanted) and len(words) <= len(wanted) + 6:  # room for "Chapter 1" or "2.1.3"
                return i, j + 1
    if entry.top is not None:
        for i in range(start, len(lines)):
            if lines[i].top <= entry.top + lines[i].height / 2:
                return i, i
    return start, start


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
