"""Which text analysis a language gets. Names are those of Elasticsearch's language analyzers."""

import unicodedata
from functools import lru_cache

from indexer.storable import storable

ANALYSERS_VERSION = "languages-3"
"""Raised by one whenever a language gets another analyser; goes into the manifest."""

DEFAULT_ANALYSER = "english"
"""For documents of unknown language: most such texts are short English ones, and stemming them does little harm."""

CJK = "cjk"
"""Bigrams of Chinese, Japanese and Korean characters; words of other scripts whole."""

PLAIN = "standard"
"""Lower-cased words without stemming, for languages with no analyser below."""

STEMMED = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
ANALYSERS = (*sorted(STEMMED.values()), CJK, PLAIN)


FOLDED_FIRST = frozenset(
    (
        "danish",
        "dutch",
        "english",
        "finnish",
        "french",
        "german",
        "italian",
        "norwegian",
        "portuguese",
        "spanish",
        "swedish",
    )
)
"""Languages whose stemmers do well without accents: they then see ``devolucao`` and ``devolução`` alike.

Those of Hungarian, Romanian and Turkish tell endings by their accents.
"""


def normal_form(text: str) -> str:
    """The text as words are looked for in it: compatibility characters as ordinary ones, accents joined to letters.

    A dotted capital I becomes a plain one, since its lower case has a dot on top that no folding of accents removes.
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", storable(text)).replace("\u0130", "I")


@lru_cache(maxsize=256)
def analyser_of(language: str | None) -> str:
    """Analyser for an ISO 639-1 code, region ignored: ``en-GB`` -> english, ``zh`` -> cjk, ``vi`` -> standard."""
    if not language:
        return DEFAULT_ANALYSER
    code = without_region(language)
    if code in ("zh", "ja", "ko"):
        return CJK
    return STEMMED.get("no" if code in ("nb", "nn") else code, PLAIN)


def without_region(language: str) -> str:
    """``en-GB`` and ``EN_us`` -> en."""
    return language.lower().replace("_", "-").split("-")[0]
