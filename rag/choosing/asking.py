"""A question without the words that only ask, so that the others can be looked for. Pure."""

import re

_ASKING = re.compile(
    r"\b(?:wie (?:lange?|oft|hoch|gro(?:ß|ss)|weit|teuer|schnell|alt|schwer|tief|breit|spät|früh)|"
    r"(?:um|zu) (?:wie viel uhr|welcher zeit)|ab wann|bis wann|seit wann|"
    r"combien de (?:temps|fois|jours)|(?:depuis|pendant) combien de temps|à quelle heure|"
    r"(?:a )?qué hora|cuánto tiempo|cuántas veces|quanto tempo|a che ora|hoe (?:lang|vaak|ver|groot|hoog|laat)|"
    r"wann|wo(?:hin|her|mit|für|zu)?|we[rmn]|wessen|wie ?viele?s?|wie|was|warum|weshalb|wieso|welche[rsnm]?|"
    r"bitte|gibt es|"
    r"quand|où|qui|que|quoi|combien|pourquoi|comment|quel(?:le)?s?|est-ce qu[e']|qu['’]est-ce|y a-t-il|"
    r"cuándo|dónde|quién(?:es)?|qué|cuánt[oa]s?|por qué|cómo|cuál(?:es)?|"
    r"quando|dove|chi|che cosa|cosa|quant[oaie]|perché|come|quale|quali|wanneer|waar|wat|hoeveel|waarom|hoe|welke)\b|"
    r"第几|几点|几个|几|幾點|幾個|幾|什么|什麼|多少|多久|多长|哪里|哪裡|哪些|哪个|哪個|怎么样|怎么|怎麼|怎样|如何|为什么|為什麼|"
    r"谁|誰|是否|吗|嗎|呢|请问|請問|"
    r"(?:は|が|を|に|で)?(?:何年|何時間|何時|何分|何日|何月|何人|何個|何件|何回|何円|何|いつ|どこ|だれ|なぜ|どうして|どうやって|どう|"
    r"いくら|いくつ|どの|どんな|どれ)|(?:です|ます|でしょう|ません)?か\s*[?？。]*\s*$|ください|教えて|"
    r"얼마나|얼마|언제|어디서|어디|누구|누가|무엇|뭐|왜|어떻게|어떤|몇|(?:입|습|합|됩)?니까|인가요|나요|까요|"
    r"(?<!\w)(?:كم|متى|أين|من|ما|ماذا|هل|كيف|لماذا|أي|هو|هي)(?!\w)",
    re.IGNORECASE,
)


def without_asking(question: str) -> str:
    """``Wann ist die Küche offen?`` -> ``ist die Küche offen?``; the question itself where nothing would be left."""
    rest = " ".join(_ASKING.sub(" ", question).split())
    return rest if re.search(r"\w", rest) else question
