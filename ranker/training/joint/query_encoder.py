"""The torch form of an exported encoder whose last layers learn.

What the layers below say of a query never changes, so it is computed once for each query and kept.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from indexer.errors import EncoderError
from indexer.inference.export import INPUTS, write_model
from indexer.inference.export_minilm import pooled
from indexer.inference.model import batches_by_length, encodable
from indexer.inference.model_folder import TOKENIZER, file_of, read_card
from ranker.errors import BadModel
from ranker.training.exported import bert_config, read_graph, weights
from ranker.training.model import libraries

NAME = "query-encoder"
MAX_QUERY_TOKENS = 64
"""Queries are short; what is longer learns by its beginning."""

BATCH_TOKENS = 8192
HIDDEN = -1e4


class QueryEncoder:
    """A BERT with mean pooling. ``trained`` are the layers that learn."""

    def __init__(self, bert: Any, tokenizer: Any, layers: int, max_tokens: int) -> None:
        self._bert = bert
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self._fixed = bert.encoder.layer[:-layers]
        self.trained = bert.encoder.layer[-layers:]

    @classmethod
    def load(cls, folder: Path, layers: int) -> "QueryEncoder":
        """An encoder as ``indexer.inference.export_minilm`` wrote it. Raises BadModel, MissingExtra."""
        from tokenizers import Tokenizer

        torch, transformers = libraries()
        try:
            card = read_card(folder)
        except EncoderError as error:
            raise BadModel(error.what, "Give the folder of an exported encoder") from error
        graph = read_graph(folder)
        state = weights(graph)
        config = transformers.BertConfig(
            **bert_config(graph, state), hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        )
        config._attn_implementation = "eager"  # transformers offers no public way that skips loading weights
        bert = transformers.BertModel(config, add_pooling_layer=False)
        bert.load_state_dict({name: torch.tensor(array) for name, array in state.items()})
        if not 0 < layers <= len(bert.encoder.layer):
            raise BadModel(f"the model {folder} has {len(bert.encoder.layer)} layers, not {layers} to train", "")
        tokenizer = Tokenizer.from_file(str(file_of(folder, TOKENIZER)))
        return cls(bert.eval(), tokenizer, layers, card.max_tokens)

    def states(self, texts: Sequence[str]) -> list[Any]:
        """What the fixed layers say of each text: (tokens, hidden) bf16."""
        import torch

        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_QUERY_TOKENS)
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(encodable(texts))]
        found: list[Any] = [None] * len(rows)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            for batch in batches_by_length([len(row) for row in rows], BATCH_TOKENS):
                ids, mask = _padded([torch.tensor(rows[i]) for i in batch])
                states = _through(self._fixed, self._bert.embeddings(ids), mask).to(torch.bfloat16)
                for i, state in zip(batch, states, strict=True):
                    found[i] = state[: len(rows[i])].clone()
        return found

    def encode(self, states: Sequence[Any]) -> Any:
        """Unit vectors (n, dim) float32 of queries by their states, with gradients."""
        import torch

        hidden, mask = _padded(states)
        with torch.autocast("cpu", torch.bfloat16):
            hidden = _through(self.trained, hidden, mask)
        kept = mask.unsqueeze(-1).float()
        return torch.nn.functional.normalize((hidden.float() * kept).sum(1) / kept.sum(1), dim=1)

    def fixed_state(self) -> dict[str, Any]:
        """The tensors that no training changes, by name."""
        return {**self._bert.embeddings.state_dict(), **self._fixed.state_dict()}

    def export(self, out: Path) -> None:
        """Write the whole encoder into ``out``, as the bundled one is."""
        self._tokenizer.no_truncation()
        self._bert.set_attn_implementation("sdpa")
        card = {"name": NAME, "dim": self._bert.config.hidden_size, "max_tokens": self._max_tokens}
        write_model(pooled(self._bert), INPUTS[:2], self._tokenizer, out, card)


def _padded(rows: Sequence[Any]) -> tuple[Any, Any]:
    """(rows of one length, which of their places are taken)."""
    import torch

    mask = torch.nn.utils.rnn.pad_sequence([torch.ones(len(row)) for row in rows], batch_first=True)
    return torch.nn.utils.rnn.pad_sequence(list(rows), batch_first=True), mask


def _through(layers: Any, hidden: Any, mask: Any) -> Any:
    """The states after these layers; what is padded is seen by none."""
    unseen = (mask == 0)[:, None, None, :].to(hidden.dtype) * HIDDEN
    for layer in layers:
        out = layer(hidden, unseen)
        hidden = out[0] if isinstance(out, tuple) else out
    return hidden
