"""The answer in a few words where there is one: a value, a name, a yes or no, a command. Pure."""

import re

from crawler.block import BlockKind
from rag.answer import AnswerBlock, Shape
from rag.checks.numbers import quantities
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
_STEPS = re.compile(r"\s*how\s+(?:to|(?:do|can|could|should|would|must)\s+(?:i|we|you|one))\b", re.IGNORECASE)
_MEASURE = re.compile(
    r"\bhow\s+(?:many|much|long|often|far|big|large|old|fast|high|deep|tall|wide|heavy)\b", re.IGNORECASE
)
_SEVERAL = re.compile(
    r"\s*(?:what|which)\s+(?:are\s+(?:the|all|some|there)\b(?!.*\s(?:for|by|in|to|of|on|as|with|from)\W*$)|(?:kinds|types|sorts|options|ways|methods|steps)\b)|"
    r"\s*(?:list|name|enumerate)\b",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[,;、，]|\b(?:and|or|und|oder|et|ou|y|o)\b|&", re.IGNORECASE)
_UNFIT = (Q.YES_NO, Q.COMPARISON)
"""A few words of the page cannot say yes or no, or in what two things differ."""


def short_answer(question: str, asked: Q, pick: Pick, block: AnswerBlock) -> str:
    """Empty where the answer needs its sentence, its list or its steps.

    What the reader marks answers by itself whatever the question's type, but for those that want a procedure, several
    things or a number and get none.
    """
    if asked is Q.YES_NO:
        return _yes_or_no(question, pick)
    if asked is Q.HOW_TO and block.shape is Shape.CODE:
        return block.text if _is_command(block.text) else ""
    span = _within_a_sentence(pick)
    if not span or len(span) > MAX_CHARS or asked in _UNFIT:
        return ""
    return span if _answers(question, asked, span, block) else ""


def _answers(question: str, asked: Q, span: str, block: AnswerBlock) -> bool:
    if asked in (Q.HOW_TO, Q.LIST, Q.DEFINITION, Q.MEANING, Q.WHY) and block.shape is not Shape.PARAGRAPH:
        return False  # The steps, the list, the code or the definition say it better than words out of them.
    if _STEPS.match(question):
        return False
    if _SEVERAL.match(question):
        return _JOINED.search(span) is not None
    if _MEASURE.search(question):
        return bool(quantities(span)) or fits(Q.VALUE, question, span, BlockKind.PARAGRAPH)
    return True


def _within_a_sentence(pick: Pick) -> str:
    """What the reader marked, as far as its first sentence goes."""
    marked = pick.span
    first = next((marked[: s.end] for s in sentences(marked)), "")
    return " ".join(first.split()).strip(" ,;:")


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
