"""Where the sentences of a text stand that may be quoted: a pure function for prose, lists and docs with code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.sentences import sentence_spans

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_LIST_MARKER = re.compile(r"\s*(?:[-*•‣◦+]|\(?\d{1,3}[.)]|\(?[a-zA-Z]\))\s+")
_CODE_LINE = re.compile(r"\s*(?:>>>|\.\.\. ?|[$%#] )|(?: {4}|\t)\s*\S|\s*(?:```|~~~)")
_LOWER_START = re.compile(r"(?<=[a-z]{4}\.|...[)\]`'\"]\.) +(?=[a-z_]+ )")
_WRAPPED_LINE_CHARS = 50


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence at ``[start:end]`` of its text, without a list marker; or a whole run of code lines."""

    start: int
    end: int
    is_code: bool = False


def sentences(text: str) -> list[Sentence]:
    """Every sentence in order, none overlapping; together they hold all of the text but list markers and space.

    Blank lines, list items and code end a sentence, a line break alone only where the text is not just wrapped there.
    """
    return [sentence for block in _blocks(text) for sentence in _sentences_of(text, block)]


def _blocks(text: str) -> Iterator[Sentence]:
    """Runs of lines that belong together: a paragraph, a list item, or code."""
    block: Sentence | None = None
    previous = ""
    for match in _LINE.finditer(text):
        line = match.group()
        is_code = _CODE_LINE.match(line) is not None
        if block and _goes_on(block, previous, line, is_code, text[block.end : match.start()]):
            block = Sentence(block.start, match.end(), block.is_code)
        else:
            if block:
                yield block
            block = Sentence(match.start(), match.end(), is_code)
        previous = line
    if block:
        yield block


def _goes_on(block: Sentence, previous: str, line: str, is_code: bool, gap: str) -> bool:
    is_next_line = len(gap.replace("\r\n", "\n")) == 1
    if block.is_code or is_code or not is_next_line:
        return block.is_code and is_code and is_next_line
    if not line.strip() or _LIST_MARKER.match(line):
        return False
    before = previous.rstrip()
    is_wrapped = len(before) >= _WRAPPED_LINE_CHARS and not before.endswith(":")
    return is_wrapped or (line.lstrip()[0].islower() and before[-1:] not in ".!?。！？:;")


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
