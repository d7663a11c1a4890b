"""What there is, where a section is named after it: the terms or the headings below "Merge strategies". Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.block import Block, BlockKind
from indexer.document import Passage
from indexer.sentences import sentence_spans
from rag.answer import AnswerBlock, Item, Shape
from rag.checks.injection import speaks_to_a_machine
from rag.choosing.choice import Choice, Pick
from rag.choosing.features import is_general
from rag.choosing.pieces import Piece, pieces_of
from rag.choosing.question import QuestionType
from rag.choosing.subject import NUMBERING, subject
from rag.choosing.telling import is_mere_note, without_brackets
from rag.link import link
from ranker.words import term_set

NAMED = 0.6
"""A section that shares so much of its heading with what a question is about (Jaccard) is the one that lists it."""

REACHES = (40, 400)
"""So many passages to each side may belong to such a section; the more are looked at where it goes on so far."""

MAX_SECTIONS = 3
"""So many are looked through: a page may speak of what another lists."""

MIN_ENTRIES = 3
MAX_ENTRIES = 24
MAX_TOLD_CHARS = 160
MIN_TOLD_WORDS = 3
SURE = 0.9
"""How sure the entries of a section answer which there are; what stands on its page besides was read."""

MAX_TOPICS = 0.2
"""Where more of the headings say what is done with the things, they are chapters about them, not the things."""

_TOPIC = re.compile(
    r"(?:\w{2,}ing|how|why|when|what|where|who|which|is|are|can|do|does|should|an? .*|.* (?:and|with|for|from) .*)\b",
    re.IGNORECASE,
)
ITEMS = (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)


@dataclass(frozen=True, slots=True)
class Section:
    """The part of the document of ``passage`` whose heading path begins with ``path``."""

    passage: Passage
    path: tuple[str, ...]

    def holds(self, passage: Passage) -> bool:
        """Whether a passage stands in it."""
        is_here = passage.head.doc_id == self.passage.head.doc_id
        return is_here and passage.heading_path[: len(self.path)] == self.path


def goes_on(section: Section, passages: Sequence[Passage], reach: int) -> bool:
    """Whether the last of the passages so far around is still of the section."""
    ends = {section.passage.ordinal - reach, section.passage.ordinal + reach}
    return any(one.ordinal in ends and section.holds(one) for one in passages)


def sections_named(question: str, choice: Choice) -> list[Section]:
    """Of the passages that were read, the sections named after what a question for a list is about, the best first.

    None where a list or a table of such a section was chosen, which says it in its own words.
    """
    if choice.type is not QuestionType.LIST:
        return []
    named = [section for passage in choice.passages for section in _named_above(question, passage)]
    chosen = [pick.passage for pick in choice.picks if pick.piece.kind in ITEMS]
    if any(section.holds(passage) for section in named for passage in chosen):
        return []
    return list({(one.passage.head.doc_id, one.path): one for one in reversed(named)}.values())[::-1][:MAX_SECTIONS]


def _named_above(question: str, passage: Passage) -> Iterator[Section]:
    """The innermost first."""
    language = passage.head.language
    title = term_set(passage.head.title, language)
    asked = term_set(question, language)
    wanted = [one - title or one for one in (subject(asked), asked)]
    for depth in range(len(passage.heading_path), 0, -1):
        held = term_set(NUMBERING.sub("", passage.heading_path[depth - 1]), language)
        held = held - title or held
        if any(len(held & about) >= NAMED * len(held | about) for about in wanted):
            yield Section(passage, passage.heading_path[:depth])


def entries_of(section: Section, passages: Sequence[Passage]) -> tuple[Pick, AnswerBlock] | None:
    """Its terms, else the headings right below its own, each with the first sentence that tells of it.

    ``passages`` are those of its document around; None where there are too few entries to be a list.
    """
    own = sorted((one for one in passages if section.holds(one)), key=lambda one: one.ordinal)
    found = _terms([one for one in own if one.heading_path == section.path])
    if len(found) < MIN_ENTRIES:
        found = _headings(own, len(section.path))
    found = [entry for entry in found if not speaks_to_a_machine(entry.name)]
    if len(found) < MIN_ENTRIES:
        return None
    shown = found[:MAX_ENTRIES]
    first, last = shown[0].piece, shown[-1].piece
    passage = shown[0].passage
    end = shown[-1].passage.start_char + last.end
    is_table = sum(bool(entry.told) for entry in shown) >= len(shown) / 2
    block = AnswerBlock(
        shape=Shape.TABLE if is_table else Shape.LIST,
        passage=passage,
        url=link(passage, passage.text[first.start : first.end]),
        start_char=passage.start_char + first.start,
        end_char=end,
        score=SURE,
        heading_path=section.path,
        rows=tuple((entry.name, entry.told) for entry in shown) if is_table else (),
        items=() if is_table else tuple(Item(entry.name) for entry in shown),
        left_out=len(found) - len(shown),
    )
    return Pick(passage, first, SURE, {}), block


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    told: str
    passage: Passage
    piece: Piece


def _terms(passages: Sequence[Passage]) -> list[_Entry]:
    """The terms of the outermost definition list of a section, in order."""
    found: list[tuple[Block, _Entry]] = []
    for passage in passages:
        for piece in pieces_of(0, passage):
            names = [block for block in piece.blocks if block.kind is BlockKind.TERM]
            if names:
                name = ", ".join(_text(passage, block) for block in names)
                told = next((_text(passage, block) for block in piece.blocks if block not in names), "")
                found.append((names[0], _Entry(name, _beginning(told), passage, piece)))
    if not found:
        return []
    group, depth = found[0][0].group, min(block.depth for block, _ in found)
    return [entry for block, entry in found if (block.group, block.depth) == (group, depth)]


def _headings(passages: Sequence[Passage], depth: int) -> list[_Entry]:
    found: dict[str, _Entry] = {}
    for passage in passages:
        pieces = pieces_of(0, passage)
        if len(passage.heading_path) > depth and pieces:
            name = passage.heading_path[depth]
            prose = (_text(passage, b) for piece in pieces for b in piece.blocks if b.kind in _PROSE)
            told = next((text for text in prose if not is_mere_note(text)), "")
            found.setdefault(name, _Entry(name, _beginning(told), passage, pieces[0]))
    entries = [entry for name, entry in found.items() if not is_general(name)]
    topics = sum(_TOPIC.match(without_brackets(NUMBERING.sub("", entry.name))) is not None for entry in entries)
    return entries if topics <= MAX_TOPICS * len(entries) else []


_PROSE = (BlockKind.PARAGRAPH, BlockKind.DEFINITION)


def _text(passage: Passage, block: Block) -> str:
    return " ".join(passage.text[block.start_char : block.end_char].split())


def _beginning(text: str) -> str:
    """The first sentence that says something, with what stands before it, unless it is long or gives orders."""
    end = next((end for _, end in sentence_spans(text) if len(text[:end].split()) >= MIN_TOLD_WORDS), 0)
    told = text[:end].strip()
    return "" if end > MAX_TOLD_CHARS or told.endswith((":", "：")) or speaks_to_a_machine(text) else told
