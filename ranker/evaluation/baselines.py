"""The plain baselines that a search is held against: TF-IDF and averaged word vectors, both with cosine.

Whole documents, no chunks, no index on disk: they are for measuring, not for serving.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from crawler.errors import MissingExtra

Rows = npt.NDArray[np.float32]
"""(n, dim) float32, every row of unit length, or zero where a text holds no known word."""

_WORD = re.compile(r"\w\w+")
DIMENSIONS = 100
EPOCHS = 10
WINDOW = 5
SEED = 1
"""With one worker the vectors are the same each time."""


class BaselineName(StrEnum):
    """What ``recollect eval --modes`` takes beside the modes of a search."""

    TFIDF = "tfidf"
    WORD2VEC = "word2vec"


class Baseline(Protocol):
    """Ranks a fixed set of documents."""

    def search(self, text: str, size: int) -> list[str]:
        """The ids of the documents with the highest cosine, best first; ties in the order of the documents."""


def make_baseline(name: BaselineName, documents: Mapping[str, str]) -> Baseline:
    """The baseline over these documents (id -> text). Raises MissingExtra."""
    return Tfidf(documents) if name is BaselineName.TFIDF else Word2Vec(documents)


class Tfidf:
    """scikit-learn's TF-IDF: raw counts times ``ln((1 + n) / (1 + df)) + 1``, rows of unit length."""

    def __init__(self, documents: Mapping[str, str]) -> None:
        try:
            from sklearn.feature_extraction.text import TfidfVectorizer
        except ImportError as error:
            raise MissingExtra("The baseline tfidf", "baselines") from error
        self._ids = list(documents)
        self._vectorizer: Any = TfidfVectorizer(token_pattern=_WORD.pattern)
        self._rows: Any = self._vectorizer.fit_transform(documents.values())

    def scores(self, text: str) -> Rows:
        """The cosine with each document."""
        found: Rows = (self._rows @ self._vectorizer.transform([text]).T).toarray()[:, 0].astype(np.float32)
        return found

    def search(self, text: str, size: int) -> list[str]:
        """Documents that share no word are left out."""
        return _best(self._ids, self.scores(text), size)


class Word2Vec:
    """gensim's Word2Vec (skip-gram), learnt from the documents themselves; a text is the mean of its words."""

    def __init__(self, documents: Mapping[str, str]) -> None:
        try:
            from gensim.models import Word2Vec as Model
        except ImportError as error:
            raise MissingExtra("The baseline word2vec", "baselines") from error
        self._ids = list(documents)
        words = [tokens(text) for text in documents.values()]
        model = Model(
            sentences=words,
            vector_size=DIMENSIONS,
            window=WINDOW,
            min_count=1,
            sg=1,
            epochs=EPOCHS,
            seed=SEED,
            workers=1,
        )
        self.vectors: Mapping[str, Rows] = model.wv
        self._rows = np.stack([self.vector(found) for found in words]) if words else np.zeros((0, DIMENSIONS))

    def vector(self, words: Sequence[str]) -> Rows:
        """(dim,) the mean of the vectors of the words that are known, of unit length."""
        known = [self.vectors[word] for word in words if word in self.vectors]
        mean = np.mean(known, axis=0) if known else np.zeros(DIMENSIONS, np.float32)
        length = float(np.linalg.norm(mean))
        return np.asarray(mean / length if length else mean, np.float32)

    def scores(self, text: str) -> Rows:
        """The cosine with each document."""
        return np.asarray(self._rows @ self.vector(tokens(text)), np.float32)

    def search(self, text: str, size: int) -> list[str]:
        """Documents of no known word are left out."""
        return _best(self._ids, self.scores(text), size)


def tokens(text: str) -> list[str]:
    """Words of two letters and more, in lower case."""
    return _WORD.findall(text.lower())


def _best(ids: Sequence[str], scores: Rows, size: int) -> list[str]:
    order = np.argsort(-scores, kind="stable")[:size]
    return [ids[i] for i in order if scores[i] > 0]
