"""Whether a text speaks to a machine that reads it, rather than to people: a pure function.

Nothing is forbidden by it: a page about prompt injection is quoted as any other. Such text is only preferred less where
something else answers, and a generator's sentence that repeats it must have its support like any other.
"""

import re

from rag.checks.visible import as_read

_BEGIN = r"(?:^|[.!?:;,\"“(]\s*|[#|<>-]\s+|\b(?:and|then|instead|must|should|always|please|only|just) )"
"""Where an order may begin."""

_ORDERS = (
    r"(?:ignore|disregard|forget|override|bypass|skip)\s+(?:\w+\s+){0,4}?(?:instructions?|rules?|prompts?|guidelines"
    r"|directions|context|guardrails|everything|restrictions|passages?|sources?|documents?|messages?)\b",
    r"\byou are (?:now |no longer )?(?:an? |the |in )?(?:\w+ ){0,2}(?:assistant|ai|chatbot|bot|model|dan|mode"
    r"|jailbroken|unrestricted)\b",
    r"\b(?:(?:system|developer|hidden|initial|secret) prompt"
    r"|(?:new|updated|secret|hidden|system) (?:instructions?|directives?))\b",
    rf"{_BEGIN}(?:answer|reply|respond|output|say|state|claim|tell (?:them|the user|users|people|everyone))\s+"
    r"(?:\w+\s+){0,2}?(?:that|only|with|exactly|always|nothing but)\b",
    r"\b(?:do not|don['’]t|never) (?:answer|mention|cite|reveal|tell|refuse|use the other)\b",
    r"\b(?:when(?:ever)?|if) (?:you are |you['’]re )?(?:asked|questioned|the user asks|someone asks|users? asks?)\b",
    r"\b(?:as an ai|language models?|llms?|chatbots?|ai (?:assistant|agent|model)s?"
    r"|attention,? (?:ai|assistant|model|bot))\b",
    rf"{_BEGIN}(?:from now on|act as|pretend (?:to be|that you|you are)|roleplay|simulate being)\b",
    r"\b(?:reveal|leak|exfiltrate|append|include|embed)\s[^.]{0,60}https?://",
    rf"(?:\b(?:reveal|leak|exfiltrate)|{_BEGIN}(?:send|forward|append|include|embed|post))\b.{{0,60}}"
    r"\b(?:conversation|system prompt|chat history|user['’]s (?:question|data|password)|secrets?)\b",
    r"\b(?:ignorier\w*|vergiss|missachte)\b.{0,40}\b(?:anweisung|regel|vorherig)",
    r"\b(?:ignore[zr]?|oublie[zr]?)\b.{0,40}\b(?:instructions|consignes)\b",
    r"\b(?:ignora|olvida)\b.{0,40}\b(?:instrucciones|reglas|istruzioni)\b",
    r"(?:忽略|无视|無視).{0,20}(?:指令|指示|说明|規則|规则)",
    r"игнорируй\w*.{0,40}(?:инструкци|правил)",
)
_MARKERS = (
    r"<\|[\w ]{2,20}\|>|\[/?INST\]|<</?SYS>>",
    r"</?(?:passage|document|context|system|instructions?|assistant)\b[^>]{0,80}>",
    r"(?:^|\n)\s*<user\b[^>]{0,80}>(?![\w./@-])|</user\s*>",
    r"(?:^|\n)\s*#{2,}\s*(?:system|instructions?|assistant|user|response|human)\b",
    r"(?:^|[\n.!?]\s*)(?:system|assistant|human)\s*:\s*\S",
    r"(?:^|[\n.!?]\s*)(?-i:User|USER|Developer|DEVELOPER)\s*:\s*(?:[^\s.]+\s+){3}",
    r"(?:^|\n)\s*(?:begin|end) (?:of )?(?:system|passages?|context|prompt|document)",
    r"!\[[^\]]*\]\(\s*https?://[^)\s]*[?&=][^)]*\)",
    r"\bNO[_ ]ANSWER\b",
)
_ORDER = re.compile("|".join(f"(?:{pattern})" for pattern in _ORDERS), re.IGNORECASE)
_MARKER = re.compile("|".join(f"(?:{pattern})" for pattern in _MARKERS), re.IGNORECASE)
_HIDDEN = re.compile(
    "[\u202a-\u202e\u2066-\u2069\U000e0020-\U000e007e]|[\u200b\u2060\ufeff]{2,}|(?<=[a-z])[\u200b\u2060\u00ad](?=[a-z])"
)


_ABOUT_MACHINES = re.compile(
    r"prompt|inject|jailbreak|language model|\bllms?\b|chatbot|assistant|instruction|\bai\b", re.IGNORECASE
)


def asks_about_machines(question: str) -> bool:
    """Whether such text may well be what the question asks for."""
    return _ABOUT_MACHINES.search(question) is not None


def speaks_to_a_machine(text: str) -> bool:
    """Whether the text gives a reading machine orders, forges its marks, or hides letters from people."""
    read = as_read(text)
    return bool(_ORDER.search(read) or _MARKER.search(read) or _HIDDEN.search(text))
