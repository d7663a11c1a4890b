"""Versions, compared part by part: 2.10 is not 2.1. Pure functions."""

import re
from functools import lru_cache

from rag.checks.mismatch import Fact, Mismatch

_NAMED = re.compile(
    r"\b(?i:versions?|releases?|ver\.?|v\.?|editions?|major)\s*(?P<number>\d+(?:\.\d+)*)(?:\.x\b)?(?![\w]|\.\d)"
    r"|\bv(?P<short>\d+(?:\.\d+)*)(?![\w]|\.\d)"
    r"|\b(?P<product>[A-Z][\w+#-]*)\s(?P<version>\d+(?:\.\d+)+)(?![\w]|\.\d)"
    r"|(?<![\w.$€£])(?P<long>\d+(?:\.\d+){2,})(?![\w]|\.\d)"
    r"|(?<![\w.$€£])(?P<from>\d+(?:\.\d+)*)(?=,? (?:or|and) (?:later|newer|older|earlier|above|below|up)\b)"
    r"|(?:[Ii]n|[Ss]ince|[Uu]ntil|[Ff]rom|[Bb]efore|[Aa]fter|[Ww]ith)\s(?P<in>\d+\.\d+)(?![\w%]|\.\d|\s+[a-z])",
)
_DOTTED = re.compile(r"(?<![\w.$€£])\d+(?:\.\d+)+(?![\w]|\.\d)")
_FURTHER = re.compile(r"(?:,|,? (?:and|or|to)|[-–])\s*(\d+(?:\.\d+)*)(?![\w]|\.\d)")

Version = tuple[int, ...]


@lru_cache(maxsize=2_048)
def versions(text: str) -> dict[str, str]:
    """Every number of the text that is called a version, or can be nothing else, as it is written.

    With each the name in front of it (``Python 3.10``), empty where there is none.
    """
    found: dict[str, str] = {}
    for match in _NAMED.finditer(text):
        number = next(match[name] for name in ("number", "short", "version", "long", "from", "in") if match[name])
        found[number] = match["product"] or ""
        end = match.end()
        while match["number"] and (further := _FURTHER.match(text, end)):
            found[further[1]] = ""
            end = further.end()
    return found


def version_mismatches(claim: str, evidence: str, context: str = "") -> list[Mismatch]:
    """Versions of the claim that neither the evidence nor its headings name; version 3 is named by 3.7.

    A version of a product counts where the claim names that product.
    """
    everything = f"{evidence} {context}"
    named = versions(everything)
    dotted = frozenset(_DOTTED.findall(everything)) | named.keys()
    own = [other for other in dotted if not named.get(other) or named[other] in claim]
    plain = frozenset(re.findall(r"(?<![\w.])\d+(?![\w]|\.\d)", everything))
    return [
        Mismatch(Fact.VERSION, version, " ".join(sorted(own)))
        for version in sorted(versions(claim))
        if version not in plain and not any(_is_within(_parts(version), _parts(other)) for other in own)
    ] + [
        Mismatch(Fact.VERSION, number, twin)
        for number in _DOTTED.findall(claim)
        if number not in dotted and (twin := _twin(number, dotted))
    ]


def _twin(number: str, others: frozenset[str]) -> str:
    """A number that is equal as a fraction and other as a version, such as 2.1 for 2.10."""
    if number.count(".") != 1:
        return ""
    return next((other for other in others if other.count(".") == 1 and float(other) == float(number)), "")


def _parts(version: str) -> Version:
    return tuple(int(part) for part in version.split("."))


def _is_within(version: Version, other: Version) -> bool:
    return other[: len(version)] == version or (version[: len(other)] == other and not any(version[len(other) :]))
