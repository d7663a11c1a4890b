"""The encoder that comes with Recollect: all-MiniLM-L6-v2 on OpenVINO, without torch."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.document import Vectors
from indexer.inference.model import Model
from indexer.inference.precision import InferenceConfig
from indexer.recent import Recent

LookedUp = Callable[[int, int], None]
"""Told how many queries were known and how many were not."""

FOLDER = Path(__file__).parents[1] / "models" / "all-MiniLM-L6-v2"


@dataclass(frozen=True, slots=True)
class BundledConfig:
    """``cached_queries`` vectors of the latest queries are kept; ``folder`` holds the exported model.

    ``query_folder`` may hold another one for queries, trained to find the vectors of this one.
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
            model = self._loaded(self.config.query_folder or self.config.folder)
            found.update(zip(unknown, model.run(unknown), strict=True))
            self._queries.put({text: found[text] for text in unknown})
        return np.stack([found[text] for text in texts]) if texts else np.empty((0, self.dim), np.float32)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(n, 384), in the order of the texts."""
        return self.load().run(texts) if texts else np.empty((0, self.dim), np.float32)

    def _loaded(self, folder: Path) -> Model:
        with self._loading:
            if folder not in self._models:
                self._models[folder] = Model(folder, self.config.inference)
            return self._models[folder]
