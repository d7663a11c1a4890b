"""Makes the bundled encoder's files from the original weights: ``python -m indexer.export_minilm --out DIR``.

Mean pooling and unit length are part of the exported graph, so that running it needs neither torch nor transformers.
"""

import argparse
import hashlib
import json
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from indexer.errors import MissingExtra

ORIGIN = "sentence-transformers/all-MiniLM-L6-v2"
MAX_TOKENS = 256
"""The length the model was published with (sentence_bert_config.json)."""


def export(source: str, out: Path) -> None:
    """Write model.xml, model.bin (fp16), tokenizer.json and model.json into ``out``.

    ``source`` is a Hugging Face name or a folder in its layout. Needs the torch extra; raises MissingExtra without it.
    """
    import openvino

    try:
        from transformers import AutoModel, AutoTokenizer
    except ImportError as error:
        raise MissingExtra("Exporting a model", "torch") from error
    out.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns about branches that this model takes the same way every time
        model = AutoModel.from_pretrained(source, attn_implementation="sdpa").float().eval()
        graph = openvino.convert_model(_pooled(model), example_input=_example())
    graph.reshape({"input_ids": [-1, -1], "attention_mask": [-1, -1]})
    openvino.save_model(graph, out / "model.xml", compress_to_fp16=True)
    AutoTokenizer.from_pretrained(source).backend_tokenizer.save(str(out / "tokenizer.json"))
    files = ("model.xml", "model.bin", "tokenizer.json")
    card = {
        "name": ORIGIN.split("/")[1],
        "dim": model.config.hidden_size,
        "max_tokens": MAX_TOKENS,
        "sha256": {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in files},
    }
    (out / "model.json").write_text(json.dumps(card, indent=2) + "\n")


def _pooled(transformer: Any) -> Any:
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


def _example() -> dict[str, Any]:
    import torch

    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    return {"input_ids": mask * 101, "attention_mask": mask}


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments and export."""
    parser = argparse.ArgumentParser(prog="python -m indexer.export_minilm", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--source", default=ORIGIN, help="Hugging Face name or folder of the original model")
    options = parser.parse_args(arguments)
    export(options.source, options.out)
    sys.stdout.write(f"{options.out}: {', '.join(sorted(p.name for p in options.out.iterdir()))}\n")


if __name__ == "__main__":
    main()
