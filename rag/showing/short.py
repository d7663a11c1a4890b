"""The answer in a few words where there is one: a value, a name, a yes or no, a command. Pure."""

import re

from crawler.block import BlockKind
from rag.answer import AnswerBlock, Shape
from rag.choosing.choice import Pick
from rag.choosing.fit import fits
from rag.choosing.question import QuestionType as Q
from rag.sentences import sentences
from ranker.words import terms

MAX_CHARS = 120
MIN_COVERED = 0.75
"""A sentence that says yes or no without the word must hold so many of the question's telling words."""

_YES_OR_NO = re.compile(r"\s*(yes|no)\b(?! (?:one|more|longer|such|matter|need))", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:not|cannot|never|no longer|unsupported|nor|neither|no|without|unable|disallowed|forbidden|impossible)\b|"
    r"n['’]t\b",
    re.IGNORECASE,
)
_QUESTION_NEGATION = re.compile(r"\b(?:not|never|no)\b|n['’]t\b", re.IGNORECASE)
_SPANNED = (Q.VALUE, Q.WHEN, Q.WHO, Q.WHERE, Q.OTHER)


def short_answer(question: str, asked: Q, pick: Pick, block: AnswerBlock) -> str:
    """Empty where the answer needs its sentence, its list or its steps."""
    if asked is Q.YES_NO:
        return _yes_or_no(question, pick)
    if asked is Q.HOW_TO:
        return block.text if block.shape is Shape.CODE and _is_command(block.text) else ""
    span = " ".join(pick.span.split()).strip(" ,;:")
    if asked not in _SPANNED or not span or len(span) > MAX_CHARS:
        return ""
    return span if fits(asked, question, span, BlockKind.PARAGRAPH) or asked in (Q.WHO, Q.WHERE) else ""


def sentence_at(pick: Pick, question: str) -> tuple[int, int]:
    """``[start:end]`` of the passage's text: the sentence of the piece with the span in it, else with most of the
    question's words, the first of equals.
    """
    text = pick.passage.text
    spans = [(s.start, s.end) for s in sentences(text[: pick.piece.end]) if s.end > pick.piece.start] or [
        (pick.piece.start, pick.piece.end)
    ]
    if pick.span:
        return next(((a, b) for a, b in spans if a <= pick.span_start < b), spans[0])
    language = pick.passage.head.language
    wanted = frozenset(terms(question, language))
    return max(spans, key=lambda span: len(wanted & frozenset(terms(text[span[0] : span[1]], language))))


def _is_command(code: str) -> bool:
    return "\n" not in code.strip() and len(code) <= MAX_CHARS


def _yes_or_no(question: str, pick: Pick) -> str:
    """By the sentence's first word, else by its polarity where it speaks of all that is asked."""
    start, end = sentence_at(pick, question)
    sentence = pick.passage.text[start:end]
    if said := _YES_OR_NO.match(sentence) or _YES_OR_NO.match(pick.passage.text[pick.piece.start : pick.piece.end]):
        return said.group(1).capitalize()
    language = pick.passage.head.language
    wanted = frozenset(terms(question, language))
    held = frozenset(terms(sentence, language))
    if not wanted or len(wanted & held) / len(wanted) < MIN_COVERED:
        return ""
    is_negated = bool(_NEGATION.search(sentence)) != bool(_QUESTION_NEGATION.search(question))
    return "No" if is_negated else "Yes"
