"""Rounds the weights of a model to 8 bits, so that CPUs with VNNI multiply four times as many numbers at once.

Each row of a weight matrix is cut into groups with a scale of their own. OpenVINO rounds what is multiplied with them
in groups of the same size while it computes ("dynamic quantisation"), each token by itself, so that the numbers of a
text do not depend on the texts beside it.
"""

from typing import Any

import numpy as np

GROUP = 128
"""Numbers that share a scale: 384 and 1,536, the widths of a MiniLM, are multiples. Greater groups round more coarsely,
smaller ones take longer."""

MOST = 127
"""The greatest number of a signed byte that has a negative twin."""


def with_int8_weights(graph: Any) -> None:
    """Change an openvino.Model: products with matrices that divide into groups take them in 8 bits; others stay."""
    from openvino import opset15 as ops

    for product in graph.get_ordered_ops():
        if product.get_type_name() != "MatMul":
            continue
        weights = _matrix(product.input_value(1).get_node())
        if weights is None:
            continue
        attributes = product.get_attributes()
        rows = weights if attributes["transpose_b"] else weights.T
        if rows.shape[1] % GROUP:
            continue
        grouped = rows.reshape(len(rows), -1, GROUP)
        scales = np.maximum(np.abs(grouped).max(axis=2, keepdims=True) / MOST, np.finfo(np.float32).tiny)
        rounded = ops.convert(ops.constant(np.rint(grouped / scales).astype(np.int8)), np.float32)
        restored = ops.reshape(ops.multiply(rounded, ops.constant(scales)), list(rows.shape), False)
        replaced = ops.matmul(product.input_value(0), restored, attributes["transpose_a"], True)
        for target in product.output(0).get_target_inputs():
            target.replace_source_output(replaced.output(0))
    graph.validate_nodes_and_infer_types()


def _matrix(node: Any) -> "np.ndarray[Any, np.dtype[np.float32]] | None":
    """The numbers of a constant matrix, kept in half precision or not; None for anything else."""
    while node.get_type_name() == "Convert":
        node = node.input_value(0).get_node()
    if node.get_type_name() != "Constant" or len(node.get_output_shape(0)) != 2:
        return None
    return np.asarray(node.get_data(), dtype=np.float32)
