"""Where the sentences of a text stand that may be quoted: a pure function for prose, lists and docs with code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.sentences import sentence_spans

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_LIST_MARKER = re.compile(r"\s*(?:[-*•‣◦+]|\(?\d{1,3}[.)]|\(?[a-zA-Z]\))\s+")
_CODE_LINE = re.compile(r"\s*(?:>>>|\.\.\. ?|[$%#] )|(?: {4}|\t)\s*\S|\s*(?:```|~~~)")
_LOWER_START = re.compile(r"(?<=[a-z]{4}\.|...[)\]`'\"]\.) +(?=[a-z_][\w.]*(?:\(\))? )")
_WRAPPED_LINE_CHARS = 120
"""A text with a longer line is not wrapped: it has one line a paragraph, as text taken from HTML has."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence at ``[start:end]`` of its text, without a list marker; or a whole run of code lines."""

    start: int
    end: int
    is_code: bool = False


def sentences(text: str, joins_lines: bool = True) -> list[Sentence]:
    """Every sentence in order, none overlapping; together they hold all of the text but list markers and space.

    Line breaks end a sentence; with ``joins_lines`` not those of text that is wrapped to a width, as plain text is.
    """
    return [sentence for block in _blocks(text, joins_lines) for sentence in _sentences_of(text, block)]


def _blocks(text: str, joins_lines: bool) -> Iterator[Sentence]:
    """Runs of lines that belong together: a paragraph, a list item, or code."""
    lines = list(_LINE.finditer(text))
    width = max((len(line.group()) for line in lines), default=0)
    is_wrapped = joins_lines and width <= _WRAPPED_LINE_CHARS
    block: Sentence | None = None
    previous = ""
    for match in lines:
        line = match.group()
        is_code = _CODE_LINE.match(line) is not None
        is_next = block is not None and text[block.end : match.start()].replace("\r\n", "\n") == "\n"
        goes_on = is_code if block and block.is_code else is_wrapped and not is_code and _goes_on(previous, line, width)
        if block and is_next and goes_on:
            block = Sentence(block.start, match.end(), block.is_code)
        else:
            if block:
                yield block
            block = Sentence(match.start(), match.end(), is_code)
        previous = line
    if block:
        yield block


def _goes_on(previous: str, line: str, width: int) -> bool:
    """Whether the line was broken only because its first word did not fit on the one before."""
    if not line.strip() or _LIST_MARKER.match(line) or " | " in line:
        return False
    return len(previous.rstrip()) + 1 + len(line.split(maxsplit=1)[0]) > width


def _sentences_of(text: str, block: Sentence) -> Iterator[Sentence]:
    if block.is_code:
        yield block
        return
    marker = _LIST_MARKER.match(text, block.start, block.end)
    start = marker.end() if marker else block.start
    line = re.sub(r"\s", " ", text[start : block.end])
    for left, right in sentence_spans(line):
        yield from _with_lower_starts(line, left, right, start)


def _with_lower_starts(line: str, left: int, right: int, offset: int) -> Iterator[Sentence]:
    """In documentation a sentence may begin with a name such as ``file``: after a whole word, no abbreviation."""
    ends = [match.start() for match in _LOWER_START.finditer(line, left, right)]
    for end in (*ends, right):
        piece = line[left:end]
        if piece.strip():
            yield Sentence(offset + left + len(piece) - len(piece.lstrip()), offset + left + len(piece.rstrip()))
        left = end
