"""Is a word common English? Told by the vocabulary that the bundled models read with, which has such words whole."""

import json
from functools import lru_cache

from indexer.inference.model_folder import SHARED, TOKENIZER

MIN_CHARS = 4
"""Shorter entries are parts of words as well."""


def is_english(word: str) -> bool:
    """Whether a lower-case word, or what it is the plural of, is an English one; never where no vocabulary is."""
    known = _words()
    return word in known or (word.endswith("s") and word[:-1] in known)


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    try:
        entries = json.loads((SHARED / TOKENIZER).read_text(encoding="utf-8"))["model"]["vocab"]
    except FileNotFoundError:
        return frozenset()
    return frozenset(entry for entry in entries if len(entry) >= MIN_CHARS and entry.isalpha())
