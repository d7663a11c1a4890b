"""Makes a smaller graph of a reader-ranker for when only whole pairs are judged, a sixth less work."""

from typing import Any

PAIR_OUTPUTS = 2
"""Relevance and answerable, which stand first and look at the state of the first token alone."""


def only_first_token(graph: Any) -> None:
    """Let the last layer compute the first token's state alone: it looks at all tokens, but nobody looks at theirs.

    Changes an openvino.Model that ``ranker.training.export`` wrote, and removes the outputs for each token.
    """
    from openvino import opset15 as ops

    attention = [op for op in graph.get_ordered_ops() if op.get_type_name() == "ScaledDotProductAttention"][-1]
    query = attention.input_value(0).get_node()
    while query.get_type_name() != "MatMul":
        query = query.input_value(0).get_node()
    states = query.input_value(0)
    residual = [target for target in states.get_target_inputs() if target.get_node().get_type_name() == "Add"]
    first = ops.slice(states, [0], [1], [1], [1]).output(0)
    for target in (query.input(0), *residual):
        target.replace_source_output(first)
    # The shapes after the attention were taken from its other inputs, which still hold every token.
    output = attention
    while output.get_type_name() != "MatMul":
        output = next(iter(output.output(0).get_target_inputs())).get_node()
    heads = ops.transpose(attention, [0, 2, 1, 3])
    output.input(0).replace_source_output(ops.reshape(heads, [0, 0, -1], True).output(0))
    for result in graph.get_results()[PAIR_OUTPUTS:]:
        graph.remove_result(result)
    graph.validate_nodes_and_infer_types()
