"""An encoder without a model: signed feature hashing (Weinberger et al., ICML 2009). Deterministic and always there."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np

from indexer.document import Vectors

_WORD = re.compile(r"\w+")
GRAM_CHARS = 4
GRAM_WEIGHT = 0.5
"""Character n-grams bring inflected forms of a word together; the word itself counts more."""


class HashingEncoder:
    """Texts that share words, or parts of words, point the same way. It knows nothing of meaning."""

    languages = None

    def __init__(self, dim: int = 256) -> None:
        self.dim = dim
        self.name = f"hashing-{dim}"

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """The same as for passages."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(n, dim); a text without words gets the first unit vector."""
        return np.array([self._unit_row(text) for text in texts], dtype=np.float32).reshape(len(texts), self.dim)

    def _unit_row(self, text: str) -> Vectors:
        row = np.zeros(self.dim, dtype=np.float32)
        for feature, weight in _features(text):
            code = crc32(feature.encode("utf-8", "replace"))
            row[(code >> 1) % self.dim] += weight if code & 1 else -weight
        if not row.any():
            row[0] = 1.0
        unit: Vectors = row / np.linalg.norm(row)
        return unit


def _features(text: str) -> Iterator[tuple[str, float]]:
    """Words and the n-grams of ``<word>`` with their weights; repetition counts logarithmically."""
    for word, count in Counter(_WORD.findall(text.lower())).items():
        weight = 1.0 + math.log(count)
        yield word, weight
        marked = f"<{word}>"
        for start in range(max(0, len(marked) - GRAM_CHARS) + 1):
            yield "#" + marked[start : start + GRAM_CHARS], weight * GRAM_WEIGHT
