"""Which text analysis a language gets. Names are those of Elasticsearch's language analyzers."""

ANALYSERS_VERSION = "languages-1"
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


def analyser_of(language: str | None) -> str:
    """Analyser for an ISO 639-1 code, region ignored: ``en-GB`` -> english, ``zh`` -> cjk, ``vi`` -> standard."""
    if not language:
        return DEFAULT_ANALYSER
    code = language.lower().replace("_", "-").split("-")[0]
    if code in ("zh", "ja", "ko"):
        return CJK
    return STEMMED.get("no" if code in ("nb", "nn") else code, PLAIN)
