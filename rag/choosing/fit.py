"""Whether a piece is of the kind that a type of question asks for. Pure."""

import re

from crawler.block import BlockKind
from rag.choosing.question import QuestionType as Q

B = BlockKind

PRIOR: dict[Q, dict[BlockKind, float]] = {
    Q.HOW_TO: {B.CODE: 1.0, B.LIST_ITEM: 0.4, B.DEFINITION: 0.4, B.TABLE_ROW: -0.2},
    Q.DEFINITION: {B.PARAGRAPH: 0.5, B.DEFINITION: 1.0, B.LIST_ITEM: 0.0, B.CODE: -1.0, B.TABLE_ROW: -0.3},
    Q.VALUE: {B.TABLE_ROW: 0.7, B.DEFINITION: 0.4, B.CODE: -0.5},
    Q.YES_NO: {B.PARAGRAPH: 0.5, B.CODE: -1.0},
    Q.LIST: {B.LIST_ITEM: 1.0, B.TABLE_ROW: 0.8, B.CODE: -0.6},
    Q.COMPARISON: {B.PARAGRAPH: 0.5, B.TABLE_ROW: 0.3, B.CODE: -1.0},
    Q.MEANING: {B.DEFINITION: 1.0, B.PARAGRAPH: 0.4, B.TABLE_ROW: 0.5, B.CODE: -1.0},
    Q.WHEN: {B.PARAGRAPH: 0.3, B.TABLE_ROW: 0.3, B.CODE: -1.0},
    Q.WHO: {B.PARAGRAPH: 0.3, B.TABLE_ROW: 0.2, B.CODE: -1.0},
    Q.WHERE: {B.PARAGRAPH: 0.2, B.TABLE_ROW: 0.2},
    Q.WHY: {B.PARAGRAPH: 0.7, B.CODE: -1.0, B.TABLE_ROW: -0.5},
}
"""How likely an answer of each kind is, from -1 to 1; 0 for those not named. They are a prior, weighed by the model."""

MIN_COMMAS = 2
"""A sentence with so many names more than two things."""

_NUMBER = (
    r"\d|(?<![\w-])(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundred|thousand|million|billion|half|once|"
    r"twice|daily|hourly|weekly|monthly|yearly|unlimited|none|zero|no limit|not limited|arbitrar\w+)\b|"
    r"[一二三四五六七八九十百千万两]|"
    r"\b(?:ein(?:e[rnms]?|mal)?|zwei(?:mal)?|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|hundert|"
    r"tausend|täglich|stündlich|wöchentlich|monatlich|jährlich|unbegrenzt|"
    r"une?|deux|trois|quatre|cinq|sept|huit|neuf|dix|douze|vingt|cent|mille|illimitée?|"
    r"una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|due|tre|quattro|cinque|sei|sette|otto|nove|dieci)\b"
)
_MONTH = (
    r"jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sep(tember)?|oct(ober)?|nov(ember)?|"
    r"dec(ember)?"
)
_DATE = (
    rf"\b(?:1[0-9]|20)\d\d\b|\b(?:{_MONTH})\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d{{1,2}}:\d\d|\bversion\b|"
    r"\b(?:when|once|before|after|until|during|as soon as|every|ago|since|at midnight|at noon)\b|[年月日]"
)
_MONEY = r"[$€£¥₩₹]|\b(?:usd|eur|gbp|chf|jpy|cents?|dollars?|euros?|pounds?|francs?|free|no charge|included)\b"
_CALLED = (
    r"[\"“‘`][^\"”’`\n]{1,60}[\"”’`]|\b(?:called|named)\b|"
    r"\b(?:is|are) (?:not set|empty|blank|[\w@./-]+(?:[.,;]|$))"
)
_LIMIT = r"\b(?:max(?:imum|imal)?|most|largest|biggest|longest|highest|limits?)\b"
_AMOUNT = r"(?<!\w)\d"
"""A number that is no part of a name such as ``v2``."""

_LIMITED = (
    r"\b(?:max(?:imum|imal)?|at most|up to|no(?:t)? (?:more|longer|larger|bigger|higher) than|not exceed|"
    r"limit(?:s|ed)?|unlimited|largest|exceeds?|upper bound)\b"
)
_MEASURES: tuple[tuple[str, str], ...] = (
    (r"\b(?:price|cost|fee|charge|pay|expensive|cheap|how much (?:is|are|does|do))\b", _MONEY),
    (r"\bhow (?:long|often|soon|late|early)\b|\btime ?out|\bduration|\binterval", _NUMBER),
    (r"\b(?:percent|percentage|share)\b", r"\d\s*(?:%|percent)"),
    (r"\bport\b", r"\b\d{2,5}\b"),
    (r"\b(?:user|account|host|file|login|group) ?names?\b|\bpasswords?\b|\bcalled\b", _CALLED),
    (_LIMIT, _LIMITED),
)
_STRICT = (
    (r"\b(?:price|how much (?:is|are|does|do) [^?]*(?:cost|charge)?|costs?|fees?|expensive|cheap)\b", _MONEY),
    (r"\bwhat percent(?:age)?\b|\bhow many percent\b", r"\d\s*(?:%|percent)"),
    (r"\b(?:(?:tele)?phone|fax|hotline)\b.*\bnumber\b|\bnumber\b.*\bto call\b", r"\d[\d ()/.-]{4,}\d"),
    (r"\be-?mail address\b", r"\S@\S"),
    (rf"^what(?:['’]s| is| are) (?:the )?{_LIMIT}", rf"{_AMOUNT}|{_LIMITED}"),
)
_POLAR = (
    r"\b(?:yes|no|not|never|can(?:not)?|supports?|supported|allow(?:s|ed)?|is|are|does|do|has|have|must|may|only|always|"
    r"n't|unsupported|without|deprecated|removed|possible|available|required|requires?)\b|n't\b"
)
_REASON = (
    r"\b(?:because|since|so that|due to|in order to|reason|therefore|otherwise|avoids?|allows?|prevents?|helps?|as)\b"
)
_CONTRAST = (
    r"\b(?:whereas|while|but|unlike|differ(?:s|ence|ent)?|compared|instead|in contrast|however|than|both|only|except|"
    r"other|same|also)\b"
)
_IMPERATIVE = (
    r"(?:^|[.:;]\s+|\bto \w+[^.]{0,60}, )(?:use|run|type|enter|click|select|choose|open|add|set|call|create|go|install|"
    r"write|execute|pass|press|start|stop|edit|copy|delete|remove|specify|invoke|make|put|replace|change|configure|"
    r"first|then)\b|\b(?:can be|using|use[sd]?|by (?:\w+ing))\b|\byou (?:can|may|must|need|should)\b"
)
_PLACE = r"[/\\]\w|\b(?:in|at|on|under|from|inside|below|near)\b|\w\.\w"
_NAME = r"(?<![.!?]\s)(?<!^)\b[A-Z][\w’'.-]+|\b[A-Z]\w+ [A-Z]\w+"
_SENSE = (
    r"^\W*[\w.()+-]+(?:, [\w.()+-]+)*\s+[-–—]{1,2}\s+\w|"
    r"\b(?:is|are|means?|refers?|denotes?|stands?|describes?|represents?|called|used|indicates?|occurs?|returned|"
    r"provides?|allows?|lets|enables?|helps?|consists?)\b"
)


def prior(asked: Q, kind: BlockKind) -> float:
    """How likely a block of this kind answers, from -1 to 1."""
    return PRIOR.get(asked, {}).get(kind, 0.0)


_SAYS = {
    Q.WHEN: _DATE,
    Q.WHERE: _PLACE,
    Q.WHY: _REASON,
    Q.YES_NO: _POLAR,
    Q.COMPARISON: _CONTRAST,
    Q.HOW_TO: _IMPERATIVE,
    Q.DEFINITION: _SENSE,
    Q.MEANING: _SENSE,
}
_SHAPED = {
    Q.HOW_TO: (B.CODE,),
    Q.LIST: (B.LIST_ITEM, B.TABLE_ROW),
    Q.DEFINITION: (B.DEFINITION,),
    Q.MEANING: (B.DEFINITION,),
}


def fits(asked: Q, question: str, text: str, kind: BlockKind, heading: str = "") -> bool:
    """Whether the text holds what the type of question asks for: a number, a date, a currency, a reason ...

    Under a ``heading`` that speaks of a limit any number may be that.
    """
    if kind in _SHAPED.get(asked, ()):
        return True
    if asked is Q.VALUE:
        is_headed = _finds(_LIMIT, question) and _finds(_LIMIT, heading) and _finds(_AMOUNT, text)
        return is_headed or _finds(_wanted_measure(question), text)
    if asked is Q.WHO:
        return re.search(_NAME, text) is not None
    if asked is Q.LIST:
        return text.count(",") >= MIN_COMMAS
    return asked not in _SAYS or _finds(_SAYS[asked], text)


def misses(question: str, text: str) -> bool:
    """Whether a price, a share, a limit or a way to reach somebody is asked for and the text holds none: no answer."""
    return any(_finds(cue, question) and not _finds(wanted, text) for cue, wanted in _STRICT)


def _wanted_measure(question: str) -> str:
    return next((wanted for cue, wanted in _MEASURES if _finds(cue, question)), _NUMBER)


def _finds(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None
