"""The torch weights of an exported model, so that training can go on from it.

They are read from the exported graph: weights have kept their names there; biases, scales and heads are constants
behind the products that they belong to.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from indexer.errors import EncoderError
from indexer.inference.model_folder import read_card
from ranker.errors import BadModel
from ranker.training.model import ReaderRanker

EXPORTED = "model.xml"
HEADS = 4
"""Outputs of an exported reader-ranker: relevance, answerable, start, end."""


def load_exported(folder: Path) -> ReaderRanker:
    """The reader-ranker that ``ranker.training.export`` wrote into ``folder``, its weights rounded to fp16.

    Raises BadModel naming what is missing or damaged, MissingExtra without torch.
    """
    cure = "Give a folder that recollect train wrote, or leave --base out"
    try:
        read_card(folder)
    except EncoderError as error:
        raise BadModel(error.what, cure) from error
    graph = read_graph(folder)
    if len(graph.outputs) != HEADS:
        raise BadModel(f"the model {folder} is no reader-ranker: it has {len(graph.outputs)} outputs", cure)
    state = weights(graph)
    return ReaderRanker.of_weights(bert_config(graph, state), state, heads(graph), folder)


def read_graph(folder: Path) -> Any:
    """The graph of an exported model."""
    import openvino

    return openvino.Core().read_model(folder / EXPORTED)


def bert_config(graph: Any, found: Mapping[str, Any]) -> dict[str, int]:
    """The keywords of ``BertConfig`` that give a BERT of the same shape; ``found`` are the graph's ``weights``."""
    vocabulary, hidden = found["embeddings.word_embeddings.weight"].shape
    (attention,) = {
        op.get_output_partial_shape(0)[1].get_length()
        for op in graph.get_ops()
        if op.get_type_name() == "ScaledDotProductAttention"
    }
    return {
        "vocab_size": vocabulary,
        "hidden_size": hidden,
        "num_hidden_layers": len([name for name in found if name.endswith("intermediate.dense.weight")]),
        "num_attention_heads": attention,
        "intermediate_size": found["encoder.layer.0.intermediate.dense.weight"].shape[0],
        "max_position_embeddings": found["embeddings.position_embeddings.weight"].shape[0],
    }


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


def heads(graph: Any) -> list[tuple[np.ndarray[Any, Any], float]]:
    """(weight (hidden,), bias) of each output: a product with a state, summed up."""
    return [_head(result.input_value(0).get_node()) for result in graph.get_results()]


def _head(op: Any) -> tuple[np.ndarray[Any, Any], float]:
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
