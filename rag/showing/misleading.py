"""Would a few words of a page, said by themselves, mislead the asker? Pure."""

import re
from collections.abc import Sequence

from rag.choosing.question import QuestionType as Q
from rag.choosing.subject import subject
from ranker.words import terms

MIN_SAID = 0.34
"""A sentence that holds less of what a question is about tells the value of something else."""

MAX_NAMED_WORDS = 5
"""What "the X" is can be said in so many words, such as a name; more are a piece of its description."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_CLAUSE_END = re.compile(r"(?<=[,;:])\s|\s(?:and|but|while|whereas)\s")
_PAST = re.compile(r"\b(?:was|were|did|had|before|until|since|versions?|when|year|first|origin\w*)\b", re.IGNORECASE)
_ONCE = re.compile(
    r"\b(?:for many years|used to be|formerly|previously|originally|in (?:older|earlier|former|previous|recent|newer) "
    r"(?:versions|releases)|(?:prior to|before|since|after|until|beginning (?:with|in)|starting (?:with|in|from)|as of|"
    r"up to|in) (?:\w+ ){0,2}(?:versions? )?v?\d+\.\d+)",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\bhow (?:many|much|long|large|big)\b.*\b(?:can|may|could|allowed|permitted|at most)\b", re.IGNORECASE
)
_AT_LEAST = re.compile(r"\b(?:or more|at least|more than one|several|any number of)\b", re.IGNORECASE)
_HOW_MANY = re.compile(r"\bhow many\b", re.IGNORECASE)
_TIMES = r"(?:milli)?seconds?|minutes?|hours?|days?|weeks?|months?|years?"
_TIME = re.compile(rf"\b(?:\d[\d.,]*|one|two|three|four|five|six|seven|ten|thirty) (?:{_TIMES})\b", re.IGNORECASE)
_TIME_ASKED = re.compile(rf"\b(?:{_TIMES}|times?|often|long)\b", re.IGNORECASE)
_HAPPENS = re.compile(r"\s*what (?:happens|if|would happen|will happen)\b", re.IGNORECASE)
_CAUSES = r"because(?: of)?|since|as|due to|so that|so|in order to|to|for|by|reason (?:is|was)(?: that)?"
_REASON_FIRST = re.compile(rf"\s*(?:{_CAUSES})\b", re.IGNORECASE)
_REASON_BEFORE = re.compile(rf"\b(?:{_CAUSES})\W+(?:the |an? )?$", re.IGNORECASE)
_WHAT_IT_DOES = re.compile(r"\s*what (?:do|does|did)\b.*\b(?:do|mean|stand for|indicate)\W*$", re.IGNORECASE)
_WHAT_IT_IS = re.compile(
    r"\s*what(?:['’]s| is| are) (?P<article>(?:an?|the) )?(?:[\w'’./+#-]+ ?){1,4}\W*$", re.IGNORECASE
)
_FOR = re.compile(r"\bfor (?:(?:an?|the|my|our|your|each|one) )?((?:[\w-]+ ){0,2}[\w-]+)\W*$", re.IGNORECASE)


def misleads(
    question: str, asked: Q, span: str, sentence: str, *, headings: Sequence[str], language: str | None
) -> bool:
    """Whether a span of a sentence, below these headings, is no answer without what stands around it."""
    return bool(
        _only_repeats(question, span, language)
        or _is_of_another(question, span, sentence)
        or (not _PAST.search(question) and _ONCE.search(sentence) is not None)
        or (_LIMIT.search(question) is not None and _AT_LEAST.search(span) is not None)
        or _is_a_time(question, span)
        or (asked in (Q.DEFINITION, Q.MEANING) and _is_torn(question, span))
        or ((asked in (Q.VALUE, Q.LIST) or _HAPPENS.match(question)) and _is_elsewhere(question, sentence, language))
        or (asked is Q.WHY and not _is_reason(span, sentence))
        or (asked is Q.VALUE and _is_for_another(question, " ".join((sentence, *headings)), language))
    )


def _only_repeats(question: str, span: str, language: str | None) -> bool:
    """``What does ERR_FULL mean?`` ``An ERR_FULL error``"""
    return frozenset(terms(span, language)) <= frozenset(terms(question, language)) | frozenset(terms("error code"))


def _is_of_another(question: str, span: str, sentence: str) -> bool:
    """Whether another clause than that of the span has a number of the question's: ``version 2 keeps it here, version 3
    there``.
    """
    numbers = frozenset(_NUMBER.findall(question))
    parts = _CLAUSE_END.split(sentence)
    if not numbers or len(parts) == 1 or frozenset(_NUMBER.findall(sentence)) <= numbers:
        return False
    own = next((part for part in parts if span in part), sentence)
    return not numbers & frozenset(_NUMBER.findall(own))


def _is_a_time(question: str, span: str) -> bool:
    """Whether how many of a thing there are is asked for and a time is told: ``How many copies?`` ``30 days``."""
    return (
        _HOW_MANY.search(question) is not None
        and _TIME.search(span) is not None
        and _TIME_ASKED.search(question) is None
    )


def _is_reason(span: str, sentence: str) -> bool:
    """Whether a span is told as the reason, rather than something of what happens."""
    before = sentence.partition(span)[0]
    return _REASON_FIRST.match(span) is not None or _REASON_BEFORE.search(before) is not None


def _is_torn(question: str, span: str) -> bool:
    """What a thing is or does takes its sentence; the name of the one that is described does not."""
    if _WHAT_IT_DOES.match(question):
        return True
    described = _WHAT_IT_IS.match(question)
    if described is None:
        return False
    return (described["article"] or "").strip().lower() != "the" or len(span.split()) > MAX_NAMED_WORDS


def _is_elsewhere(question: str, sentence: str, language: str | None) -> bool:
    about = subject(terms(question, language))
    return bool(about) and len(about & frozenset(terms(sentence, language))) < MIN_SAID * len(about)


def _is_for_another(question: str, said: str, language: str | None) -> bool:
    """Whether nothing says that this is what is told for the one of whom it is asked: ``... for a desktop?``"""
    asked = _FOR.search(question)
    return asked is not None and not frozenset(terms(asked[1], language)) & frozenset(terms(said, language))
