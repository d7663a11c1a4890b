"""Numbers with their units: read from a text, and compared. Pure functions."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.asking.stems import has_cjk, stem
from rag.checks.mismatch import Fact, Mismatch

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {
    **{word: float(i) for i, word in enumerate(_SMALL.split())},
    **{word: 20.0 + 10 * i for i, word in enumerate(_TENS.split())},
    "twice": 2.0,
    "thrice": 3.0,
    "dozen": 12.0,
    "half": 0.5,
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "k": 1e3, "m": 1e6, "bn": 1e9}

_UNITS = {
    ("time", 1e-9): "ns nanosecond",
    ("time", 1e-6): "µs us microsecond",
    ("time", 1e-3): "ms msec millisecond",
    ("time", 1.0): "s sec second 秒 초 ثانية",
    ("time", 60.0): "min minute minuten 分钟 分鐘 分 분 دقيقة",
    ("time", 3_600.0): "h hr hour stunde stunden heure hora 小时 小時 時間 시간 ساعة",
    ("time", 86_400.0): "day tag tage tagen jour día 天 日 일 يوم",
    ("time", 604_800.0): "week",
    ("month", 1.0): "month",
    ("month", 3.0): "quarter",
    ("month", 12.0): "year yr",
    ("data", 1.0): "byte b",
    ("data", 1e3): "kb kilobyte",
    ("data", 1_024.0): "kib kibibyte",
    ("data", 1e6): "mb megabyte",
    ("data", 1_024.0**2): "mib mebibyte",
    ("data", 1e9): "gb gigabyte",
    ("data", 1_024.0**3): "gib gibibyte",
    ("data", 1e12): "tb terabyte",
    ("data", 1_024.0**4): "tib tebibyte",
    ("bit", 1.0): "bit",
    ("bit", 1e3): "kbit kilobit",
    ("bit", 1e6): "mbit megabit",
    ("bit", 1e9): "gbit gigabit",
    ("share", 1.0): "% percent",
    ("length", 1e-3): "mm millimetre millimeter",
    ("length", 1e-2): "cm centimetre centimeter",
    ("length", 1.0): "metre meter",
    ("length", 1e3): "km kilometre kilometer",
    ("length", 0.3048): "ft foot feet",
    ("length", 1_609.344): "mile",
    ("length", 0.0254): "inch inches",
    ("mass", 1e-3): "mg milligram",
    ("mass", 1.0): "g gram",
    ("mass", 1e3): "kg kilogram kilo",
    ("mass", 453.592): "lb lbs pound-mass",
    ("frequency", 1.0): "hz hertz",
    ("frequency", 1e3): "khz kilohertz",
    ("frequency", 1e6): "mhz megahertz",
    ("frequency", 1e9): "ghz gigahertz",
    ("celsius", 1.0): "°c celsius",
    ("fahrenheit", 1.0): "°f fahrenheit",
    ("dollar", 1.0): "$ usd dollar",
    ("dollar", 0.01): "cent",
    ("euro", 1.0): "€ eur euro",
    ("sterling", 1.0): "£ gbp pound",
}
_BY_NAME = {name: unit for unit, names in _UNITS.items() for name in names.split()}

_DIGITS = r"\d{1,3}(?:[,'\u00a0\u202f]\d{3})+(?:\.\d+)?|\d+,\d{1,2}(?![\d,])|\d+(?:\.\d+)?"
_SPELLED = "|".join(sorted([*_WORDS, "hundred", "thousand"], key=len, reverse=True))
_NUMBER = re.compile(
    rf"""(?P<currency>[$€£])?\s?
    (?:(?<![A-Za-z\d_.,:/-])(?P<sign>[-−])?(?P<digits>{_DIGITS})(?![\d]|[.:]\d)(?P<ordinal>(?:st|nd|rd|th)\b)?
      |\b(?P<spelled>(?:{_SPELLED})(?:[\s-](?:{_SPELLED}))*)\b)
    (?:\s?(?P<scale>hundred|thousand|million|billion|bn|[kKM](?![\w/])))?""",
    re.VERBOSE | re.IGNORECASE,
)
_AFTER = re.compile(r"[\s-]?(?P<unit>°[cf]\b|[%$€£]|[^\W\d_]+)", re.IGNORECASE)
_PER = re.compile(
    r"(?:[^\W\d_]+\s+){0,3}?(?:(?:per|an?|each|every|in an?|within an?)\s+|/\s*)(?P<unit>[^\W\d_]+)", re.IGNORECASE
)
_RATE = re.compile(r"(?:\b(?:per|each|every)\s+|/\s*)(?P<unit>[^\W\d_]+)", re.IGNORECASE)
_ADVERBS = {
    "hourly": "hour",
    "daily": "day tag tage tagen jour día 天 日 일 يوم",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "annually": "year",
}
_ADVERB = re.compile(rf"(?:[^\W\d_]+\s+){{0,3}}?({'|'.join(_ADVERBS)})\b", re.IGNORECASE)

VAGUE = frozenset({"one", "half", "twice", "zero", "dozen"})
"""Words that count things only now and then: as numbers they are not missed."""

Unit = tuple[str, float]
"""What is measured, and how many of its base unit one is."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at ``[start:end]`` of its text, with the unit it is given in and the unit it is "per", if any.
    ``whole`` is the number with all of that.

    ``noun`` is the stem of the word behind it, where that is no unit.
    """

    start: int
    end: int
    text: str
    whole: str
    value: float
    unit: Unit | None = None
    per: Unit | None = None
    noun: str = ""
    is_vague: bool = False


@lru_cache(maxsize=4_096)
def quantities(text: str, language: str | None = None) -> tuple[Quantity, ...]:
    """Every number of the text in order; parts of identifiers, versions and times of day are none."""
    return tuple(found for match in _NUMBER.finditer(text) if (found := _quantity(text, match, language)))


def unit_named(name: str) -> Unit | None:
    """The unit of this name, whatever its number."""
    lowered = name.casefold()
    return _BY_NAME.get(lowered) or _BY_NAME.get(lowered.removesuffix("s")) or _BY_NAME.get(lowered.removesuffix("es"))


def has_same_value(a: Quantity, b: Quantity) -> bool:
    """Whether both are the same number, where both have a unit in whichever unit of its kind."""
    if a.unit is None or b.unit is None:
        return math.isclose(a.value, b.value, rel_tol=1e-9)
    return a.unit[0] == b.unit[0] and math.isclose(a.value * a.unit[1], b.value * b.unit[1], rel_tol=1e-6)


def number_mismatches(claim: str, evidence: str, language: str | None = None) -> list[Mismatch]:
    """Numbers of the claim that the evidence does not give, or gives of something else."""
    wanted = [quantity for quantity in quantities(claim, language) if not quantity.is_vague]
    given = quantities(evidence, language)
    rates = frozenset(unit for found in _RATE.finditer(evidence) if (unit := unit_named(found["unit"])))
    return [found for quantity in wanted if (found := _mismatch(quantity, given, rates))]


def _mismatch(wanted: Quantity, given: Sequence[Quantity], rates: frozenset[Unit]) -> Mismatch | None:
    """Another unit where the bare number is there; another number where it is not, or counts something else."""
    measured = [other for other in given if other.unit and math.isclose(other.value, wanted.value)]
    candidates = measured if wanted.unit and measured else given
    if any(
        _is_given(wanted, other, rates) and _counts_same(wanted, other, given)
        for other in (*candidates, *_in_units(wanted, given))
    ):
        return None
    alike = next((other for other in given if math.isclose(other.value, wanted.value)), None)
    if alike is None:
        return Mismatch(Fact.NUMBER, wanted.text, _instead_of(wanted, given))
    is_unit = alike.unit != wanted.unit or alike.per != wanted.per
    return Mismatch(Fact.UNIT if is_unit else Fact.NUMBER, wanted.whole, alike.whole)


def _in_units(wanted: Quantity, given: Sequence[Quantity]) -> list[Quantity]:
    """The same amount in another unit."""
    return [other for other in given if wanted.unit and other.unit and has_same_value(wanted, other)]


def _counts_same(wanted: Quantity, other: Quantity, given: Sequence[Quantity]) -> bool:
    """False where the evidence counts the same things by another number and this number belongs to others."""
    if not wanted.noun or not other.noun or wanted.noun == other.noun:
        return True
    return not any(one.noun == wanted.noun for one in given)


def _instead_of(wanted: Quantity, given: Sequence[Quantity]) -> str:
    named = [other for other in given if wanted.noun and other.noun == wanted.noun]
    measured = [other for other in given if wanted.unit and other.unit and other.unit[0] == wanted.unit[0]]
    return next((other.text for other in (*named, *measured, *given)), "")


def _quantity(text: str, match: "re.Match[str]", language: str | None) -> Quantity | None:
    digits, spelled = match["digits"], match["spelled"]
    value = _value(digits) if digits else _spelled(spelled)
    if match["scale"]:
        value *= _SCALES[match["scale"].casefold()]
    if match["sign"] and (match.start() == 0 or text[match.start() - 1].isspace()):
        value = -value
    end = match.end()
    unit = unit_named(match["currency"]) if match["currency"] else None
    noun = ""
    after = _AFTER.match(text, end)
    if after and (unit is None) and not match["ordinal"]:
        name = after["unit"]
        if has_cjk(name):
            name = next((name[:n] for n in (2, 1) if unit_named(name[:n])), "")
        unit = unit_named(name)
        if unit:
            end = after.start("unit") + len(name)
        elif not name:
            pass
        elif digits and after.start("unit") == end:
            return None  # part of a name such as 3D or 7z
        else:
            noun = _noun(name, language)
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    per, per_end = _per(text, end)
    is_vague = bool(spelled) and spelled.casefold() in VAGUE and unit is None
    return Quantity(
        start, end, text[start:end].strip(), text[start : max(end, per_end)].strip(), value, unit, per, noun, is_vague
    )


def _noun(name: str, language: str | None) -> str:
    lowered = name.casefold()
    return "" if len(lowered) < 3 or lowered in _NO_NOUNS else stem(lowered, language)


_WEAK = (
    "and are but can does for from has have into not per than that the then this was were when which will with would"
    " more less fewer different other new additional further separate active concurrent"
)
_NO_NOUNS = frozenset(_WEAK.split())


def _per(text: str, end: int) -> tuple[Unit | None, int]:
    """(unit, where it ends). Only time, data and the like count: of "for each key" the words tell."""
    end += len(text[end:]) - len(text[end:].lstrip())
    if found := _ADVERB.match(text, end):
        return unit_named(_ADVERBS[found[1].casefold()]), found.end()
    found = _PER.match(text, end)
    unit = unit_named(found["unit"]) if found else None
    return unit, found.end() if found and unit else end


def _is_given(wanted: Quantity, other: Quantity, rates: frozenset[Unit]) -> bool:
    """The same number, and by the same time where the claim says by what time; a table says it in its head."""
    if not has_same_value(wanted, other):
        return False
    return wanted.per is None or wanted.per == other.per or (other.per is None and wanted.per in rates)


def _value(digits: str) -> float:
    if re.fullmatch(r"\d+,\d{1,2}", digits):
        return float(digits.replace(",", "."))
    return float(re.sub(r"[,'\u00a0\u202f]", "", digits))


def _spelled(text: str) -> float:
    total = current = 0.0
    for word in re.split(r"[\s-]", text.casefold()):
        if word in ("hundred", "thousand"):
            current = (current or 1) * _SCALES[word]
            if word == "thousand":
                total, current = total + current, 0.0
        elif current and current % 10 == 0 and _WORDS[word] < 10 and current < 1_000:
            current += _WORDS[word]
        else:
            current = current * 1 + _WORDS[word] if current >= 100 else _WORDS[word]
    return total + current
