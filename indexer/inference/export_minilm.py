"""Makes the bundled encoder's files from the original weights: ``python -m indexer.inference.export_minilm --out DIR``.

Mean pooling and unit length are part of the exported graph, so that running it needs neither torch nor transformers.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crawler.errors import MissingExtra
from indexer.inference.export import INPUTS, write_model

ORIGIN = "sentence-transformers/all-MiniLM-L6-v2"
MAX_TOKENS = 256
"""The length the model was published with (sentence_bert_config.json)."""


def export(source: str, out: Path) -> None:
    """Write the model's files into ``out``, see ``indexer.inference.export``.

    ``source`` is a Hugging Face name or a folder in its layout. Needs the torch extra; raises MissingExtra without it.
    """
    try:
        from transformers import AutoModel, AutoTokenizer
    except ImportError as error:
        raise MissingExtra("Exporting a model", "torch") from error
    model = AutoModel.from_pretrained(source, attn_implementation="sdpa")
    card = {"name": ORIGIN.split("/")[1], "dim": model.config.hidden_size, "max_tokens": MAX_TOKENS}
    tokenizer = AutoTokenizer.from_pretrained(source).backend_tokenizer
    write_model(pooled(model), INPUTS[:2], tokenizer, out, card)


def pooled(transformer: Any) -> Any:
    """The transformer with mean pooling over its attended tokens and rows scaled to unit length."""
    import torch

    class Pooled(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            hidden = self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            kept = attention_mask.unsqueeze(-1).to(hidden.dtype)
            return torch.nn.functional.normalize((hidden * kept).sum(1) / kept.sum(1), dim=1)

    return Pooled()


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments and export."""
    parser = argparse.ArgumentParser(prog="python -m indexer.inference.export_minilm", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--source", default=ORIGIN, help="Hugging Face name or folder of the original model")
    options = parser.parse_args(arguments)
    export(options.source, options.out)
    sys.stdout.write(f"{options.out}: {', '.join(sorted(p.name for p in options.out.iterdir()))}\n")


if __name__ == "__main__":
    main()
