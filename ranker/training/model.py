"""The reader-ranker in torch: one forward pass tells relevance, whether a passage answers, and where.

A BERT with token types (query 0, passage 1) over ``[CLS] query [SEP] passage [SEP]``. Its pooled [CLS] state gives two
logits, relevance and answerable; every token's state gives two, start and end of the answer.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from crawler.errors import MissingExtra
from indexer.inference.model_folder import TOKENIZER, file_of
from indexer.inference.torch_model import first_line
from ranker.errors import BadModel

WEIGHTS, CONFIG = "weights.safetensors", "config.json"
CURE = "Give a folder that holds a BERT model with its tokenizer.json"


class ReaderRanker:
    """The torch module and its tokenizer. ``module(input_ids, attention_mask, token_type_ids)``, each (n, length),
    gives (relevance (n,), answerable (n,), start (n, length), end (n, length)), all logits."""

    def __init__(self, module: Any, tokenizer: Any) -> None:
        self.module = module
        self.tokenizer = tokenizer

    @classmethod
    def from_base(cls, base: str, seed: int = 0) -> "ReaderRanker":
        """The weights of a BERT encoder (folder or Hugging Face name) with fresh heads. Raises BadModel."""
        torch, transformers = libraries()
        torch.manual_seed(seed)
        try:
            bert = transformers.AutoModel.from_pretrained(
                base,
                attn_implementation="eager",  # on a CPU in bf16 it trains nearly twice as fast as the fused one
                dtype=torch.float32,
                hidden_dropout_prob=0.0,  # dropout halves the speed on a CPU; a few passes need none
                attention_probs_dropout_prob=0.0,
            )
            tokenizer = transformers.AutoTokenizer.from_pretrained(base).backend_tokenizer
        except (OSError, ValueError, KeyError, RuntimeError, AttributeError) as error:
            raise BadModel(f"the model {base} cannot be loaded: {first_line(error)}", CURE) from error
        if bert.config.model_type != "bert":
            raise BadModel(f"the model {base} is of type {bert.config.model_type}, not bert", CURE)
        return cls(_module(bert), tokenizer)

    @classmethod
    def load(cls, folder: Path) -> "ReaderRanker":
        """What ``save`` wrote. Raises BadModel naming the file."""
        _, transformers = libraries()
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        try:
            module = _eager(transformers, json.loads((folder / CONFIG).read_text("utf-8")))
            module.load_state_dict(load_file(folder / WEIGHTS))
        except FileNotFoundError as error:
            raise BadModel(f"{error.filename} is missing", CURE) from error
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
            raise BadModel(f"the model {folder} cannot be loaded: {first_line(error)}", CURE) from error
        return cls(module, _tokenizer(folder))

    @classmethod
    def of_weights(
        cls, config: Mapping[str, int], state: Mapping[str, Any], heads: Sequence[tuple[Any, float]], folder: Path
    ) -> "ReaderRanker":
        """Of the keywords of ``BertConfig``, arrays by the names of ``BertModel``, (weight, bias) of the outputs in
        their order, and the tokenizer of ``folder``. Raises BadModel."""
        torch, transformers = libraries()
        no_dropout = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
        try:
            module = _eager(transformers, {**config, **no_dropout})
            module.bert.load_state_dict({name: torch.tensor(array) for name, array in state.items()})
        except (KeyError, RuntimeError, TypeError) as error:
            raise BadModel(f"the model {folder} cannot be loaded: {first_line(error)}", CURE) from error
        with torch.no_grad():
            for (weight, bias), (layer, i) in zip(heads, product((module.pair, module.token), (0, 1)), strict=True):
                layer.weight[i], layer.bias[i] = torch.tensor(weight), bias
        return cls(module, _tokenizer(folder))

    def blend(self, other: "ReaderRanker", share: float) -> None:
        """Become the weighted mean of both models' weights, ``share`` of it the other's; both of one shape.

        Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022: the mean of a model before and after it
        was trained on keeps what it knew and what it learned, and is often better at both.
        """
        theirs = other.module.state_dict()
        mean = {name: tensor.lerp(theirs[name], share) for name, tensor in self.module.state_dict().items()}
        self.module.load_state_dict(mean)

    def save(self, folder: Path) -> None:
        """Write weights (float32), configuration and tokenizer into ``folder``."""
        from safetensors.torch import save_file

        folder.mkdir(parents=True, exist_ok=True)
        state = {name: tensor.detach().cpu().contiguous() for name, tensor in self.module.state_dict().items()}
        save_file(state, folder / WEIGHTS)
        (folder / CONFIG).write_text(json.dumps(self.module.bert.config.to_diff_dict(), indent=2) + "\n", "utf-8")
        self.tokenizer.save(str(folder / TOKENIZER))


def has_device(name: str) -> bool:
    """Whether torch can compute there; raises MissingExtra."""
    torch, _ = libraries()
    try:
        torch.zeros(1, device=name)
    except (RuntimeError, AssertionError):
        return False
    return True


def quieten() -> None:
    """Keep transformers from writing bars and hints of its own to standard error; raises MissingExtra."""
    _, transformers = libraries()
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()


def libraries() -> tuple[Any, Any]:
    """torch and transformers; raises MissingExtra."""
    try:
        import torch
        import transformers
    except ImportError as error:
        raise MissingExtra("The reader-ranker in torch", "torch") from error
    return torch, transformers


def _tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    try:
        return Tokenizer.from_file(str(file_of(folder, TOKENIZER)))
    except Exception as error:  # tokenizers raises no narrower class
        raise BadModel(f"the tokenizer of {folder} cannot be read: {first_line(error)}", CURE) from error


def _eager(transformers: Any, config: Mapping[str, Any]) -> Any:
    """A BERT of this configuration with heads, all weights random."""
    found = transformers.BertConfig(**config)
    found._attn_implementation = "eager"  # transformers offers no public way that skips loading weights
    return _module(transformers.BertModel(found))


def _module(bert: Any) -> Any:
    """The encoder with its two heads."""
    import torch

    class Module(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = bert
            self.pair = torch.nn.Linear(bert.config.hidden_size, 2)
            self.token = torch.nn.Linear(bert.config.hidden_size, 2)
            for head in (self.pair, self.token):
                torch.nn.init.normal_(head.weight, std=0.02)
                torch.nn.init.zeros_(head.bias)

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> tuple[Any, Any, Any, Any]:
            out = self.bert(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
            pair, token = self.pair(out.pooler_output), self.token(out.last_hidden_state)
            return pair[:, 0], pair[:, 1], token[:, :, 0], token[:, :, 1]

    return Module()
