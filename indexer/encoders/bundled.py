"""The encoder that comes with Recollect: all-MiniLM-L6-v2 on OpenVINO, without torch."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.document import Vectors
from indexer.inference.model import Model
from indexer.inference.phrases import Attention, Phrases, load_phrases
from indexer.inference.precision import InferenceConfig
from indexer.recent import Recent

LookedUp = Callable[[int, int], None]
"""Told how many queries were known and how many were not."""

FOLDER = Path(__file__).parents[1] / "models" / "all-MiniLM-L6-v2"


@dataclass(frozen=True, slots=True)
class BundledConfig:
    """``cached_queries`` vectors of the latest queries are kept; ``folder`` holds the exported model.

    ``query_folder`` may hold another one for queries, trained to find the vectors of this one, and what a collection
    says of phrases.
    """

    inference: InferenceConfig = InferenceConfig()
    cached_queries: int = 1024
    folder: Path = FOLDER
    query_folder: Path | None = None


class BundledEncoder:
    """all-MiniLM-L6-v2: English, 384 dimensions, texts beyond 256 tokens are cut. Loads at first use, then stays."""

    name = "all-MiniLM-L6-v2"
    languages = frozenset({"en"})
    dim = 384

    def __init__(
        self, config: BundledConfig = BundledConfig(), looked_up: LookedUp = lambda known, unknown: None
    ) -> None:
        self.config = config
        self._looked_up = looked_up
        self._models: dict[Path, Model] = {}
        self._phrases: dict[Path, tuple[Phrases, Attention] | None] = {}
        self._loading = threading.Lock()
        self._queries: Recent[str, Vectors] = Recent(config.cached_queries)

    def load(self) -> Model:
        """The running model; the first call takes part of a second. Raises EncoderError if a file is damaged."""
        return self._loaded(self.config.folder)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, 384); queries seen lately are answered from memory."""
        found = self._queries.get(texts)
        unknown = list(dict.fromkeys(text for text in texts if text not in found))
        self._looked_up(len(found), len(unknown))
        if unknown:
            found.update(zip(unknown, self._encoded(unknown), strict=True))
            self._queries.put({text: found[text] for text in unknown})
        return np.stack([found[text] for text in texts]) if texts else np.empty((0, self.dim), np.float32)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(n, 384), in the order of the texts."""
        return self.load().run(texts) if texts else np.empty((0, self.dim), np.float32)

    def _encoded(self, queries: Sequence[str]) -> Vectors:
        folder = self.config.query_folder or self.config.folder
        model = self._loaded(folder)
        vectors = model.run(queries)
        if (known := self._phrases[folder]) is None:
            return vectors
        phrases, attention = known
        return phrases.moved(vectors, model.pieces(queries), attention)

    def _loaded(self, folder: Path) -> Model:
        with self._loading:
            if folder not in self._models:
                self._phrases[folder] = load_phrases(folder)
                self._models[folder] = Model(folder, self.config.inference)
            return self._models[folder]
