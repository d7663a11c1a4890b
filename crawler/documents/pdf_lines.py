"""Lines of a PDF page as they stand on it, and the paragraphs they make. Pure functions over text and positions."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SOFT_HYPHENS = ("\x02", "\ufffe")
"""PDFium's marks for a hyphen that only breaks a word at the end of a line."""

_BULLET = re.compile(r"(?:[•◦▪‣●○■–—*-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s")
_DIGITS = re.compile(r"\d+")
_EDGE = 0.12
_NEIGHBOURS = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its text, the place of its box on the page in points (y grows upwards), the height of its letters."""

    text: str
    left: float
    right: float
    top: float
    height: float


def without_running_lines(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> tuple[list[list[Line]], int]:
    """Pages without the headers, footers and page numbers that repeat along the edges; and how many lines those were.

    A line runs when its text, with digits made equal, stands at the same edge of at least three pages and of 30 % of
    them (left and right pages often differ).
    """
    counts = Counter(key for page, height in zip(pages, heights, strict=True) for key in _edge_keys(page, height))
    enough = max(3, 0.3 * len(pages))
    kept = [
        [line for line in page if counts[_edge_key(line, height)] < enough]
        for page, height in zip(pages, heights, strict=True)
    ]
    return kept, sum(map(len, pages)) - sum(map(len, kept))


def _edge_keys(page: Iterable[Line], height: float) -> set[tuple[bool, str]]:
    return {key for line in page if (key := _edge_key(line, height))[1]}


def _edge_key(line: Line, height: float) -> tuple[bool, str]:
    is_top = line.top > height * (1 - _EDGE)
    if not is_top and line.top - line.height > height * _EDGE:
        return False, ""
    return is_top, _DIGITS.sub("#", line.text)


def paragraphs(lines: Sequence[Line]) -> str:
    """Lines joined into flowing text: a line that fills its column goes on in the next; empty lines part paragraphs."""
    parts: list[str] = []
    for index, line in enumerate(lines):
        if index:
            parts.append(_joint(lines, index))
        parts.append(line.text.rstrip("".join(SOFT_HYPHENS)) if line.text.endswith(SOFT_HYPHENS) else line.text)
    return "".join(parts)


def _joint(lines: Sequence[Line], index: int) -> str:
    before, line = lines[index - 1], lines[index]
    if before.text.endswith(SOFT_HYPHENS):
        return "-" if _keeps_hyphen(before.text, line.text) else ""
    if line.text[:1].islower() or before.text.endswith(","):
        return " "
    is_sentence_end = before.text.rstrip("\"'”’)]").endswith((".", "!", "?", ":"))
    if line.top > before.top + before.height:  # the next column, or a box placed elsewhere
        return "\n\n" if is_sentence_end else " "
    if before.top - line.top > 2.1 * max(before.height, line.height) or not 0.8 < line.height / before.height < 1.25:
        return "\n\n"
    return "\n" if _BULLET.match(line.text) else _flow(lines, index, is_sentence_end)


def _flow(lines: Sequence[Line], index: int, is_sentence_end: bool) -> str:
    """How a line goes on from the one above it in the same column."""
    before, line = lines[index - 1], lines[index]
    width = _column_right(lines, index - 1) - before.left
    is_full = before.right > before.left + 0.85 * width
    is_indented = line.left > before.left + 0.8 * line.height
    if is_sentence_end and (not is_full or is_indented):
        return "\n\n" if is_indented else "\n"
    return " " if is_full else "\n"


def _keeps_hyphen(before: str, after: str) -> bool:
    """Whether a hyphen at the end of a line belongs to the word: ``chain-of-`` ``thought``, ``GPT-`` ``4``."""
    return "-" in before.rsplit(" ", 1)[-1] or not after[:1].islower()


def _column_right(lines: Sequence[Line], index: int) -> float:
    """The right end of the column that a line stands in, judged by the lines near it."""
    line = lines[index]
    near = lines[max(0, index - _NEIGHBOURS) : index + _NEIGHBOURS + 1]
    return max(other.right for other in near if other.left < line.right and line.left < other.right)


def body_height(pages: Iterable[Iterable[Line]]) -> float:
    """The height of most letters of a document, to half a point; 0 for a document without text."""
    weights: Counter[float] = Counter()
    for page in pages:
        for line in page:
            weights[_rounded(line.height)] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 0.0


def heading_levels(pages: Iterable[Iterable[Line]], body: float) -> dict[float, int]:
    """Levels from 1 for the heights of letters that mark headings, tallest first; at most four."""
    weights: Counter[float] = Counter()
    total = 0
    for page in pages:
        for line in page:
            total += len(line.text)
            if is_heading(line, body):
                weights[_rounded(line.height)] += len(line.text)
    tall = sorted((height for height, weight in weights.items() if weight < 0.1 * total), reverse=True)
    return {height: level for level, height in enumerate(tall[:4], start=1)}


def level_of(line: Line, body: float, levels: dict[float, int]) -> int | None:
    """The heading level of a line, or None for body text."""
    return levels.get(_rounded(line.height)) if is_heading(line, body) else None


def is_heading(line: Line, body: float) -> bool:
    """Whether a line is set clearly taller than the body, and reads like words."""
    return line.height >= 1.12 * body and len(line.text) <= 150 and sum(map(str.isalpha, line.text)) >= 3


def _rounded(height: float) -> float:
    return round(height * 2) / 2
