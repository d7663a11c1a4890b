"""Which passages an answer may use: pure functions."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexer.document import Passage
from indexer.split import estimated_tokens
from rag.checks.same import adds_no_fact, is_copy
from rag.choosing.question import QuestionType, type_of
from rag.choosing.spoken import MIN_SAID, share_said
from rag.choosing.subject import subject
from rag.choosing.verbatim import is_name_in
from rag.config import AnswerConfig
from ranker.hit import Hit
from ranker.words import term_set

MAX_INTRODUCTIONS = 2
MIN_NAMED = 1 / 3
"""A title with more other words is about something else."""

TOLD_FIRST = (QuestionType.DEFINITION, QuestionType.MEANING, QuestionType.VALUE, QuestionType.YES_NO)
"""What a section says at its beginning: what a thing is and does, its default, whether it can."""

_SITE = re.compile(r"\s+[—–|·-]\s+")

STEP_PER_FURTHER_PASSAGE = 2
"""The second passage of the first hit stands level with the best passage of the third, and so on."""


def choose_passages(question: str, hits: Sequence[Hit], config: AnswerConfig = AnswerConfig()) -> tuple[Passage, ...]:
    """Passages best first, within the limits of ``config``.

    Of one document those come first that stand under a name which says what is asked, such as that of a function.
    Where few documents are found, as on a site that is one long page, each gives more. Copies of a better passage that
    state no fact of their own are left out.
    """
    chosen: list[Passage] = []
    tokens = 0
    share = math.ceil(config.max_passages / max(len(hits), 1))
    for passage in _by_promise(question, hits, max(config.max_passages_per_document, share)):
        cost = estimated_tokens(passage.text_to_encode)
        if chosen and tokens + cost > config.max_context_tokens:
            continue
        if any(_repeats(passage, other) for other in chosen):
            continue
        chosen.append(passage)
        tokens += cost
        if len(chosen) == config.max_passages:
            break
    return tuple(chosen)


def introductions(question: str, hits: Sequence[Hit], chosen: Sequence[Passage]) -> list[str]:
    """Ids of passages, not among the ``chosen``, that may begin what is named after what is asked: the first ones of
    pages, where a definition is asked for, and those before passages of sections.

    They say what it is, often in few of the question's words, so that others of page or section are found before them.
    Whether one is of the same section tells ``begins``.
    """
    known = {passage.passage_id for passage in chosen}
    asked = type_of(question)
    if asked not in TOLD_FIRST:
        return []
    pages: list[str] = []
    if asked is QuestionType.DEFINITION:
        pages = [replace(hit.passage, ordinal=0).passage_id for hit in hits if _is_named_after(question, hit.passage)]
    sections = [
        replace(passage, ordinal=passage.ordinal - 1).passage_id
        for passage in chosen
        if passage.ordinal and _is_in_section_about(question, passage)
    ]
    return [i for i in dict.fromkeys((*pages, *sections)) if i not in known][:MAX_INTRODUCTIONS]


def begins(passage: Passage, chosen: Sequence[Passage]) -> bool:
    """Whether an introduction is of a section that is among the chosen, or the first of its page."""
    places = {(one.head.doc_id, one.heading_path) for one in chosen}
    return passage.ordinal == 0 or (passage.head.doc_id, passage.heading_path) in places


def _is_named_after(question: str, passage: Passage) -> bool:
    """By the title without the name of the site, or the first heading."""
    return _is_about(question, (_SITE.split(passage.head.title)[0], *passage.heading_path[:1]), passage.head.language)


def _is_in_section_about(question: str, passage: Passage) -> bool:
    """By its own heading, which is what the question is about, or a name that it holds."""
    own = passage.heading_path[-1:]
    return bool(own) and (is_name_in(question, own[0]) or _is_about(question, own, passage.head.language))


def _is_about(question: str, names: Sequence[str], language: str | None) -> bool:
    about = subject(term_set(question, language))
    return any(about <= held and len(about) >= MIN_NAMED * len(held) for held in (term_set(n, language) for n in names))


def _by_promise(question: str, hits: Sequence[Hit], per_document: int) -> Iterator[Passage]:
    ranked = [
        (rank + place * STEP_PER_FURTHER_PASSAGE, rank, passage)
        for rank, hit in enumerate(hits)
        for place, passage in enumerate(_named_first(question, (hit.passage, *hit.more))[:per_document])
    ]
    return (passage for _, _, passage in sorted(ranked, key=lambda item: item[:2]))


def _named_first(question: str, passages: Sequence[Passage]) -> list[Passage]:
    """Those first whose own heading is a name that says most of what is asked: ``readFileSync``."""

    def said(passage: Passage) -> float:
        share = share_said(question, passage.heading_path[-1]) if passage.heading_path else 0.0
        return share if share >= MIN_SAID else 0.0

    return sorted(passages, key=said, reverse=True)


def _repeats(passage: Passage, better: Passage) -> bool:
    """A copy under other headings is none: they may name another version or plan."""
    language = passage.head.language
    headings, others = " ".join(passage.heading_path), " ".join(better.heading_path)
    return is_copy(passage.text, better.text, language) and adds_no_fact(headings, others, language)
