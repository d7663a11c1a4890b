"""The answer in a few words where there is one: a value, a name, a yes or no, a command. Pure."""

import re

from crawler.block import BlockKind, cells
from rag.answer import AnswerBlock, Shape
from rag.checks.numbers import quantities
from rag.checks.polarity import turns_around
from rag.choosing.choice import Pick
from rag.choosing.features import ENGLISH
from rag.choosing.fit import fits
from rag.choosing.pieces import assignments, labels_of
from rag.choosing.question import KINDS, LISTING, MEASURES
from rag.choosing.question import QuestionType as Q
from rag.choosing.subject import subject
from rag.sentences import sentences
from rag.showing.card import value_of
from rag.showing.misleading import misleads
from ranker.words import terms

MAX_CHARS = 120
SAME_QUESTION = 0.5
"""A "yes" answers the question above it, which must share so much of its words with the one that is asked (Jaccard)."""

_YES_OR_NO = re.compile(r"\s*(yes|no)\b(?! (?:one|more|longer|such|matter|need))", re.IGNORECASE)
_NEGATION = re.compile(
    r"\b(?:not|cannot|never|no longer|unsupported|nor|neither|no|unable|disallowed|forbidden|impossible)\b|"
    r"n['’]t\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|unless|only|except|by default|when|whenever|where|while|but|however|although|though|until|provided|"
    r"depend(?:s|ing)?|usually|often|sometimes|normally|some|certain|most|at least|prior to|before|after|instead|"
    r"rather|too|might|may)\b",
    re.IGNORECASE,
)
"""A sentence with such a word says neither yes nor no without what it says besides."""

_WITHOUT = re.compile(r"\bwithout\b", re.IGNORECASE)
"""It denies a thing, and not what is said: "You can fly without a ticket" is no "no"."""

_QUESTION_NEGATION = re.compile(r"\b(?:not|never|no)\b|n['’]t\b", re.IGNORECASE)
_STEPS = re.compile(r"\s*how\s+(?:to|(?:do|can|could|should|would|must)\s+(?:i|we|you|one))\b", re.IGNORECASE)
_MEASURE = re.compile(rf"\bhow\s+(?:{MEASURES})\b", re.IGNORECASE)
_DENIED_NUMBER = re.compile(r"\bnon-\w+", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\s*(?:what|which)\s+(?:are\s+(?:the|all|some|there)\b(?!.*\s(?:for|by|in|to|of|on|as|with|from)\W*$)|"
    rf"(?:{KINDS})s\b|(?:\w+[ -]){{0,3}}\w*(?<![su])s\s+(?:are|exist|can|do|could|may|have)\b)|\s*(?:{LISTING})\b",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[,;、，]|\b(?:and|or|und|oder|et|ou|y|o)\b|&", re.IGNORECASE)
_UNFIT = (Q.YES_NO, Q.COMPARISON)
"""A few words of the page cannot say yes or no, or in what two things differ."""
_EITHER = re.compile(r"\bor\b", re.IGNORECASE)
_IS_IT = re.compile(r"\s*(?:this|it|that) (?:is|was) (?:the|a|an|our)\b", re.IGNORECASE)
_BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"), ("“", "”"))
_TAG = re.compile(r"<(?=[A-Za-z])")
_CELLED = (Q.VALUE, Q.WHEN, Q.WHO, Q.WHERE, Q.OTHER)


def short_answer(question: str, asked: Q, pick: Pick, block: AnswerBlock) -> str:
    """Empty where the answer needs its sentence, its list or its steps.

    What the reader marks answers by itself whatever the question's type, but for those that want a procedure, several
    things or a number and get none.
    """
    if asked is Q.YES_NO:
        return _yes_or_no(question, pick)
    if asked is Q.HOW_TO and block.shape is Shape.CODE:
        return block.text if _is_command(block.text) else ""
    if asked in (Q.VALUE, Q.OTHER) and block.shape is Shape.DEFINITION and (term := _term(question, pick, block)):
        return term
    if asked in _CELLED and pick.piece.kind is BlockKind.TABLE_ROW:
        return _cell(question, asked, pick)
    return _assigned(question, pick) or _span(question, asked, pick, block)


def _term(question: str, pick: Pick, block: AnswerBlock) -> str:
    """The term whose text says that this is the thing asked for: ``keel`` of "This is the default deck."."""
    start, end = sentence_at(pick, question)
    sentence = pick.passage.text[start:end]
    wanted = frozenset(terms(question, pick.passage.head.language))
    is_it = _IS_IT.match(sentence) and wanted <= frozenset(terms(sentence, pick.passage.head.language))
    return block.term if is_it and "\n" not in block.term and len(block.term) <= MAX_CHARS else ""


def _span(question: str, asked: Q, pick: Pick, block: AnswerBlock) -> str:
    span = _within_a_sentence(pick)
    if not span or len(span) > MAX_CHARS or asked in _UNFIT or _is_cut_in_brackets(span):
        return ""
    start, end = sentence_at(pick, question)
    if not start <= pick.span_start < end:
        return ""
    said = " ".join((*labels_of(pick.piece, pick.passage), pick.passage.text[start:end]))
    passage = pick.passage
    headings = (passage.head.title, *passage.heading_path)
    if misleads(question, asked, span, said, headings=headings, language=passage.head.language):
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
        counted = _DENIED_NUMBER.sub(" ", span)
        return bool(quantities(counted)) or fits(Q.VALUE, question, counted, BlockKind.PARAGRAPH)
    return True


def _within_a_sentence(pick: Pick) -> str:
    """What the reader marked, as far as its first sentence goes."""
    marked = value_of(pick)
    first = next((marked[: s.end] for s in sentences(marked)), "")
    said = " ".join(first.split()).strip(" ,;:")
    return said.rstrip(")") if said.count(")") > said.count("(") else said


def _is_cut_in_brackets(span: str) -> bool:
    """``<space>, <tab`` goes on."""
    is_open = any(span.count(opening) != span.count(closing) for opening, closing in _BRACKETS)
    return is_open or len(_TAG.findall(span)) > span.count(">")


def _cell(question: str, asked: Q, pick: Pick) -> str:
    """The cell below the column that the question names, else the one cell that is of the kind asked for."""
    block = pick.piece.blocks[0]
    values = cells(pick.passage.text[pick.piece.start : pick.piece.end].strip())
    if len(values) != len(block.columns):
        return ""
    language = pick.passage.head.language
    wanted = frozenset(terms(question, language))
    rest = [
        (frozenset(terms(name, language)), value)
        for name, value in zip(block.columns, values, strict=True)
        if value != block.row_header and not frozenset(terms(value, language)) <= wanted
    ]
    fitting = [value for _, value in rest if fits(asked, question, value, BlockKind.PARAGRAPH)]
    named = [value for name, value in rest if wanted & name and (value in fitting or asked is not Q.VALUE)]
    found = named if len(named) == 1 else fitting
    return found[0] if len(found) == 1 and len(found[0]) <= MAX_CHARS else ""


def _assigned(question: str, pick: Pick) -> str:
    """What code or settings give the name that the question asks for."""
    if pick.piece.kind is not BlockKind.CODE:
        return ""
    for name, value in assignments(pick.passage.text[pick.piece.start : pick.piece.end]):
        if re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", question) and len(value) <= MAX_CHARS:
            return value
    return ""


def sentence_at(pick: Pick, question: str) -> tuple[int, int]:
    """``[start:end]`` of the passage's text: the sentence of the piece with the span in it, else with most of the
    question's words, the first of equals. One that says the opposite comes after others.
    """
    text = pick.passage.text
    spans = [(s.start, s.end) for s in sentences(text[: pick.piece.end]) if s.end > pick.piece.start] or [
        (pick.piece.start, pick.piece.end)
    ]
    language = pick.passage.head.language
    turned = {(a, b): language in ENGLISH and turns_around(question, text[a:b]) for a, b in spans}
    if pick.span:
        marked = next(((a, b) for a, b in spans if a <= pick.span_start < b), spans[0])
        if not turned[marked]:
            return marked
        spans = [span for span in spans if not turned[span]] or [marked]
    wanted = frozenset(terms(question, language))
    return max(spans, key=lambda span: len(wanted & frozenset(terms(text[span[0] : span[1]], language))))


def _is_command(code: str) -> bool:
    return "\n" not in code.strip() and len(code) <= MAX_CHARS


def _yes_or_no(question: str, pick: Pick) -> str:
    """By the first word, else by the polarity of a sentence that speaks of all that is asked and sets no condition."""
    start, end = sentence_at(pick, question)
    sentence = pick.passage.text[start:end]
    language = pick.passage.head.language
    about = subject(terms(question, language))
    is_whole = bool(about) and about <= frozenset(terms(sentence, language))
    said = _YES_OR_NO.match(sentence) or _YES_OR_NO.match(pick.passage.text[pick.piece.start : pick.piece.end])
    if said and (
        pick.features.get("heading_is_question", 0.0) >= SAME_QUESTION or (is_whole and said.string == sentence)
    ):
        return said.group(1).capitalize()
    negations = len(_NEGATION.findall(sentence))
    is_unclear = any(pattern.search(sentence) for pattern in (_CONDITION, _WITHOUT)) or any(
        pattern.search(question) for pattern in (_EITHER, _WITHOUT)
    )
    if said or not is_whole or negations > 1 or is_unclear:
        return ""
    return "No" if bool(negations) != bool(_QUESTION_NEGATION.search(question)) else "Yes"
