"""Sentences made false, or said in slightly other words, by rule. Pure functions."""

import random
import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from rag.checks.numbers import quantities, unit_named

_AUXILIARY = re.compile(
    r"\b(is|are|was|were|does|do|did|can|could|will|would|should|must|may|has|have)\b(?! not\b|n't)"
)
_NOT = re.compile(r"(?<=\w)(?: not\b|n't\b)")
_NAME = re.compile(r"(?<=[\w,] )(?:[A-Z][a-zA-Z]{3,}|\w+_\w+|--[a-z][\w-]+|[a-z]+[A-Z]\w+)\b")
_THE = re.compile(
    r"\b[Tt]he ((?:[a-z]{4,} )?[a-z]{4,})(?= (?:is|are|was|were|can|will|must|does|has|to|of|in|on|by|from|and"
    r"|[a-z]+s|[a-z]+ed)\b|[.,])"
)
_UNIT = re.compile(
    r"\b(nano|micro|milli)?(seconds?|minutes?|hours?|days?|weeks?|months?|years?|bytes?|bits?|kB|KB|MB|GB"
    r"|TB|percent|dollars?|metres?|meters?|kilometers?|miles?)\b"
)
_OTHER_UNIT = {
    "second": "hour",
    "minute": "day",
    "hour": "second",
    "day": "minute",
    "week": "hour",
    "month": "day",
    "year": "month",
    "byte": "gigabyte",
    "bit": "byte",
    "kB": "GB",
    "KB": "GB",
    "MB": "TB",
    "GB": "kB",
    "TB": "MB",
    "percent": "degrees",
    "dollar": "cent",
    "metre": "mile",
    "meter": "mile",
    "kilometer": "meter",
    "mile": "meter",
}

Change = Callable[[str, Sequence[str], random.Random], str | None]
"""(sentence, names found elsewhere, rng) to a false sentence, None where the rule does not fit."""


def number(sentence: str, elsewhere: Sequence[str], rng: random.Random) -> str | None:
    """Another number in the place of one."""
    found = [q for q in quantities(sentence) if not q.is_vague and q.text.isdigit()]
    if not found:
        return None
    one = rng.choice(found)
    value = int(one.text)
    other = rng.choice([value + 1, value * 10, value * 2 + 3, max(value // 2, 1) + 7])
    return sentence[: one.start] + str(other) + sentence[one.end :]


def unit(sentence: str, elsewhere: Sequence[str], rng: random.Random) -> str | None:
    """Another unit behind a number."""
    for one in quantities(sentence):
        match = _UNIT.search(sentence, one.start)
        if one.unit and match and match.start() <= one.end:
            name = match[2].removesuffix("s") if match[2] not in ("s",) else match[2]
            other = _OTHER_UNIT.get(name)
            if other and not match[1] and unit_named(other):
                return (
                    sentence[: match.start()]
                    + other
                    + ("s" if match[2].endswith("s") else "")
                    + sentence[match.end() :]
                )
    return None


def negation(sentence: str, elsewhere: Sequence[str], rng: random.Random) -> str | None:
    """Without its "not", or with one behind an auxiliary verb."""
    if match := _NOT.search(sentence):
        return sentence[: match.start()] + sentence[match.end() :]
    if match := _AUXILIARY.search(sentence):
        return f"{sentence[: match.end()]} not{sentence[match.end() :]}"
    return None


def name(sentence: str, elsewhere: Sequence[str], rng: random.Random) -> str | None:
    """Another name or identifier, of the same kind, from elsewhere."""
    found = list(_NAME.finditer(sentence))
    if not found:
        return None
    match = rng.choice(found)
    others = [
        other
        for other in elsewhere
        if _kind(other) == _kind(match.group()) and other.casefold() not in sentence.casefold()
    ]
    return sentence[: match.start()] + rng.choice(others) + sentence[match.end() :] if others else None


def role(sentence: str, elsewhere: Sequence[str], rng: random.Random) -> str | None:
    """Two things in each other's place, where a verb stands between them."""
    for a, b in pairwise(_THE.finditer(sentence)):
        between = sentence[a.end() : b.start()]
        if a[1] != b[1] and len(between.split()) >= 2 and not re.search(r"\b(?:and|or|of)\s*$|[,;:]", between):
            return sentence[: a.start(1)] + b[1] + sentence[a.end(1) : b.start(1)] + a[1] + sentence[b.end(1) :]
    return None


CHANGES: dict[str, Change] = {"number": number, "unit": unit, "negation": negation, "name": name, "role": role}


def names_in(text: str) -> list[str]:
    """What ``name`` may take."""
    return list(dict.fromkeys(_NAME.findall(text)))


def _kind(word: str) -> str:
    return "option" if word.startswith("--") else "code" if re.search(r"_|[a-z][A-Z]", word) else "name"


_OTHER_WORDS = {
    r"\bdo not\b": "don't",
    r"\bdoes not\b": "doesn't",
    r"\bis not\b": "isn't",
    r"\bcannot\b": "can't",
    r"\bmust\b": "has to",
    r"\ballows\b": "permits",
    r"\bFor example, ": "",
    r"\bHowever, ": "",
    r"\buse\b": "employ",
    r"\busually\b": "normally",
    r"\bbegins\b": "starts",
    r"\breturns\b": "gives back",
    r"\bbecause\b": "since",
    r"\bin order to\b": "to",
    r"\bsuch as\b": "like",
    r"\balso \b": "",
    r"\bsimply \b": "",
    r"\bcreate\b": "make",
    r"\bcreated\b": "made",
    r"\bshows\b": "displays",
    r"\bcontains\b": "holds",
    r"\bneeds\b": "requires",
}
_SPELLED = {"2": "two", "3": "three", "4": "four", "5": "five", "10": "ten"}
_TAIL = re.compile(r"^([A-Z][^,]+?) ((?:in|on|at|with|by default|during|for) [^,.]+)\.$")


def reworded(sentence: str) -> str:
    """The same in slightly other words: contracted, with synonyms, numbers in words, or the end put first."""
    for pattern, other in _OTHER_WORDS.items():
        sentence = re.sub(pattern, other, sentence)
    sentence = re.sub(r"(?<![\w.-])(2|3|4|5|10)(?= [a-z]{4,})", lambda m: _SPELLED[m[1]], sentence)
    sentence = re.sub(r"\s\([^()]*\)", "", sentence)
    if match := _TAIL.match(sentence):
        head = match[1]
        head = head if re.match(r"[A-Z]\w*[A-Z_]|I\b", head) else head[0].lower() + head[1:]
        return f"{match[2][0].upper()}{match[2][1:]}, {head}."
    return sentence[0].upper() + sentence[1:] if sentence else sentence
