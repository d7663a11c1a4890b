"""A reader as a scorer that remembers: what it scored for a search need not be read again for the answer."""

from collections.abc import Sequence

import numpy as np

from indexer.recent import Recent
from ranker.reader import Reader, Reading
from ranker.rerank.ladder import pair_key
from ranker.scorer import Scores

KEPT_READINGS = 4096


class ReadingScorer:
    """Scores by reading in full, which takes a little longer than scoring alone. Thread-safe, as its reader is.

    ``score`` always reads, so that its pace can be measured; ``read`` gives what is remembered and reads the rest.
    """

    def __init__(self, reader: Reader, name: str) -> None:
        self.name = name
        self._reader = reader
        self._readings: Recent[bytes, Reading] = Recent(KEPT_READINGS)

    @property
    def languages(self) -> frozenset[str] | None:
        """Those of the reader."""
        return self._reader.languages

    def score(self, query: str, passages: Sequence[str]) -> Scores:
        """(n,) float32, the probability that a passage is relevant."""
        return np.array([reading.relevance for reading in self._read(query, passages)], dtype=np.float32)

    def read(self, query: str, passages: Sequence[str]) -> list[Reading]:
        """What stands in each passage, in their order."""
        keys = [pair_key(query, passage) for passage in passages]
        known = self._readings.get(keys)
        unread = {key: passage for key, passage in zip(keys, passages, strict=True) if key not in known}
        known |= zip(unread, self._read(query, list(unread.values())), strict=True)
        return [known[key] for key in keys]

    def _read(self, query: str, passages: Sequence[str]) -> list[Reading]:
        readings = self._reader.read(query, passages)
        self._readings.put({pair_key(query, text): found for text, found in zip(passages, readings, strict=True)})
        return readings
