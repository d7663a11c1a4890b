"""What a follow-up asks, as a question that stands by itself. Pure functions.

"How do I install it on Linux?" then "And on Windows?" asks "How do I install it on Windows?". The rules know
English, and the words that open a follow-up in German, French and Spanish; a question that they do not take for a
follow-up stays as it is, so that a new subject is never mixed with the old one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from rag.dialogue.exchange import PREPOSITION, exchanged
from rag.dialogue.topic import Topic, doing, topic_of
from rag.dialogue.turn import Turn
from ranker.words import terms

_LEAD = re.compile(
    r"(?:(?:ok|okay|and|but|or|also|so|then|now|und|aber|oder|et|mais|ou|y|pero|o)\b[\s,]*)*"
    r"(?:(?:what|how) about|what if it is|was ist mit|wie ist es mit|qu'en est-il de|et pour|qué tal)?\s*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|may|might|must|should|will"
    r"|would|has|have|had|show|tell|explain|describe|list|give|i|you|we"
    r"|wie|was|wer|wo|wann|warum|welche\w*|kann|ist|sind|comment|quel\w*|qui|où|quand|pourquoi|est-ce|puis-je"
    r"|cómo|qué|quién|dónde|cuándo|cuál\w*|puedo)\b",
    re.IGNORECASE,
)
_DO_THAT = re.compile(r"\bdo (?:it|that|this|so|the same)\b", re.IGNORECASE)
_UNDOES = re.compile(
    r"\b(undo|revert|reverse|stop|avoid|prevent|cancel|automate|disable|skip|repeat|test|finish|abort)"
    r" (?:it|that|this)\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:its|their)\s+(\w+)", re.IGNORECASE)
_CONDITION = re.compile(r"(?:if|when|unless|wenn|si|cuando|quand)\b", re.IGNORECASE)
_ASKS_OF_IT = re.compile(r"(?:^|.*\s)(?:is|does|did|will|can|could|should|would|was)\s+$", re.IGNORECASE)
_SUBJECT = re.compile(
    r"\b(?:it|they|them|those|these|that one|this one|that|this)\b(?!\s+(?:possible|necessary)\b)", re.I
)
_THAT_BEFORE_A_NOUN = re.compile(
    r"\b(?:that|this|those|these)\s+(?!(?:mean|work|works|happen|happens|be|is|was|not|again|instead|too|from|on|in|for"
    r"|with|to|by|at|off|out|up|down|there|always|manually|automatically|anyway|apply|applies|cost|costs|take|takes|and|or|if|when)\b)\w+",
    re.IGNORECASE,
)
_BARE = re.compile(r"(why|how|when|where|who)(?: not| so| exactly)?", re.IGNORECASE)
_CLAUSE_END = re.compile(r",|;|\b(?:and|or|then|before|after|if|when|while|that|which)\b", re.IGNORECASE)

_NO_THING = re.compile(r"\s+(?:are |is )?(?:there|exist)$", re.IGNORECASE)

MAX_FRAGMENT_WORDS = 6
"""What is longer is a statement of its own, not a part of the question before."""

GENERAL = (
    "example kind type option limit default alternative difference detail step syntax parameter argument advantage "
    "disadvantage requirement exception version value name size price cost reason more other list there exist work "
    "show give tell"
)
"""Words that ask about a thing without naming it."""


@dataclass(frozen=True, slots=True)
class Understood:
    """``text`` is the question to answer; ``is_follow_up`` whether it needed what was said before."""

    text: str
    is_follow_up: bool = False


def understand(question: str, turns: Sequence[Turn]) -> Understood:
    """The question, completed from the turn before where it does not stand by itself."""
    asked = " ".join(question.split())
    if not turns or not asked:
        return Understood(asked)
    before = turns[-1].understood
    lead = _LEAD.match(asked)
    core = asked[lead.end() if lead else 0 :].rstrip("?!. ")
    opens = bool(lead and lead.group().strip())
    completed = _completed(core, opens, before, topic_of(before))
    if completed is None or completed.casefold() == core.casefold():
        return Understood(asked)
    return Understood(completed[0].upper() + completed[1:] + "?", is_follow_up=True)


def _completed(core: str, opens: bool, before: str, topic: Topic) -> str | None:
    if not core:
        return None
    if bare := _BARE.fullmatch(core):
        return f"{bare.group()} {topic.whole}"
    if not _SENTENCE.match(core):
        if _CONDITION.match(core):
            return f"{before.rstrip('?!. ')} {core}" if opens else None
        if not opens and not PREPOSITION.match(core):
            return _of_thing(core, topic)
        return exchanged(before.rstrip("?!. "), core) if len(core.split()) <= MAX_FRAGMENT_WORDS else None
    return _with_thing(core, topic)


def _with_thing(core: str, topic: Topic) -> str | None:
    if _DO_THAT.search(core):
        return _DO_THAT.sub(_literal(topic.action or f"do {topic.thing}"), core, count=1)
    if _UNDOES.search(core):
        what = doing(topic.action) if topic.action else topic.thing
        return _UNDOES.sub(lambda found: f"{found[1]} {what}", core, count=1)
    if (own := _OWN.search(core)) and not _is_resolved(core[: own.start()]):
        return _OWN.sub(lambda found: f"the {found[1]} of {topic.thing}", core, count=1)
    nouns = [found.span() for found in _THAT_BEFORE_A_NOUN.finditer(core)]
    for found in _SUBJECT.finditer(core):
        if any(start <= found.start() < end for start, end in nouns) or _is_resolved(core[: found.start()]):
            continue
        before = core[: found.start()]
        what = doing(topic.action) if topic.action and _ASKS_OF_IT.match(before) else topic.thing
        return before + what + core[found.end() :]
    return _of_thing(core, topic)


def _of_thing(core: str, topic: Topic) -> str | None:
    """A question of general words alone, about the thing."""
    if (said := terms(core)) and set(said) <= _general():
        return f"{_NO_THING.sub('', core)} of {topic.thing}"
    return None


@cache
def _general() -> frozenset[str]:
    return frozenset(terms(GENERAL))


def _is_resolved(before: str) -> bool:
    """Whether the same question names what the pronoun stands for: a clause that ended before it says something."""
    ends = list(_CLAUSE_END.finditer(before))
    return bool(ends) and len(terms(before[: ends[-1].start()])) >= 2


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\")
