"""The encoder that comes with Recollect: all-MiniLM-L6-v2 on OpenVINO, without torch."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.document import Vectors
from indexer.inference.model import Model
from indexer.inference.precision import InferenceConfig
from indexer.recent import Recent

FOLDER = Path(__file__).parents[1] / "models" / "all-MiniLM-L6-v2"


@dataclass(frozen=True, slots=True)
class BundledConfig:
    """``cached_queries`` vectors of the latest queries are kept; ``folder`` holds the exported model."""

    inference: InferenceConfig = InferenceConfig()
    cached_queries: int = 1024
    folder: Path = FOLDER


class BundledEncoder:
    """all-MiniLM-L6-v2: English, 384 dimensions, texts beyond 256 tokens are cut. Loads at first use, then stays."""

    name = "all-MiniLM-L6-v2"
    languages = frozenset({"en"})
    dim = 384

    def __init__(self, config: BundledConfig = BundledConfig()) -> None:
        self.config = config
        self._model: Model | None = None
        self._loading = threading.Lock()
        self._queries: Recent[str, Vectors] = Recent(config.cached_queries)

    def load(self) -> Model:
        """The running model; the first call takes part of a second. Raises EncoderError if a file is damaged."""
        with self._loading:
            if self._model is None:
                self._model = Model(self.config.folder, self.config.inference)
            return self._model

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, 384); queries seen lately are answered from memory."""
        found = self._queries.get(texts)
        unknown = list(dict.fromkeys(text for text in texts if text not in found))
        if unknown:
            found.update(zip(unknown, self.load().run(unknown), strict=True))
            self._queries.put({text: found[text] for text in unknown})
        return np.stack([found[text] for text in texts]) if texts else np.empty((0, self.dim), np.float32)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(n, 384), in the order of the texts."""
        return self.load().run(texts) if texts else np.empty((0, self.dim), np.float32)
