"""What is answered: sentences, each with the place where it stands, and the blocks of the pages that carry them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from indexer.document import Passage
from rag.choosing.choice import Choice
from rag.recall.recall import Recalled
from ranker.degradation import Degradation
from ranker.hit import Hit

MAX_CLOSEST = 3


@dataclass(frozen=True, slots=True)
class Citation:
    """Where one sentence of the answer stands.

    ``sentence`` is the answer's sentence at ``answer[answer_start_char:answer_end_char]``. ``quote`` stands verbatim in
    the document's text at ``[start_char:end_char]``. ``url`` opens the page at the quote (anchor and text fragment).
    ``score`` in [0, 1] says how well the quote supports the sentence.
    """

    sentence: str
    answer_start_char: int
    answer_end_char: int
    passage: Passage
    url: str
    quote: str
    start_char: int
    end_char: int
    score: float


class Refusal(StrEnum):
    """Why a question is not answered, in words for whoever asked."""

    NOTHING_FOUND = "No document matches the question"
    NO_ANSWER = "The documents found do not answer the question"
    OTHER_LANGUAGE = "The documents found are in another language than the question and do not answer it"
    NOT_SUPPORTED = "Nothing that was written could be found in the documents"


class Shape(StrEnum):
    """How a block of an answer is shown."""

    PARAGRAPH = "paragraph"
    LIST = "list"
    STEPS = "steps"
    TABLE = "table"
    CODE = "code"
    DEFINITION = "definition"


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list or of steps: ``number`` as its page counts it, ``depth`` 0 for the outermost list."""

    text: str
    number: int | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class AnswerBlock:
    """A part of a page that carries the answer, whole as it stands there under ``heading_path``.

    ``lead`` is the line that introduces it, empty where it stands for itself. A LIST or STEPS has ``items``, a TABLE
    ``rows`` and, where its page names them, ``columns``; CODE has a ``language``, if known, a DEFINITION its ``term``.
    ``text`` is the rest of them: the paragraph, the code, what the term means. ``left_out`` counts the items, rows or
    lines that stand on the page and are not shown; ``is_cut`` says so for sentences. ``url`` opens the page there,
    ``[start_char:end_char]`` is its place in the text of the document of ``passage``. ``score`` in [0, 1] says how sure
    it answers.
    """

    shape: Shape
    passage: Passage
    url: str
    start_char: int
    end_char: int
    score: float
    text: str = ""
    heading_path: tuple[str, ...] = ()
    lead: str = ""
    items: tuple[Item, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    language: str = ""
    term: str = ""
    left_out: int = 0
    is_cut: bool = False

    def holds(self, citation: Citation) -> bool:
        """Whether it shows what is cited as more than a paragraph."""
        is_same = self.passage.head.doc_id == citation.passage.head.doc_id
        is_within = self.start_char <= citation.start_char and citation.end_char <= self.end_char
        return self.shape is not Shape.PARAGRAPH and is_same and is_within

    @property
    def parts(self) -> tuple[str, ...]:
        """Every text that stands on the page, in reading order."""
        items = tuple(item.text for item in self.items)
        rows = tuple(cell for row in self.rows for cell in row)
        return tuple(part for part in (self.lead, self.term, self.text, *items, *self.columns, *rows) if part)

    @property
    def shown(self) -> str:
        """All that a reader sees of it, as plain text."""
        marks = [
            f"{'  ' * item.depth}{'-' if item.number is None else f'{item.number}.'} {item.text}" for item in self.items
        ]
        rows = [" | ".join(row) for row in (self.columns, *self.rows) if row]
        return "\n".join(part for part in (self.lead, self.term, self.text, *marks, *rows) if part)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of several things that a question may be about: ``question`` asks for it alone."""

    label: str
    question: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or a refusal with its reason and an empty text.

    ``short`` is what answers by itself, a number, a name, a yes or no, where there is such a thing; ``text`` the
    sentences that say it; ``blocks`` what carries them, the best first, or the whole section whose heading is the
    question in the order of its page. ``choice`` tells how they were chosen.
    ``understood`` is the question that a follow-up in a conversation stands for, one that names the thing which it
    describes, or one without typing errors; empty for any other question.
    ``is_quoted``: the text is a block's own, not a language model's. ``recalled`` is what the memories said,
    None where none was asked; ``is_recalled``: the text is what the best of them said.
    ``passages_read`` of the hits were read for it. ``old_since`` is the day of the newest page that it cites, where
    even that one is old. ``alternatives`` are what the question leaves open, where it may mean several things. Of
    ``claims_checked`` that a language model made, ``claims_supported`` were borne out.
    """

    question: str
    text: str
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    refused: bool = False
    reason: str = ""
    stages: Mapping[str, float] = field(default_factory=dict)
    degraded: tuple[Degradation, ...] = ()
    short: str = ""
    blocks: tuple[AnswerBlock, ...] = ()
    choice: Choice | None = None
    understood: str = ""
    is_quoted: bool = False
    recalled: Recalled | None = None
    is_recalled: bool = False
    passages_read: int = 0
    claims_checked: int = 0
    claims_supported: int = 0
    old_since: date | None = None
    alternatives: tuple[Alternative, ...] = ()

    @property
    def is_told_by_blocks(self) -> bool:
        """Whether the text is but what lists, tables, code or definitions among the blocks say in their own form."""
        return self.is_quoted and all(any(block.holds(one) for block in self.blocks) for one in self.citations)

    @property
    def closest(self) -> tuple[Hit, ...]:
        """Where to look instead, for a refusal."""
        return self.hits[:MAX_CLOSEST] if self.refused else ()
