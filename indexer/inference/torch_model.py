"""A Hugging Face model by name or folder, run by torch: what the encoder and the scorer through torch share."""

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

from crawler.errors import MissingExtra, RecollectError
from indexer.inference.model import batches_by_length, encodable

Kind = Literal["AutoModel", "AutoModelForSequenceClassification"]
CURE = "Give the name of a Hugging Face model, or a folder that holds one"


class TorchModel:
    """On a GPU (bf16) if there is one, else on the CPU (f32). Thread-safe: one forward pass at a time."""

    def __init__(self, model: str, kind: Kind, device: str | None, error: Callable[[str, str], RecollectError]) -> None:
        """``error(what, cure)`` makes the exception; MissingExtra is raised where torch is not installed."""
        try:
            import torch
            import transformers
        except ImportError as missing:
            raise MissingExtra(f"The model {model}", "torch") from missing
        self._model_name = model
        self._error = error
        self._device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        dtype = torch.bfloat16 if self._device.startswith("cuda") else torch.float32
        try:
            self._tokenizer = transformers.AutoTokenizer.from_pretrained(model)
            loaded = getattr(transformers, kind).from_pretrained(model, dtype=dtype)
            self._model = loaded.to(self._device).eval()
        except (OSError, ValueError, KeyError, RuntimeError) as problem:
            raise error(f"the model {model} cannot be loaded: {first_line(problem)}", CURE) from problem
        self._computing = threading.Lock()

    @property
    def config(self) -> Any:
        """The model's own configuration."""
        return self._model.config

    def outputs(
        self, texts: Sequence[str], pairs: Sequence[str] | None, max_tokens: int, batch_tokens: int
    ) -> Iterator[tuple[list[int], Any, Any]]:
        """(indices of texts, inputs, the model's output), batch by batch, longest texts first.

        With ``pairs``, text i is read together with pair i. What exceeds ``max_tokens`` is cut from the longer one.
        """
        import torch

        longest = min(max_tokens, self._tokenizer.model_max_length)
        both = (encodable(texts),) if pairs is None else (encodable(texts), encodable(pairs))
        try:
            with self._computing, torch.inference_mode():
                encoded = self._tokenizer(*both, truncation="longest_first", max_length=longest)
                for batch in batches_by_length([len(ids) for ids in encoded["input_ids"]], batch_tokens):
                    rows = {key: [values[i] for i in batch] for key, values in encoded.items()}
                    inputs = self._tokenizer.pad(rows, return_tensors="pt").to(self._device)
                    yield batch, inputs, self._model(**inputs)
        except (RuntimeError, IndexError) as problem:
            raise self._error(f"the model {self._model_name} failed: {first_line(problem)}", "") from problem


def first_line(problem: BaseException) -> str:
    """The first line of a message, for errors of one line."""
    return (str(problem).strip().splitlines() or [type(problem).__name__])[0]
