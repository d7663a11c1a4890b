"""Makes the files that the bundled scorer runs from a trained reader-ranker: ``python -m ranker.training.export``.

The last sums of each logit are written as products and sums, which a CPU that computes matrices in bf16 keeps in f32:
else passages of nearly the same relevance would tie.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from indexer.inference.export import INPUTS, write_model
from ranker.training.model import ReaderRanker

NAME = "reader-ranker"


def export(source: Path, out: Path, slope: float = 1.0, offset: float = 0.0) -> None:
    """Write model.xml, model.bin (fp16), tokenizer.json and model.json into ``out``.

    ``source`` is a folder of ``ReaderRanker.save``. A passage's probability of relevance will be
    ``sigmoid(slope * relevance + offset)``. Raises BadModel, and MissingExtra without torch.
    """
    model = ReaderRanker.load(source)
    model.module.bert.set_attn_implementation("sdpa")
    card = {
        "name": NAME,
        "max_tokens": model.module.bert.config.max_position_embeddings,
        "slope": slope,
        "offset": offset,
    }
    write_model(_summed(model.module), INPUTS, model.tokenizer, out, card)


def _summed(reader: Any) -> Any:
    """The same four outputs, in order: relevance (n,), answerable (n,), start (n, length), end (n, length)."""
    import torch

    class Summed(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.reader = reader

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> tuple[Any, ...]:
            # A mask that says which token is seen, not which by whom, is not computed anew for every pair of tokens.
            seen = attention_mask.bool()[:, None, None, :]
            out = self.reader.bert(input_ids=input_ids, attention_mask=seen, token_type_ids=token_type_ids)
            pair, token = self.reader.pair, self.reader.token
            states = ((out.pooler_output, pair), (out.last_hidden_state, token))
            return tuple((state * head.weight[i]).sum(-1) + head.bias[i] for state, head in states for i in (0, 1))

    return Summed()


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments and export."""
    parser = argparse.ArgumentParser(prog="python -m ranker.training.export", description=__doc__)
    parser.add_argument("--source", type=Path, required=True, help="folder of the trained model")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--slope", type=float, default=1.0, help="of the calibration to a probability")
    parser.add_argument("--offset", type=float, default=0.0, help="of the calibration to a probability")
    options = parser.parse_args(arguments)
    export(options.source, options.out, options.slope, options.offset)
    sys.stdout.write(f"{options.out}: {', '.join(sorted(p.name for p in options.out.iterdir()))}\n")


if __name__ == "__main__":
    main()
