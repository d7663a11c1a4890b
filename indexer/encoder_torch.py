"""Any Hugging Face bi-encoder by name or folder, through torch: on a GPU if there is one, else on the CPU."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from indexer.document import Vectors
from indexer.errors import EncoderError
from indexer.torch_model import TorchModel

Pooling = Literal["mean", "cls"]
DEFAULT_MAX_TOKENS = 512
"""What BERT-like models were pretrained with."""


@dataclass(frozen=True, slots=True)
class TorchConfig:
    """``model`` is a Hugging Face name or a folder.

    Pooling, length and prefixes that are None are read from the model's sentence-transformers files; where those are
    silent: mean, 512 tokens, no prefix. Prefixes are put before each text: E5 wants ``query: `` and ``passage: ``.
    ``device`` None picks a GPU if there is one.
    """

    model: str
    query_prefix: str | None = None
    passage_prefix: str | None = None
    pooling: Pooling | None = None
    max_tokens: int | None = None
    batch_tokens: int = 8192
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Habits:
    """How a model was trained to read its texts; vectors made otherwise are worth less."""

    pooling: Pooling
    max_tokens: int
    query_prefix: str
    passage_prefix: str


class TorchEncoder:
    """Loads at construction. Thread-safe."""

    def __init__(self, config: TorchConfig) -> None:
        """Raises MissingExtra without torch, EncoderError if the model cannot be loaded."""
        self._model = TorchModel(config.model, "AutoModel", config.device, EncoderError)
        self._habits = habits = habits_of(config)
        self._batch_tokens = config.batch_tokens
        model = config.model.rstrip("/").split("/")[-1]
        prefixes = (habits.query_prefix, habits.passage_prefix)
        # The name says all that changes the vectors.
        self.name = ":".join((model, habits.pooling, str(habits.max_tokens), *(p for p in prefixes if p)))
        self.dim = int(self._model.config.hidden_size)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, dim), with the query prefix."""
        return self._encode([self._habits.query_prefix + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(n, dim), with the passage prefix."""
        return self._encode([self._habits.passage_prefix + text for text in texts])

    def _encode(self, texts: Sequence[str]) -> Vectors:
        rows = np.empty((len(texts), self.dim), dtype=np.float32)
        if texts:
            for batch, inputs, output in self._model.outputs(texts, None, self._habits.max_tokens, self._batch_tokens):
                rows[batch] = self._pooled(output.last_hidden_state.float(), inputs["attention_mask"])
        return rows

    def _pooled(self, hidden: Any, mask: Any) -> Vectors:
        """Hidden states (n, tokens, dim) to unit rows (n, dim)."""
        import torch

        if self._habits.pooling == "cls":
            pooled = hidden[:, 0]
        else:
            kept = mask.unsqueeze(-1).to(hidden.dtype)
            pooled = (hidden * kept).sum(1) / kept.sum(1)
        unit: Vectors = torch.nn.functional.normalize(pooled, dim=1).cpu().numpy()
        return unit


def habits_of(config: TorchConfig) -> Habits:
    """As configured; what is not configured is read from the sentence-transformers files next to the model.

    Raises EncoderError for a pooling other than mean or cls.
    """
    pooling = config.pooling or _pooling(_json_of(config.model, "1_Pooling/config.json"), config.model)
    length = config.max_tokens or _json_of(config.model, "sentence_bert_config.json").get("max_seq_length")
    prompts = _json_of(config.model, "config_sentence_transformers.json").get("prompts") or {}
    query, passage = config.query_prefix, config.passage_prefix
    return Habits(
        pooling=pooling,
        max_tokens=int(length or DEFAULT_MAX_TOKENS),
        query_prefix=str(prompts.get("query", "")) if query is None else query,
        passage_prefix=str(prompts.get("document", prompts.get("passage", ""))) if passage is None else passage,
    )


def _pooling(declared: dict[str, Any], model: str) -> Pooling:
    """From the older form, one flag per mode, or the newer one, a name."""
    flags = [key.removeprefix("pooling_mode_").split("_")[0] for key, on in declared.items() if on is True]
    modes = [declared["pooling_mode"]] if "pooling_mode" in declared else [f for f in flags if f != "include"]
    if modes in ([], ["mean"]):
        return "mean"
    if modes == ["cls"]:
        return "cls"
    raise EncoderError(f"the model {model} pools by {modes}", "Choose a model with mean or cls pooling")


def _json_of(model: str, name: str) -> dict[str, Any]:
    """A JSON file of the model's folder or, for a name, of its Hugging Face repository; empty where there is none."""
    from transformers.utils.hub import cached_file

    try:
        content: dict[str, Any] = json.loads(Path(str(cached_file(model, name))).read_text(encoding="utf-8"))
    except OSError:
        return {}
    return content
