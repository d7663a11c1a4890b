"""From things to triples: what a page states of what it is about. Pure.

A thing without a name of its own (an offer, an address, a rating) is told of by what it belongs to. What describes the
page and not the world (breadcrumbs, search boxes, pictures) is left out.
"""

import html
import re
from collections.abc import Iterable, Iterator

from crawler.extract.fold import fold
from crawler.extract.stated.thing import Thing, local_name
from crawler.page import Stated

MAX_FACTS = 100
MAX_FACTS_CHARS = 8_000
MAX_VALUE_CHARS = 500
MAX_NAME_CHARS = 200
MAX_DEPTH = 8
TYPE = "type"
NAMES = ("name", "headline", "title")
FURNITURE = frozenset(
    (
        "BreadcrumbList",
        "CollectionPage",
        "Comment",
        "EntryPoint",
        "ImageObject",
        "ItemPage",
        "ReadAction",
        "SearchAction",
        "SearchResultsPage",
        "SiteNavigationElement",
        "SpeakableSpecification",
        "WPFooter",
        "WPHeader",
        "WPSideBar",
        "WebPage",
        "WebSite",
    )
)
LISTS = frozenset(("ItemList", "ListItem", "FAQPage", "QAPage", "OfferCatalog"))
"""What only holds others."""
PARTS = frozenset(
    (
        "AggregateOffer",
        "AggregateRating",
        "ContactPoint",
        "NutritionInformation",
        "Offer",
        "Place",
        "PriceSpecification",
        "UnitPriceSpecification",
        "VirtualLocation",
    )
)
"""What is told of these, where they have no name, is told of what they belong to. Not so a review: its author is not
the product's."""
UNTOLD = frozenset(
    (
        "articleBody",
        "breadcrumb",
        "contentUrl",
        "dateModified",
        "embedUrl",
        "hasMap",
        "identifier",
        "image",
        "inLanguage",
        "isPartOf",
        "itemListOrder",
        "logo",
        "mainEntityOfPage",
        "numberOfItems",
        "position",
        "potentialAction",
        "priceCurrency",
        "primaryImageOfPage",
        "reviewBody",
        "significantLink",
        "thumbnail",
        "thumbnailUrl",
        "url",
    )
)
RENAMED = {"openingHoursSpecification": "openingHours", "specialOpeningHoursSpecification": "openingHours"}
WHAT_IT_HOLDS = ("mainEntity", "itemListElement", "item", "about", "hasPart", "itemOffered", "mentions")
PRICES = ("price", "lowPrice", "highPrice")
WHOLE = {
    "PostalAddress": (
        "streetAddress",
        "postOfficeBoxNumber",
        "postalCode",
        "addressLocality",
        "addressRegion",
        "addressCountry",
    ),
    "GeoCoordinates": ("latitude", "longitude"),
}
"""Things that are told as one value, of these properties in this order."""

_INLINE = re.compile(
    r"</?(?:a|abbr|b|code|em|i|kbd|mark|small|span|strong|sub|sup|u|wbr)\b[^<>]{0,500}>", re.IGNORECASE
)
_TAG = re.compile(r"</?[a-z!][^<>]{0,500}>", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?:)?//\S+\Z|(?:mailto|tel|data|urn|javascript|ftp):\S*\Z", re.IGNORECASE)
_ENUMERATED = re.compile(r"https?://schema\.org/\w+\Z")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[\d:.]*(?:Z|[+-]\d\d:?\d\d)?\Z")
_PERIOD = re.compile(
    r"P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?\Z"
)
_UNITS = ("year", "month", "week", "day", "hour", "minute", "second")
_UNIT_CODES = {"GRM": "g", "KGM": "kg", "MTR": "m", "CMT": "cm", "MMT": "mm", "LTR": "l", "MLT": "ml", "WTT": "W"}


def stated_by(things: Iterable[Thing]) -> tuple[tuple[Stated, ...], tuple[str, ...]]:
    """(what they state, each once and within bounds; what was left out)."""
    found: dict[Stated, None] = {}
    chars = 0
    for fact in _Telling().all(things):
        if fact in found or fact.subject == fact.value:
            continue
        chars += sum(map(len, fact))
        if len(found) == MAX_FACTS or chars > MAX_FACTS_CHARS:
            return tuple(found), (f"it states more in data than is kept; {len(found)} facts are",)
        found[fact] = None
    return tuple(found), ()


class _Telling:
    """Tells of each thing once, whatever circles lead to it."""

    def __init__(self) -> None:
        self._told: set[tuple[int, str]] = set()

    def all(self, things: Iterable[Thing]) -> Iterator[Stated]:
        for thing in things:
            yield from self.of(thing, "", 0)

    def of(self, thing: Thing, about: str, depth: int) -> Iterator[Stated]:
        """What is told of a thing, or by it of ``about`` where it has no name."""
        subject = name_of(thing) or about
        if depth > MAX_DEPTH or (id(thing), subject) in self._told:
            return
        self._told.add((id(thing), subject))
        if not subject or not (FURNITURE | LISTS).isdisjoint(thing.kinds):
            for key in WHAT_IT_HOLDS:
                for inner in thing.things(key):
                    yield from self.of(inner, "", depth + 1)
        elif "Question" in thing.kinds:
            yield from self._answers(thing, subject)
        else:
            if subject != about:
                yield from (Stated(subject, TYPE, kind) for kind in thing.kinds)
            yield from self._properties(thing, subject, depth)

    def _properties(self, thing: Thing, subject: str, depth: int) -> Iterator[Stated]:
        for key, value in thing.properties:
            if key in NAMES or key in UNTOLD:
                continue
            relation = RENAMED.get(key, key)
            if isinstance(value, str):
                if text := readable(value):
                    yield Stated(subject, relation, _priced(thing, key, text))
            elif whole := one_value(value):
                yield Stated(subject, name_of(value) or relation, whole)
            elif FURNITURE.isdisjoint(value.kinds):
                if name := name_of(value):
                    yield Stated(subject, relation, name)
                if name or not value.kinds or not PARTS.isdisjoint(value.kinds):
                    yield from self.of(value, subject, depth + 1)

    def _answers(self, question: Thing, asked: str) -> Iterator[Stated]:
        for key in ("acceptedAnswer", "suggestedAnswer"):
            answers = [readable(one.first("text", "name")) for one in question.things(key)]
            answers += map(readable, question.texts(key))
            yield from (Stated(asked, "answer", answer) for answer in answers if answer)


def name_of(thing: Thing) -> str:
    """What it is called; empty where it has no name."""
    name = readable(thing.first(*NAMES))
    if not name and "Person" in thing.kinds:
        name = " ".join(filter(None, (readable(thing.first("givenName")), readable(thing.first("familyName")))))
    return name if len(name) <= MAX_NAME_CHARS else ""


def one_value(thing: Thing) -> str:
    """A thing that is no more than a value, as a person writes it; else empty."""
    for kind, keys in WHOLE.items():
        if kind in thing.kinds or (not thing.kinds and thing.first(keys[0])):
            return ", ".join(text for key in keys for text in _texts_of(thing, key))[:MAX_VALUE_CHARS]
    if "OpeningHoursSpecification" in thing.kinds:
        return _hours(thing)[:MAX_VALUE_CHARS]
    value = readable(thing.first("value"))
    if value and ("PropertyValue" in thing.kinds or not name_of(thing)):
        unit = thing.first("unitText", "currency") or thing.first("unitCode")
        return f"{value} {_UNIT_CODES.get(unit, readable(unit))}".strip()[:MAX_VALUE_CHARS]
    return ""


def _hours(thing: Thing) -> str:
    """``Monday, Tuesday 09:00-17:00``, ``Sunday closed``, and from when to when that holds."""
    days = ", ".join(dict.fromkeys(_texts_of(thing, "dayOfWeek")))
    opens, closes = (readable(thing.first(key))[:5] for key in ("opens", "closes"))
    open_at = f"{opens}-{closes}" if opens != closes else "closed"
    valid = " to ".join(filter(None, (readable(thing.first(key)) for key in ("validFrom", "validThrough"))))
    return " ".join(filter(None, (days, open_at, f"({valid})" if valid else "")))


def readable(value: str) -> str:
    """A value as a person reads it: without markup, times and periods in words; empty for an address of the web."""
    text = value.strip()
    if _ENUMERATED.match(text):
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", local_name(text))
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub(" ", _INLINE.sub("", text)))
    text = fold(text)
    if _ADDRESS.match(text):
        return text.partition(":")[2] if text.lower().startswith(("mailto:", "tel:")) else ""
    if moment := _MOMENT.match(text):
        return f"{moment[1]} {moment[2]}"
    if (period := _PERIOD.match(text)) and any(period.groups()):
        parts = ((int(number or 0), unit) for number, unit in zip(period.groups(), _UNITS, strict=True))
        return " ".join(f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number)
    return text[:MAX_VALUE_CHARS]


def _texts_of(thing: Thing, key: str) -> Iterator[str]:
    """The texts of a property, and the names of what it leads to."""
    for name, value in thing.properties:
        if name == key and (text := readable(value) if isinstance(value, str) else name_of(value)):
            yield text


def _priced(thing: Thing, key: str, text: str) -> str:
    """A price with its currency, any other value as it is."""
    currency = readable(thing.first("priceCurrency")) if key in PRICES else ""
    return f"{text} {currency}" if currency and currency not in text else text
