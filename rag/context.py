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
from rag.config import AnswerConfig
from ranker.hit import Hit
from ranker.words import term_set

MAX_INTRODUCTIONS = 2
MIN_NAMED = 1 / 3
"""A title with more other words is about something else."""

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
    """Ids of first passages, not among the ``chosen``, of pages that are named after what a definition is asked of.

    They say what it is, often in few of the question's words, so that others of the page are found before them.
    """
    if type_of(question) is not QuestionType.DEFINITION:
        return []
    known = {passage.passage_id for passage in chosen}
    firsts = [replace(hit.passage, ordinal=0).passage_id for hit in hits if _is_named_after(question, hit.passage)]
    return [passage_id for passage_id in firsts if passage_id not in known][:MAX_INTRODUCTIONS]


def _is_named_after(question: str, passage: Passage) -> bool:
    """By the title without the name of the site, or the first heading."""
    language = passage.head.language
    about = subject(term_set(question, language))
    names = (_SITE.split(passage.head.title)[0], *passage.heading_path[:1])
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
