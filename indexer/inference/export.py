"""What exporters of models share: a torch module becomes a folder that ``model`` runs without torch."""

import hashlib
import json
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from indexer.inference.model_folder import SHARED, TOKENIZER, file_of

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
FILES = ("model.xml", "model.bin", TOKENIZER)


def write_model(module: Any, inputs: Sequence[str], tokenizer: Any, out: Path, card: Mapping[str, Any]) -> None:
    """Write model.xml, model.bin (fp16), tokenizer.json (unless it is the shared one) and model.json into ``out``.

    ``module`` takes ``inputs``, the first so many of ``INPUTS``, each (n, length). ``card`` becomes model.json, with
    the SHA-256 of the other files added.
    """
    import openvino

    out.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns about branches that this model takes the same way every time
        graph = openvino.convert_model(module.float().eval(), example_input=_example(inputs))
    graph.reshape({name: [-1, -1] for name in inputs})
    openvino.save_model(graph, out / "model.xml", compress_to_fp16=True)
    write_tokenizer(tokenizer, out)
    digests = {name: hashlib.sha256(file_of(out, name).read_bytes()).hexdigest() for name in FILES}
    (out / "model.json").write_text(json.dumps({**card, "sha256": digests}, indent=2) + "\n", "utf-8")


def write_tokenizer(tokenizer: Any, out: Path) -> None:
    """Write tokenizer.json on one line, without cutting and padding, unless it is the shared one."""
    from tokenizers import Tokenizer

    plain = Tokenizer.from_str(tokenizer.to_str())
    plain.no_truncation()
    plain.no_padding()
    content = plain.to_str(pretty=False)
    shared = SHARED / TOKENIZER
    if out != SHARED and shared.exists() and shared.read_text("utf-8") == content:
        (out / TOKENIZER).unlink(missing_ok=True)
    else:
        (out / TOKENIZER).write_text(content, "utf-8")


def _example(inputs: Sequence[str]) -> dict[str, Any]:
    import torch

    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    values = dict(zip(INPUTS, (mask, mask, mask * 0), strict=True))
    return {name: values[name] for name in inputs}
