"""Any Hugging Face bi-encoder by name or folder, through torch: on a GPU if there is one, else on the CPU."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from indexer.document import Vectors
from indexer.encoders.families import POOLINGS, Habits, Pooling, family_of
from indexer.errors import EncoderError
from indexer.inference.torch_model import TorchModel

DONE_MODULES = frozenset({"Transformer", "Pooling", "Normalize"})
"""Steps of a sentence-transformers model that are done here; vectors get unit length with or without the last."""


@dataclass(frozen=True, slots=True)
class TorchConfig:
    """``model`` is a Hugging Face name or a folder.

    Pooling, length and prefixes that are None are read from the model's sentence-transformers files; where those are
    silent, they are what the model's family was trained with (``FAMILIES``), else mean, 512 tokens, no prefix.
    Prefixes are put before each text.
    ``device`` None picks a GPU if there is one.
    """

    model: str
    query_prefix: str | None = None
    passage_prefix: str | None = None
    pooling: Pooling | None = None
    max_tokens: int | None = None
    batch_tokens: int = 8192
    device: str | None = None


class TorchEncoder:
    """Loads at construction. Thread-safe."""

    languages = None

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

        kept = mask.unsqueeze(-1)
        match self._habits.pooling:
            case "cls":
                # Some tokenizers pad on the left.
                pooled = hidden[torch.arange(len(hidden)), mask.argmax(1)]
            case "lasttoken":
                last = mask.shape[1] - 1 - mask.flip(1).argmax(1)
                pooled = hidden[torch.arange(len(hidden)), last]
            case "max":
                pooled = hidden.masked_fill(kept == 0, float("-inf")).amax(1)
            case "mean":
                pooled = (hidden * kept).sum(1) / kept.sum(1)
        unit: Vectors = torch.nn.functional.normalize(pooled, dim=1).cpu().numpy()
        return unit


def habits_of(config: TorchConfig) -> Habits:
    """As configured; else as the sentence-transformers files next to the model say; else as its family does.

    Raises EncoderError for a step or a pooling that is not done here.
    """
    _check_modules(config.model)
    family = family_of(config.model)
    declared = _json_of(config.model, "1_Pooling/config.json")
    length = config.max_tokens or _json_of(config.model, "sentence_bert_config.json").get("max_seq_length")
    query, passage = _prompts(_json_of(config.model, "config_sentence_transformers.json"))
    habits = Habits(
        pooling=config.pooling or (_pooling(declared, config.model) if declared else family.pooling),
        max_tokens=int(length or family.max_tokens),
        query_prefix=query or family.query_prefix if config.query_prefix is None else config.query_prefix,
        passage_prefix=passage or family.passage_prefix if config.passage_prefix is None else config.passage_prefix,
    )
    if declared.get("include_prompt") is False and (habits.query_prefix or habits.passage_prefix):
        raise EncoderError(f"the model {config.model} leaves its prompt out of the pooling", "Choose another model")
    return habits


def _prompts(declared: dict[str, Any]) -> tuple[str, str]:
    """(before queries, before passages), as sentence-transformers' encode_query and encode_document choose them."""
    prompts = declared.get("prompts") or {}
    default = prompts.get(declared.get("default_prompt_name"), "")
    passages = (prompts[name] for name in ("document", "passage", "corpus") if prompts.get(name) is not None)
    return prompts.get("query", default) or "", next(passages, default) or ""


def _check_modules(model: str) -> None:
    listed = _json_of(model, "modules.json")
    names = [str(module.get("type", "")).split(".")[-1] for module in listed] if isinstance(listed, list) else []
    if other := [name for name in names if name not in DONE_MODULES]:
        raise EncoderError(
            f"the model {model} has a step that is not done here: {', '.join(other)}",
            "Choose another model, or serve it by HTTP and set encoder.kind: http",
        )


def _pooling(declared: dict[str, Any], model: str) -> Pooling:
    """From the older form, one flag for each mode, or the newer one, a name."""
    flags = [key.removeprefix("pooling_mode_") for key, on in declared.items() if on is True]
    older = [flag.removesuffix("_tokens").removesuffix("_token") for flag in flags if flag != "include_prompt"]
    named = declared.get("pooling_mode", older)
    modes = [named] if isinstance(named, str) else list(named)
    for pooling in POOLINGS:
        if modes == [pooling]:
            return pooling
    raise EncoderError(f"the model {model} pools by {modes}", f"Choose a model with one of {', '.join(POOLINGS)}")


def _json_of(model: str, name: str) -> Any:
    """A JSON file of the model's folder or, for a name, of its Hugging Face repository; empty where there is none."""
    from transformers.utils.hub import cached_file

    try:
        return json.loads(Path(str(cached_file(model, name))).read_text(encoding="utf-8"))
    except OSError:
        return {}
    except ValueError as error:
        raise EncoderError(f"{name} of the model {model} is not JSON", "Fetch the model again") from error
