"""The shipped models as torch models with the very same weights, so that other libraries can be measured on them.

The weights are read from the exported graphs. sentence-transformers gets them as an encoder with mean pooling, and as a
cross-encoder whose classifier is the reader-ranker's relevance head.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np


def bert_folder(model: Path, out: Path) -> Path:
    """The transformer of an exported model in Hugging Face's layout; with a relevance head also that, as classifier."""
    import openvino
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel, BertTokenizerFast

    graph = openvino.Core().read_model(model / "model.xml")
    state = {name: torch.tensor(value) for name, value in weights(graph).items()}
    vocabulary, hidden = state["embeddings.word_embeddings.weight"].shape
    (attention,) = {
        op.get_output_partial_shape(0)[1].get_length()
        for op in graph.get_ops()
        if op.get_type_name() == "ScaledDotProductAttention"
    }
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=hidden,
        num_hidden_layers=len([name for name in state if name.endswith("intermediate.dense.weight")]),
        num_attention_heads=attention,
        intermediate_size=state["encoder.layer.0.intermediate.dense.weight"].shape[0],
        max_position_embeddings=state["embeddings.position_embeddings.weight"].shape[0],
        num_labels=1,
    )
    if "pooler.dense.weight" in state:
        twin: Any = BertForSequenceClassification(config)
        weight, bias = relevance_head(graph)
        head = {"weight": torch.tensor(weight)[None], "bias": torch.tensor([bias])}
        twin.bert.load_state_dict(state)
        twin.classifier.load_state_dict(head)
    else:
        twin = BertModel(config, add_pooling_layer=False)
        twin.load_state_dict(state)
    twin.save_pretrained(out)
    shutil.copy(model / "tokenizer.json", out / "tokenizer.json")
    longest = json.loads((model / "model.json").read_text())["max_tokens"]
    BertTokenizerFast(tokenizer_file=str(out / "tokenizer.json"), model_max_length=longest).save_pretrained(out)
    return out


def weights(graph: Any) -> dict[str, np.ndarray[Any, Any]]:
    """Names of ``BertModel.state_dict`` to float32 arrays. A bias of zeros is left out of a graph, and is put back."""
    found: dict[str, np.ndarray[Any, Any]] = {}
    norms: list[tuple[Any, Any]] = []
    for op in graph.get_ordered_ops():
        name = op.get_friendly_name().removesuffix("_compressed")
        if op.get_type_name() == "Constant" and name.endswith(".weight"):
            key = name.split("bert.")[-1].removeprefix("self.transformer.")
            found[key] = constant(op)
            if not key.startswith("embeddings."):
                product = consumer(consumer(op)) if consumer(op).get_type_name() == "Convert" else consumer(op)
                found[key.replace(".weight", ".bias")] = added(product, len(found[key]))
        elif op.get_type_name() == "MVN":
            scaled = consumer(op)
            norms.append((constant(scaled.input_value(1).get_node()), added(scaled, 0)))
    layers = len(norms) // 2
    places = ["embeddings.LayerNorm"]
    for layer in range(layers):
        places += [f"encoder.layer.{layer}.attention.output.LayerNorm", f"encoder.layer.{layer}.output.LayerNorm"]
    for place, (weight, bias) in zip(places, norms, strict=True):
        found |= {f"{place}.weight": weight, f"{place}.bias": bias}
    return found


def relevance_head(graph: Any) -> tuple[np.ndarray[Any, Any], float]:
    """The weights and the bias of the first output: a product with the pooled state, summed up."""
    op = graph.get_results()[0].input_value(0).get_node()
    bias = 0.0
    if op.get_type_name() == "Add":
        bias = float(constant(op.input_value(1).get_node()))
        op = op.input_value(0).get_node()
    return constant(op.input_value(0).get_node().input_value(1).get_node()), bias


def consumer(op: Any) -> Any:
    """The first operation that takes the output of this one."""
    return next(iter(op.output(0).get_target_inputs())).get_node()


def added(op: Any, size: int) -> np.ndarray[Any, Any]:
    """What is added to the output of ``op``; zeros where that is another computed value or nothing."""
    after = consumer(op)
    source = after.input_value(1).get_node() if after.get_type_name() == "Add" else None
    is_constant = source is not None and source.get_type_name() in ("Constant", "Convert")
    return constant(source) if is_constant else np.zeros(size, dtype=np.float32)


def constant(op: Any) -> np.ndarray[Any, Any]:
    """The float32 values of a constant that may be kept in 16 bits, without axes of length one."""
    source = op.input_value(0).get_node() if op.get_type_name() == "Convert" else op
    values: np.ndarray[Any, Any] = np.array(source.data, dtype=np.float32).squeeze()
    return values
