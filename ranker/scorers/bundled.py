"""The reader-ranker that comes with Recollect, on OpenVINO without torch: is a passage relevant, what in it answers?

One forward pass over ``[CLS] query [SEP] passage [SEP]`` gives both. Where only relevance is asked for, its last layer
computes no more than that needs, which may change the last bits of it.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.errors import EncoderError
from indexer.inference.batching import Outputs, Row
from indexer.inference.model import Model
from indexer.inference.precision import InferenceConfig
from ranker.errors import ScorerError
from ranker.reader import Reading, Span
from ranker.scorer import Scores
from ranker.scorers.first_token import only_first_token
from ranker.tokens.pairs import Pairs
from ranker.tokens.spans import best_span

FOLDER = Path(__file__).parents[1] / "models" / "reader-ranker"
FOLDER_CURE = "Give a folder that python -m ranker.training.export wrote"

MAX_LOGIT = np.float32(80)
"""Beyond it a probability is 0 or 1 in float32."""

Logits = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class BundledScorerConfig:
    """``folder`` holds the exported model."""

    inference: InferenceConfig = InferenceConfig()
    folder: Path = FOLDER


class BundledScorer:
    """The reader-ranker: English, 512 tokens for query and passage together, of which the passage is cut.

    Scores are calibrated to probabilities of relevance; they are the same to the last bit whatever else is
    scored. Loads at first use, then stays.
    """

    name = "reader-ranker"

    def __init__(self, config: BundledScorerConfig = BundledScorerConfig()) -> None:
        self.languages = frozenset({"en"}) if config.folder == FOLDER else None
        self._config = config
        self._models: dict[bool, Model] = {}
        self._loading = threading.Lock()

    def load(self, *, reads: bool = False) -> Model:
        """The running model, whole or (not ``reads``) without what only spans need; the first call takes part of a
        second. Raises ScorerError if a file is damaged.
        """
        with self._loading:
            if reads not in self._models:
                prepare = None if reads else only_first_token
                try:
                    self._models[reads] = Model(self._config.folder, self._config.inference, prepare)
                except EncoderError as error:
                    is_shipped = self._config.folder == FOLDER
                    raise ScorerError(error.what, error.cure if is_shipped else FOLDER_CURE) from error
            return self._models[reads]

    def score(self, query: str, passages: Sequence[str]) -> Scores:
        """(n,) float32, the probability that a passage is relevant."""
        relevance = np.empty(len(passages), dtype=np.float32)
        if passages:
            model = self.load()
            windows = Pairs(model.tokenizer, model.card.max_tokens, query).windows(passages)
            for indices, outputs in _outputs(model, windows):
                relevance[indices] = outputs[0]
            relevance = _calibrated(relevance, model)
        return relevance

    def read(self, query: str, passages: Sequence[str]) -> list[Reading]:
        """What the model reads in each passage, in their order."""
        readings: dict[int, Reading] = {}
        if passages:
            model = self.load(reads=True)
            pairs = Pairs(model.tokenizer, model.card.max_tokens, query)
            places: list[list[tuple[int, int]]] = []
            for indices, outputs in _outputs(model, pairs.placed_windows(passages, places)):
                relevance, answerable = _calibrated(outputs[0], model), _sigmoid(outputs[1])
                for j, i in enumerate(indices):
                    span = _span(outputs[2][j], outputs[3][j], pairs.first, places[i])
                    readings[i] = Reading(float(relevance[j]), float(answerable[j]), span)
        return [readings[i] for i in range(len(passages))]


def _outputs(model: Model, windows: Iterator[list[Row]]) -> Iterator[tuple[list[int], Outputs]]:
    try:
        yield from model.outputs(windows)
    except EncoderError as error:
        raise ScorerError(error.what, error.cure) from error


def _span(start: Logits, end: Logits, first: int, places: list[tuple[int, int]]) -> Span | None:
    found = best_span(start[first : first + len(places)], end[first : first + len(places)])
    if found is None:
        return None
    nothing = float(start[0] + end[0])  # training puts "no answer" at [CLS]
    return Span(places[found.first][0], places[found.last][1], found.logit - nothing)


def _calibrated(relevance: Logits, model: Model) -> Scores:
    numbers = model.card.numbers
    return _sigmoid(relevance * np.float32(numbers.get("slope", 1.0)) + np.float32(numbers.get("offset", 0.0)))


def _sigmoid(logits: Logits) -> Logits:
    values: Logits = np.float32(1) / (np.float32(1) + np.exp(-np.clip(logits, -MAX_LOGIT, MAX_LOGIT)))
    return values
