"""The part of a passage to show for a query, as HTML with the query's words marked: a pure function."""

import html
import re
from dataclasses import dataclass

from indexer.asking.stems import has_cjk
from ranker.words import marked, term_set

ELLIPSIS = "…"
_MIN_FRAGMENT_CHARS = 80
_LEAD_CHARS = 60
_JOINT = re.compile(r"[_.:/'’-]{1,2}|->")
"""What stands between the parts of ``shop_cart``, ``os.path`` or ``wi-fi``."""

_SENTENCE_START = re.compile(r"(?:^|(?<=[.!?:;]\s)|(?<=[。！？；\n]))(?=\S)")


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    term: str


@dataclass(frozen=True, slots=True)
class _Window:
    start: int
    end: int
    marks: tuple[_Mark, ...]

    @property
    def covered(self) -> frozenset[str]:
        return frozenset(mark.term for mark in self.marks)


def snippet(text: str, query: str, max_chars: int = 240, language: str | None = None) -> str:
    """At most about ``max_chars`` characters of ``text`` around the words of ``query``.

    One fragment, or two where together they show more of the query's words, cut at word borders with an ellipsis.
    The result is escaped; only ``<mark>`` is markup. White space runs become one space. Inflections match by stem.
    """
    flat = " ".join(text.split())
    marks = _marks(flat, term_set(query, language), language)
    if len(flat) <= max_chars:
        return _render(flat, [_Window(0, len(flat), marks)])
    return _render(flat, _choose(flat, marks, max_chars))


def _marks(text: str, wanted: frozenset[str], language: str | None) -> tuple[_Mark, ...]:
    return tuple(_Mark(start, end, term) for term, start, end in marked(text, wanted, language))


def _choose(text: str, marks: tuple[_Mark, ...], max_chars: int) -> list[_Window]:
    """The best window, or the best two of half the size where they cover more words."""
    whole = _best(text, marks, max_chars)
    half = max_chars // 2
    if half < _MIN_FRAGMENT_CHARS or whole.covered == frozenset(mark.term for mark in marks):
        return [whole]
    first = _best(text, marks, half)
    rest = tuple(mark for mark in marks if mark.term not in first.covered)
    second = _best(text, rest, half)
    apart = first.end < second.start or second.end < first.start
    if not apart or len(first.covered | second.covered) <= len(whole.covered):
        return [whole]
    shown = _Window(second.start, second.end, _within(marks, second.start, second.end))
    return sorted([first, shown], key=lambda window: window.start)


def _best(text: str, marks: tuple[_Mark, ...], max_chars: int) -> _Window:
    """The window that shows most distinct words, then most words in all; the earliest of equals."""
    runs = [tuple(m for m in marks[i:] if m.end <= first.start + max_chars) for i, first in enumerate(marks)]
    densest = max(filter(None, runs), key=lambda run: (len({m.term for m in run}), len(run), -run[0].start), default=())
    first_char, last_char = (densest[0].start, densest[-1].end) if densest else (0, 0)
    start = _start(text, first_char, max_chars - (last_char - first_char))
    end = _end(text, start + max_chars)
    return _Window(start, end, _within(marks, start, end))


def _within(marks: tuple[_Mark, ...], start: int, end: int) -> tuple[_Mark, ...]:
    return tuple(mark for mark in marks if start <= mark.start and mark.end <= end)


def _start(text: str, first_mark: int, spare_chars: int) -> int:
    """Where to begin so that the mark is read in its sentence: its beginning if near, else a few words before it."""
    reach = max(0, first_mark - min(_LEAD_CHARS, spare_chars))
    if reach == 0:
        return 0
    sentence_starts = [m.start() for m in _SENTENCE_START.finditer(text, reach, first_mark + 1) if m.start() >= reach]
    if sentence_starts:
        return sentence_starts[0]
    space = text.find(" ", reach, first_mark)
    if space >= 0:
        return space + 1
    return reach if has_cjk(text[reach : first_mark + 1]) else first_mark


def _end(text: str, limit: int) -> int:
    """The last word border at or before ``limit``; ``limit`` itself inside very long words and in CJK text."""
    if limit >= len(text):
        return len(text)
    space = text.rfind(" ", limit - _MIN_FRAGMENT_CHARS, limit + 1)
    if space < 0 or has_cjk(text[limit - 1 : limit + 1]):
        return limit
    return space


def _render(text: str, windows: list[_Window]) -> str:
    parts: list[str] = []
    shown = 0
    for window in windows:
        parts.append(ELLIPSIS if window.start > 0 and shown == 0 else f" {ELLIPSIS} " if shown else "")
        parts.append(_marked(text, window))
        shown = window.end
    return "".join(parts) + (ELLIPSIS if shown < len(text) else "")


def _marked(text: str, window: _Window) -> str:
    """Escaped text of the window with its marks; those that overlap (CJK pairs) or are parts of one word become one."""
    merged: list[tuple[int, int]] = []
    for mark in window.marks:
        if merged and (mark.start <= merged[-1][1] or _JOINT.fullmatch(text, merged[-1][1], mark.start)):
            merged[-1] = (merged[-1][0], max(merged[-1][1], mark.end))
        else:
            merged.append((mark.start, mark.end))
    parts: list[str] = []
    at = window.start
    for start, end in merged:
        parts += [_escape(text[at:start]), "<mark>", _escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*parts, _escape(text[at : window.end])]).strip()


def _escape(text: str) -> str:
    return html.escape(text, quote=False)
