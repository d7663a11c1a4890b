"""Weights in 8 bits: what is multiplied stays near, what does not divide into groups stays as it is."""

from typing import Any

import numpy as np
import openvino
import pytest
from openvino import opset15 as ops

from indexer.inference.int8 import GROUP, with_int8_weights

Numbers = np.ndarray[Any, np.dtype[np.float32]]


def product(weights: Numbers, *, transposed: bool, half: bool = False) -> openvino.Model:
    """A model of one product, its weights kept in half precision or not."""
    states = ops.parameter([-1, weights.shape[1 if transposed else 0]], np.float32)
    kept = ops.convert(ops.constant(weights.astype(np.float16)), np.float32) if half else ops.constant(weights)
    return openvino.Model([ops.matmul(states, kept, False, transposed)], [states])


def computed(model: openvino.Model, states: Numbers) -> Numbers:
    compiled = openvino.Core().compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return np.array(compiled(states)[0])


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("half", [False, True])
def test_products_stay_near_what_they_were(transposed: bool, half: bool) -> None:
    random = np.random.default_rng(1)
    weights = random.normal(size=(96, 3 * GROUP)).astype(np.float32)
    weights[5, :GROUP] *= 1000  # a group of great numbers coarsens no other group
    weights[7] = 0
    states = random.normal(size=(11, 3 * GROUP)).astype(np.float32)
    stored = weights if transposed else weights.T.copy()
    exact = states @ weights.T
    model = product(stored, transposed=transposed, half=half)
    with_int8_weights(model)
    assert "i8" in {str(op.get_element_type().get_type_name()) for op in model.get_ordered_ops() if not op.inputs()}
    found = computed(model, states)
    np.testing.assert_array_equal(found[:, 7], 0)
    ordinary = [row for row in range(96) if row != 5]
    spread = exact[:, ordinary].std()
    assert 0 < np.abs(found - exact)[:, ordinary].max() < spread / 10
    assert spread < np.abs(found - exact)[:, 5].max() < exact[:, 5].std() / 10


def test_a_matrix_that_does_not_divide_into_groups_stays() -> None:
    weights = np.random.default_rng(2).normal(size=(8, GROUP + 1)).astype(np.float32)
    model = product(weights, transposed=True)
    with_int8_weights(model)
    states = np.ones((2, GROUP + 1), dtype=np.float32)
    np.testing.assert_allclose(computed(model, states), states @ weights.T, atol=1e-4)


def test_products_of_what_is_computed_stay() -> None:
    one, other = (ops.parameter([-1, GROUP], np.float32) for _ in range(2))
    model = openvino.Model([ops.matmul(one, other, False, True)], [one, other])
    with_int8_weights(model)
    assert [op.get_type_name() for op in model.get_ordered_ops()].count("Constant") == 0
