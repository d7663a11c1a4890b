"""Documents to passages: small enough for an encoder, whole enough to be read and quoted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from crawler.block import Block, cut
from crawler.page import SECTION_SEPARATOR, Section
from indexer.config import IndexConfig
from indexer.document import Document, Passage
from indexer.sentences import sentence_spans
from indexer.ties import Tie, ties

SPLITTER = "sections-2"
"""Version of the rules in this file; goes into the manifest."""

_LATIN = re.compile(r"[A-Za-z]+")
_DIGITS = re.compile(r"[0-9]+")
_SINGLE_ASCII = re.compile(r"[!-/:-@\[-`{-~]")
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_OTHER_WORD = re.compile(rf"[^\W\x00-\x7f{_SPACELESS}]+")
_OTHER_SINGLE = re.compile(rf"[{_SPACELESS}]|[^\w\s\x00-\x7f]")
_FENCE = re.compile(r"[ \t]*(```|~~~)")
_INDENTED = re.compile(r"(?: {4}|\t|>>> |\.\.\. )\S")

# What it costs to end a passage at a place, next to the squared share by which it misses the size aimed at.
PARAGRAPH, SENTENCE, LINE, CODE_LINE, WORD, LETTER = 0.0, 0.1, 0.2, 1.0, 1.0, 2.0


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of text that is not divided further: its end, its estimated tokens, and what ending there costs."""

    end: int
    tokens: int
    end_cost: float


def split(document: Document, config: IndexConfig = IndexConfig()) -> tuple[Passage, ...]:
    """Passages in reading order; each ``text`` is ``document.text[start_char:end_char]``, and no word is lost.

    Headings are never crossed: each passage stands under one heading path. A section that fits stays whole; a longer
    one is divided as evenly as possible at the ends of paragraphs, else of sentences; code blocks stay whole where they
    fit, and what belongs together (``indexer.ties``) stays together where it can.
    """
    text = document.text
    passages: list[Passage] = []
    for sections, start, end in _groups(document.sections):
        first = sections[0]
        blocks = [block for section in sections for block in section.blocks]
        for piece_start, piece_end in _pieces(text, (start, end), blocks, config):
            passages.append(
                Passage(
                    document.head,
                    len(passages),
                    text[piece_start:piece_end],
                    first.heading_path,
                    first.anchor,
                    piece_start,
                    piece_end,
                    first.page_number,
                    cut(blocks, piece_start, piece_end),
                )
            )
    return tuple(passages)


def estimated_tokens(text: str) -> int:
    """About how many word pieces a text has: Latin words one per seven letters, other scripts one per two or one."""
    total = sum((len(word) + 6) // 7 for word in _LATIN.findall(text))
    total += sum((len(digits) + 1) // 2 for digits in _DIGITS.findall(text))
    total += len(_SINGLE_ASCII.findall(text))
    if not text.isascii():
        total += sum((len(word) + 1) // 2 for word in _OTHER_WORD.findall(text))
        total += len(_OTHER_SINGLE.findall(text))
    return total


def _groups(sections: Sequence[Section]) -> Iterator[tuple[list[Section], int, int]]:
    """Neighbouring sections under the same heading path, and where they stand in the document's text."""
    placed = []
    start = 0
    for section in sections:
        placed.append((section, start, start + len(section.text)))
        start += len(section.text) + len(SECTION_SEPARATOR)
    for _, run in groupby(placed, key=lambda p: (p[0].heading_path, p[0].anchor, p[0].page_number)):
        members = list(run)
        yield [section for section, _, _ in members], members[0][1], members[-1][2]


def _pieces(
    text: str, span: tuple[int, int], blocks: Sequence[Block], config: IndexConfig
) -> Iterator[tuple[int, int]]:
    """(start, end) of the passages of a span of the text, without the spaces around them."""
    start, end = span
    if estimated_tokens(text[start:end]) <= config.max_passage_tokens:
        ends = [end]
    else:
        units = _tied(list(_units(text, start, end, config.max_passage_tokens)), ties(text, blocks))
        ends = _best_ends(units, config)
    for piece_start, piece_end in pairwise((start, *ends)):
        piece = text[piece_start:piece_end]
        left = len(piece) - len(piece.lstrip())
        if left < len(piece):
            yield piece_start + left, piece_start + len(piece.rstrip())


def _best_ends(units: Sequence[Unit], config: IndexConfig) -> list[int]:
    """The cheapest division of the units into passages, by dynamic programming over the place of the last end."""
    costs = [0.0]
    previous = [0]
    for last in range(1, len(units) + 1):
        best, best_first, tokens = float("inf"), last - 1, 0
        for first in range(last - 1, -1, -1):
            tokens += units[first].tokens
            if tokens > config.max_passage_tokens and first < last - 1:
                break
            miss = tokens / config.passage_tokens - 1
            if costs[first] + miss * miss < best:
                best, best_first = costs[first] + miss * miss, first
        costs.append(best + (units[last - 1].end_cost if last < len(units) else 0.0))
        previous.append(best_first)
    ends = []
    at = len(units)
    while at > 0:
        ends.append(units[at - 1].end)
        at = previous[at]
    return ends[::-1]


def _tied(units: Sequence[Unit], tied: Sequence[Tie]) -> list[Unit]:
    """The units, those whose end would part what is tied at a higher cost."""
    found = []
    waiting = iter(tied)
    tie = next(waiting, None)
    for unit in units:
        while tie is not None and tie.last < unit.end:
            tie = next(waiting, None)
        is_within = tie is not None and tie.first <= unit.end
        found.append(replace(unit, end_cost=max(unit.end_cost, tie.cost)) if tie is not None and is_within else unit)
    return found


def _units(text: str, start: int, end: int, max_tokens: int) -> Iterator[Unit]:
    """Sentences of prose and lines of code; what is too long by itself is cut between words, or letters at worst."""
    for unit_start, unit_end, cost in _lines_and_sentences(text, start, end):
        tokens = estimated_tokens(text[unit_start:unit_end])
        if tokens <= max_tokens:
            yield Unit(unit_end, tokens, cost)
        else:
            yield from _cut(text, unit_start, unit_end, max_tokens, cost)


def _lines_and_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int, float]]:
    fence = ""
    position = start
    for line in text[start:end].splitlines(keepends=True):
        line_end = position + len(line)
        mark = _FENCE.match(line)
        opens = bool(mark) and not fence
        closes = mark is not None and mark.group(1) == fence
        is_code = bool(fence) or opens or bool(_INDENTED.match(line))
        if mark is not None and (opens or closes):
            fence = mark.group(1) if opens else ""
        if is_code:
            follower = text[line_end:end].lstrip(" \t")[:1]
            ends_block = closes or (not fence and follower in ("", "\n"))
            yield position, line_end, PARAGRAPH if ends_block else CODE_LINE
        elif line.isspace():
            yield position, line_end, PARAGRAPH
        else:
            yield from _sentences(text, position, line_end, end)
        position = line_end


def _sentences(text: str, start: int, end: int, limit: int) -> Iterator[tuple[int, int, float]]:
    spans = sentence_spans(text[start:end])
    for i, (a, b) in enumerate(spans):
        if i < len(spans) - 1:
            yield start + a, start + b, SENTENCE
        else:
            is_stop = text[start:end].rstrip().endswith((".", "!", "?", ":", "。", "！", "？"))
            is_paragraph = end >= limit or text[end : end + 1] in ("\n", "\r")
            yield start + a, start + b, PARAGRAPH if is_paragraph else SENTENCE if is_stop else LINE


def _cut(text: str, start: int, end: int, max_tokens: int, cost: float) -> Iterator[Unit]:
    """Cut a too long stretch into units of at most an eighth of the budget, so that they pack well."""
    limit = max(1, max_tokens // 8)
    unit_start, tokens = start, 0
    for match in re.finditer(r"\S+\s*|\s+", text[start:end]):
        word_start, word_end = start + match.start(), start + match.end()
        word_tokens = estimated_tokens(match.group())
        if tokens and tokens + word_tokens > limit:
            yield Unit(word_start, tokens, WORD)
            unit_start, tokens = word_start, 0
        while word_tokens > limit:
            # An estimated token has at least one character, so this many characters are within the limit.
            yield Unit(word_start + limit, estimated_tokens(text[word_start : word_start + limit]), LETTER)
            word_start += limit
            unit_start = word_start
            word_tokens = estimated_tokens(text[word_start:word_end])
        tokens += word_tokens
    if unit_start < end:
        yield Unit(end, tokens, cost)
