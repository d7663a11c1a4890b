"""What a described thing is called, by the part of a page that says which thing it is."""

import logging
from dataclasses import dataclass, replace

from indexer.sentences import sentence_spans
from rag.choosing.choice import Pick
from rag.described import Described
from rag.showing.leaning import leans
from ranker.errors import ScorerError
from ranker.reader import Reader
from ranker.words import term_set

log = logging.getLogger(__name__)
ANSWERS = 0.5
"""How sure the reader must be that a single sentence names the thing."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a thing is called; the words that answer in ``pick`` are in the sentence that says so."""

    name: str
    pick: Pick


def named_by(pick: Pick, short: str, parts: Described, reader: Reader | None) -> Named | None:
    """By the sentence that says most of the description, else by the title of the page.

    ``short`` is the short answer to ``parts.first``. "Which company makes the K7?" is not answered by who makes the K8,
    though the sentence stands beside.
    """
    text = pick.passage.text[pick.piece.start : pick.piece.end]
    asked = term_set(parts.first)
    sentences = sentence_spans(text)
    said = [len(asked & term_set(text[start:end])) for start, end in sentences]
    best = said.index(max(said)) if said else 0
    at = pick.span_start - pick.piece.start
    here = next((i for i, (start, end) in enumerate(sentences) if start <= at < end), best)
    if said and said[here] < said[best] and not leans(text[slice(*sentences[best])]):
        start, end = sentences[best]
        pick = _read(pick, pick.piece.start + start, pick.piece.start + end, parts.first, reader)
        short = ""
    for name in (short, pick.span, pick.passage.head.title):
        if parts.is_name(name):
            return Named(name.strip(), pick)
    return None


def _read(pick: Pick, start: int, end: int, question: str, reader: Reader | None) -> Pick:
    """The pick with the words that answer in one sentence alone; at its beginning, and no words, where none do."""
    found = replace(pick, span_start=start, span_end=start)
    if reader is None:
        return found
    try:
        (reading,) = reader.read(question, [pick.passage.text[start:end]])
    except ScorerError as error:
        log.warning("a described thing is looked for without the reader: %s", error)
        return found
    if reading.span is None or reading.answerable < ANSWERS:
        return found
    return replace(pick, span_start=start + reading.span.start_char, span_end=start + reading.span.end_char)
