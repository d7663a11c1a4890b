"""Facts of a passage: definitions, tables, and sentences such as ``X is a Y``; and what a page states in data. Pure.

A fact of a passage keeps the words it was read from, which stand there, so that an answer can cite them. Sentences are
read in English only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from crawler.block import Block, BlockKind, cells
from crawler.page import Stated
from indexer.document import Head, Passage
from indexer.sentences import sentence_spans
from indexer.sources.naming import normal_name, words_of_identifier

DEFINITION = "definition"
ALSO_CALLED = "alternate name"
TYPE = "type"
DESCRIBING = ("description", "answer")
"""Relations of schema.org that tell what something is, or what is to be said to a question."""

MAX_NAME_CHARS = 80
MAX_STATED_NAME_CHARS = 200
"""A question of an FAQ is a name, too."""

MAX_VALUE_CHARS = 500
_IS_A = re.compile(
    r"(?:The |An? )?(?P<subject>[^\W\d_][\w+#.'’ -]{0,79}?) (?:is|was) (?:an?|the) "
    r"(?P<value>[^.;:()]{3,200}?)(?: (?:that|which|who|for|where|used|in which)\b|[.;:(]|, )"
)
_UNCLEAR = """
this that it he she there here what which who they these those one such each following above below result default
example note name value type
"""
_NO_SUBJECT = frozenset(_UNCLEAR.split())
_DATE = r"(?P<value>(?:(?:\d{1,2} )?[A-Z][a-z]+ (?:\d{1,2}, )?)?\d{4})\b"
_SUBJECT = r"(?P<subject>(?:[Tt]he |[Aa]n? )?[^\W\d_][\w+#.'’ -]{0,79}?)"
_HAPPENED = (
    r"(?:(?:was|were|is|will be) (?:first |initially |officially )?"
    r"(?P<passive>released|founded|introduced|published|created|established|launched|born|added|deprecated|removed"
    r"|opened|built|completed|discovered|invented|held|renamed|signed|closed)"
    r"|(?:first |officially )?(?P<active>opened|reopened|closed|began|started|ended|launched|died|took place"
    r"|takes place))"
)
_DATED = (
    re.compile(rf"{_SUBJECT} {_HAPPENED} (?:in|on) {_DATE}"),
    re.compile(rf"(?:In|On) {_DATE},? {_SUBJECT} {_HAPPENED}(?=[ .,;]|$)"),
)
"""``X was founded in 1991``, ``In May 1932 the X opened``: what happened is the relation, and the date its value."""


@dataclass(frozen=True, slots=True)
class PageFact:
    """``relation`` leads from ``subject`` to ``value``; ``passage.text`` holds ``quote``, which says so."""

    subject: str
    relation: str
    value: str
    quote: str


def facts_of(passage: Passage) -> Iterator[PageFact]:
    """Every fact, in reading order; those of unclear subject are left out."""
    for fact in _all(passage):
        if len(fact.subject) <= MAX_NAME_CHARS and normal_name(fact.subject) and fact.relation and fact.value:
            yield PageFact(fact.subject, fact.relation, fact.value[:MAX_VALUE_CHARS], fact.quote)


def stated_facts(head: Head) -> list[Stated]:
    """What the page states in data, with relations and classes in words: ``openingHours`` as ``opening hours``."""
    found = []
    for subject, relation, value in head.stated:
        words = DEFINITION if relation in DESCRIBING else words_of_identifier(relation)
        if len(subject) <= MAX_STATED_NAME_CHARS and normal_name(subject) and words:
            found.append(Stated(subject, words, words_of_identifier(value) if relation == TYPE else value))
    return found


def _all(passage: Passage) -> Iterator[PageFact]:
    texts = [(block, _text(passage, block)) for block in passage.blocks]
    yield from _definitions(texts)
    tables = [(block, text) for block, text in texts if block.kind is BlockKind.TABLE_ROW]
    for _, rows in groupby(tables, key=lambda row: row[0].group):
        yield from _table(passage, list(rows))
    for block, text in texts:
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.DEFINITION):
            yield from _sentences(text)
    if not passage.blocks:
        yield from _sentences(passage.text)


def _text(passage: Passage, block: Block) -> str:
    start = max(0, block.start_char - passage.start_char)
    return passage.text[start : max(0, block.end_char - passage.start_char)]


def _definitions(texts: list[tuple[Block, str]]) -> Iterator[PageFact]:
    for block, text in texts:
        if block.kind is BlockKind.DEFINITION and block.term and text.strip():
            value = text.strip().removeprefix(f"{block.term}:").strip()
            yield PageFact(block.term.strip(), DEFINITION, value, text.strip())


def _table(passage: Passage, rows: list[tuple[Block, str]]) -> Iterator[PageFact]:
    """A table with named columns tells of its rows, one of two unnamed columns of what the page is about."""
    about = passage.heading_path[-1] if passage.heading_path else passage.head.title
    for block, text in rows:
        found = cells(text)
        if block.is_header or len(found) < 2:
            continue
        quote = text.strip()
        if block.columns and len(block.columns) >= len(found):
            for column, value in zip(block.columns[1:], found[1:], strict=False):
                if column and value:
                    yield PageFact(found[0], column, value, quote)
        elif len(found) == 2 and len(found[0]) <= MAX_NAME_CHARS:
            yield PageFact(about, found[0].rstrip(":"), found[1], quote)


def _sentences(text: str) -> Iterator[PageFact]:
    for start, end in sentence_spans(text):
        sentence = text[start:end].strip()
        if found := _IS_A.match(sentence):
            subject = found["subject"].strip()
            if subject.lower().split()[0] not in _NO_SUBJECT:
                yield PageFact(subject, TYPE, found["value"].strip(), sentence)
                yield PageFact(subject, DEFINITION, sentence, sentence)
        if found := next(filter(None, (pattern.match(sentence) for pattern in _DATED)), None):
            subject = found["subject"].removeprefix("The ").removeprefix("the ").strip()
            if subject.lower().split()[0] not in _NO_SUBJECT:
                yield PageFact(subject, found["passive"] or found["active"], found["value"], sentence)
