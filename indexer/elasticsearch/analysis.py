"""Text analysis in Elasticsearch, built from parts that every server has, so that both stores find the same words.

Each language has three analyzers: for what is stored, for what is typed, and (``english_content``) for what is typed
without its function words. They differ from Elasticsearch's own language analyzers in three ways. Function words are
kept, so that "to be or not to be" is found. Words are parted at every punctuation mark, so that ``join`` finds
``os.path.join``. And accents are folded, so that ``cafe`` finds ``café``.
"""

from typing import Any

from indexer.languages import ANALYSERS, CJK, FOLDED_FIRST, PLAIN

CONTENT = "_content"
STORED = "_stored"

CHARACTERS = "characters"
"""Parts what is typed in a script without spaces into single characters."""

GREEK = "greek"
"""Elasticsearch has no Snowball stemmer for Greek, so Greek is left to the analyzer made for it."""


def analysis() -> dict[str, Any]:
    """The ``analysis`` part of an index's settings: L, L_content and L_stored for each language L, and CHARACTERS."""
    # CJK text is stored as characters and as pairs of them; what is typed is looked for as pairs, or as one character.
    filters: dict[str, Any] = {
        "parts": {
            "type": "word_delimiter_graph",
            "split_on_case_change": False,
            "split_on_numerics": False,
            "stem_english_possessive": False,
        },
        "pairs": {"type": "cjk_bigram"},
        "characters_and_pairs": {"type": "cjk_bigram", "output_unigrams": True},
    }
    plain = ["parts", "cjk_width", "lowercase"]
    analysers: dict[str, Any] = {CHARACTERS: _custom(*plain, "asciifolding")}
    for name in ANALYSERS:
        if name == GREEK:
            for suffix in ("", STORED):
                analysers[name + suffix] = {"type": name, "stopwords": "_none_"}
            analysers[name + CONTENT] = {"type": name}
            continue
        stem, stop = [], []
        if name not in (CJK, PLAIN):
            filters[f"{name}_stem"] = {"type": "snowball", "language": name.capitalize()}
            filters[f"{name}_stop"] = {"type": "stop", "stopwords": f"_{name}_"}
            stem, stop = [f"{name}_stem"], [f"{name}_stop"]
        if name in FOLDED_FIRST:
            stem = ["asciifolding", *stem]
        for suffix, chosen, grams in (
            ("", stem, "pairs"),
            (CONTENT, [*stop, *stem], "pairs"),
            (STORED, stem, "characters_and_pairs"),
        ):
            analysers[name + suffix] = _custom(*plain, *chosen, "asciifolding", grams)
    return {"analyzer": analysers, "filter": filters}


def _custom(*filters: str) -> dict[str, Any]:
    return {"type": "custom", "tokenizer": "standard", "filter": list(filters)}
