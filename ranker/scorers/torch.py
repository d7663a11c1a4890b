"""Any Hugging Face cross-encoder (sequence classification) by name or folder, through torch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.inference.torch_model import TorchModel
from ranker.errors import ScorerError
from ranker.scorer import Scores


@dataclass(frozen=True, slots=True)
class TorchScorerConfig:
    """``max_tokens`` counts query and passage together. ``device`` None picks a GPU if there is one."""

    model: str
    max_tokens: int = 512
    batch_tokens: int = 8192
    device: str | None = None


class TorchScorer:
    """One logit goes through the sigmoid; of two, the softmax of the second is taken. Loads at construction.

    A model that declares another activation, such as none at all, keeps its order: scores must be in [0, 1].
    """

    languages = None

    def __init__(self, config: TorchScorerConfig) -> None:
        """Raises MissingExtra without torch, ScorerError if the model cannot be loaded or has other outputs."""
        self._config = config
        self._model = TorchModel(config.model, "AutoModelForSequenceClassification", config.device, ScorerError)
        self.name = config.model.rstrip("/").split("/")[-1]
        labels = int(self._model.config.num_labels)
        if labels not in (1, 2):
            raise ScorerError(
                f"the model {config.model} gives {labels} scores for a passage",
                "Choose a cross-encoder for relevance, which gives one or two",
            )

    def score(self, query: str, passages: Sequence[str]) -> Scores:
        """(n,) float32 in [0, 1]."""
        scores = np.empty(len(passages), dtype=np.float32)
        if passages:
            queries = [query] * len(passages)
            config = self._config
            for batch, _, output in self._model.outputs(queries, passages, config.max_tokens, config.batch_tokens):
                logits = output.logits.float()
                relevance = logits[:, 0].sigmoid() if logits.shape[1] == 1 else logits.softmax(1)[:, 1]
                scores[batch] = relevance.cpu().numpy()
        return scores
