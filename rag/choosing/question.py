"""What kind of answer a question asks for, by rules on its words. Pure."""

import re
from enum import StrEnum


class QuestionType(StrEnum):
    """The kind of answer that is wanted."""

    HOW_TO = "how-to"
    DEFINITION = "definition"
    VALUE = "value"
    YES_NO = "yes/no"
    LIST = "list"
    COMPARISON = "comparison"
    MEANING = "meaning"
    WHEN = "when"
    WHO = "who"
    WHERE = "where"
    WHY = "why"
    OTHER = "other"


MEASURES = "many|much|long|often|far|big|large|old|fast|high|deep|tall|wide|heavy|soon|late|early"
"""After "how": a number is asked for."""

KINDS = "kind|type|sort|option|way|method|step"
"""Of several of these, a list is asked for."""

LISTING = "list|name|enumerate"

_MEASURED = (
    r"maximum|minimum|max|min|limits?|defaults?|size|length|number|amount|port|timeout|rate|price|cost|fee|version|value|"
    r"depth|width|height|age|speed|capacity|quota|duration|frequency|temperature|interval|range|count|percentage|weight"
)
_RULES: tuple[tuple[QuestionType, str], ...] = (
    (
        QuestionType.COMPARISON,
        r"\bdifferences?\b|^how (do|does|did|is|are)\b.*\bdiffer(s|ent)?\b|\bcompared (to|with)\b|\bversus\b|\bvs\b|"
        r"^(what|how) .*\bdistinguish|\bunterschied|différence|diferencia|区别|區別|違い|차이|الفرق",
    ),
    (
        QuestionType.VALUE,
        rf"^(in |for |at |by |up to |within |after )?how ({MEASURES})\b|"
        r"^(wie ?(viele?|lange?|oft|gro(ß|ss)|hoch|alt|schnell)|combien|cuánt[oa]s?|quant[ioae])\b|"
        r"多少|几个|幾個|多久|多长|いくつ|いくら|何(分|時間|日|個|件|回|人|年|円|秒)|몇|얼마|كم\b|"
        rf"^(what|which)('s| is| are| was| were)?\b[^,]*\b({_MEASURED})\b(?! (of|for|in) (type|kind)s?\b)|"
        r"^at (what|which) |^(what|which)\b.*\b(set|equal|limited) to\b",
    ),
    (
        QuestionType.LIST,
        rf"^(what|which) ({KINDS})s?\b|"
        r"^(what|which) (?!is\b|are\b|do\b|does\b|did\b|was\b)(\w+[ -]){0,4}\w*s (are|exist|can|does|do|could|may)\b|"
        rf"^(what|which) are\b|^({LISTING})\b|\bare (there|available|supported)\b|"
        r"^welche \w+(en|e|s)? (gibt|sind|kann)|^quels? (sont|\w+s )|哪些|どんな種類|어떤 종류|ما هي",
    ),
    (
        QuestionType.WHEN,
        r"^(since |until |from )?when\b|^(in )?(what|which) (year|month|day|date|century|time)\b|"
        r"^(seit |bis )?wann\b|^(depuis |jusqu'à )?quand\b|^cuándo|什么时候|何时|何時|什麼時候|いつ|언제|متى",
    ),
    (
        QuestionType.WHO,
        r"^(by |from |to |with )?who(m|se)?\b|^we[rmn]\b|^qui\b|谁|誰|누가|누구|^من ",
    ),
    (
        QuestionType.WHY,
        r"^why\b|^what('s| is| are)? (the )?(reason|cause|purpose)|^how come\b|^warum\b|^weshalb\b|"
        r"^pourquoi\b|为什么|為什麼|なぜ|どうして|왜|لماذا",
    ),
    (
        QuestionType.WHERE,
        r"^(from |to )?where\b|^(in|on|at|to|from) (what|which) (\w+ )?(place|city|country|folder|directory|file|page|"
        r"section|menu|state|location|room|town|continent)\b|^what (folder|directory|path|city|country|place)\b|"
        r"^wo(hin|her)?\b|^où\b|哪里|哪裡|どこ|어디|أين",
    ),
    (
        QuestionType.MEANING,
        r"^what (do|does|did)\b.*\b(means?|stand for|signify|indicate|returns?)\b|\bmeaning of\b|"
        r"\bwhat does (the )?(error|exit|status|return) |^was bedeutet|^que (signifie|veut dire)|"
        r"什么意思|什麼意思|の意味|どういう意味|무슨 뜻|ماذا يعني",
    ),
    (
        QuestionType.HOW_TO,
        r"^how (do|does|can|could|should|would|to|might|must|is|are|was|were)\b|"
        r"^what (is|'s) the (best |right |easiest |proper )?way to\b|"
        r"^(what|which) (command|function|option|method|statement|setting|tool|key|pragma|module|header|flag|directive|"
        r"variable|keyword|class|query)\b|"
        r"^wie \w+ (ich|man|wir)\b|"
        r"^wie (kann|macht|wird|werden|stell|richt|install|ändere|man|ich|erstell|lösch|setz)|^comment\b|^cómo\b|"
        r"^come (si|posso)\b|如何|怎么|怎麼|怎样|どうやって|どうすれば|方法|어떻게|كيف",
    ),
    (
        QuestionType.YES_NO,
        r"^(is|are|was(?! (?:ist|sind|macht|bedeutet|hei(?:ß|ss)t)\b)|"
        r"were|does|do|did|can|could|will|would|should|may|might|must|has|have|had|am|isn't|aren't|"
        r"doesn't|don't|can't|won't)\b|^(ist|sind|kann|können|gibt|hat|haben|wird|darf|muss|unterstützt)\b|"
        r"^(est-ce|peut-on|y a-t-il|puis-je)\b|吗[？?]?$|嗎[？?]?$|ますか|ですか|나요|습니까|까요|^هل ",
    ),
    (
        QuestionType.DEFINITION,
        r"^(what|who)('s| is| are| was| were)\b|^what (do|does|did)\b.*\bdo\b|^(define|explain|describe)\b|"
        r"^was (ist|sind|macht)\b|^qu('|’)est-ce|^qué (es|son)|是什么|是什麼|とは|무엇|ما هو|ما (هي)?",
    ),
)
_COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _RULES)
_PREFACE = re.compile(
    r"^(?:and|but|so|ok|okay|please|hi|hello|hey|tell me|can you tell me|could you tell me|i wonder)[, ]+", re.I
)


def type_of(question: str) -> QuestionType:
    """The first kind whose rule matches; OTHER for what is no question that the rules know."""
    asked = " ".join(question.split()).strip("\"'“”¿¡ ")
    asked = _PREFACE.sub("", asked)
    return next((kind for kind, rule in _COMPILED if rule.search(asked)), QuestionType.OTHER)
