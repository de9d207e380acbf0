"""Writes the encoder as one ONNX graph that onnxruntime-node 1.14 runs fast on a CPU: opset 14, built by hand.

Linear layers are int8. Weights have one scale per output channel and seven bits, so that the sums of two u8 × s8
products do not saturate on processors without VNNI. Activations are quantised at run time with one scale per token: a
sentence's vector then does not depend on the sentences beside it, which one scale per tensor would make it do.
The table of pieces keeps four bits in blocks of 32 as the base model comes (it is not trained), so it loses nothing.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HEADS = 12
BLOCK = 32
WEIGHT_LIMIT = 63
GELU_FLOOR = 0.17
"""GELU's least value is -0.16997: shifted by this much its output is unsigned and gets all 255 levels."""
ROUNDING = 0.499
"""Added before a cast, which cuts the fraction off: the Round operator costs as much as a quarter of the products."""


class _Graph:
    """Collects nodes and constants and gives them names."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: np.ndarray | float | list[int], dtype: type = np.float32) -> str:
        array = value if isinstance(value, np.ndarray) else np.array(value, dtype)
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(array, order="C"), name))
        return name

    def node(self, kind: str, *inputs: str, domain: str = "", name: str | None = None, **attributes: object) -> str:
        return self.nodes_of(kind, *inputs, count=1, domain=domain, name=name, **attributes)[0]

    def nodes_of(
        self, kind: str, *inputs: str, count: int, domain: str = "", name: str | None = None, **attributes: object
    ) -> list[str]:
        label = f"{kind}_{len(self.nodes)}"
        outputs = [name or f"{label}_{place}" for place in range(count)]
        self.nodes.append(helper.make_node(kind, list(inputs), outputs, name=label, domain=domain, **attributes))
        return outputs


def write_encoder(state: dict[str, np.ndarray], layers: int, path: Path, positions: int = 130, epsilon: float = 1e-12) -> int:
    """Writes the graph of an `encoder.Encoder` state dict; returns the file's size in bytes.

    Inputs `input_ids` and `attention_mask`, int64 [n, length], at most `positions` long; output `embedding`,
    float32 [n, hidden]: the mean over the positions with mask 1.
    """
    graph = _Graph()
    hidden = state["norm.weight"].shape[0]
    states = _embed(graph, state, positions, epsilon)
    mask = graph.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden_places = graph.node("Sub", graph.constant(1.0), graph.node("Unsqueeze", mask, graph.constant([1, 2], np.int64)))
    bias = graph.node("Mul", hidden_places, graph.constant(-1e4))
    for layer in range(layers):
        states = _layer(graph, state, f"layers.{layer}.", states, bias, hidden, epsilon)
    weights = graph.node("Unsqueeze", mask, graph.constant([2], np.int64))
    axis = graph.constant([1], np.int64)
    total = graph.node("ReduceSum", graph.node("Mul", states, weights), axis, keepdims=0)
    graph.node("Div", total, graph.node("ReduceSum", weights, axis, keepdims=0), name="embedding")
    _save(graph, path, hidden)
    return path.stat().st_size


def _embed(graph: _Graph, state: dict[str, np.ndarray], positions: int, epsilon: float) -> str:
    table = _four_bit_rows(graph, state["tokens.weight"])
    shape = graph.node("Shape", "input_ids")
    length = graph.node("Slice", shape, graph.constant([1], np.int64), graph.constant([2], np.int64))
    zero = graph.constant([0], np.int64)
    places = graph.node("Slice", graph.constant(state["positions.weight"][:positions]), zero, length, zero)
    return _norm(graph, state, "norm", graph.node("Add", table, places), epsilon)


def _four_bit_rows(graph: _Graph, table: np.ndarray) -> str:
    """Rows of the table for `input_ids`. A byte holds the weight of a column and of the column half a row later."""
    rows, hidden = table.shape
    blocks = table.reshape(rows, hidden // BLOCK, BLOCK)
    levels, scales = quantise_blocks(blocks)
    levels = levels.reshape(rows, hidden)
    packed = (levels[:, : hidden // 2] | levels[:, hidden // 2 :] << 4).astype(np.uint8)
    found = graph.node("Gather", graph.constant(packed), "input_ids")
    four = graph.constant(np.array(4, np.uint8))
    high = graph.node("BitShift", found, four, direction="RIGHT")
    low = graph.node("BitShift", graph.node("BitShift", found, four, direction="LEFT"), four, direction="RIGHT")
    both = graph.node("Cast", graph.node("Concat", low, high, axis=-1), to=TensorProto.FLOAT)
    centred = graph.node("Sub", both, graph.constant(8.0))
    grouped = graph.node("Reshape", centred, graph.constant([0, 0, hidden // BLOCK, BLOCK], np.int64))
    scale = graph.node("Cast", graph.node("Gather", graph.constant(scales.astype(np.float16)), "input_ids"), to=TensorProto.FLOAT)
    scaled = graph.node("Mul", grouped, graph.node("Unsqueeze", scale, graph.constant([3], np.int64)))
    return graph.node("Reshape", scaled, graph.constant([0, 0, hidden], np.int64))


def quantise_blocks(blocks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Levels 0..15 and float16-exact scales of [rows, blocks, 32] weights, so that weight = (level - 8) × scale.

    Exact for weights that were Q4_0 before: there the largest magnitude of a block is -8 × scale.
    """
    peak = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)[..., 0]
    scales = (peak / -8).astype(np.float16).astype(np.float32)
    divisor = np.where(scales == 0, 1, scales)[..., None]
    return np.clip(np.rint(blocks / divisor) + 8, 0, 15).astype(np.uint8), scales


def _layer(
    graph: _Graph, state: dict[str, np.ndarray], layer: str, states: str, bias: str, hidden: int, epsilon: float
) -> str:
    quantised = _quantise(graph, states)
    split_at = graph.constant([hidden] * 3, np.int64)
    by_head = graph.constant([0, 0, HEADS, hidden // HEADS], np.int64)
    parts = graph.nodes_of("Split", _linear(graph, state, layer + "qkv", quantised), split_at, count=3, axis=-1)
    query, key, value = (graph.node("Reshape", part, by_head) for part in parts)
    query = graph.node("Transpose", query, perm=[0, 2, 1, 3])
    key = graph.node("Transpose", key, perm=[0, 2, 3, 1])
    value = graph.node("Transpose", value, perm=[0, 2, 1, 3])
    scores = graph.node("Mul", graph.node("MatMul", query, key), graph.constant((hidden // HEADS) ** -0.5))
    shares = graph.node("Softmax", graph.node("Add", scores, bias), axis=-1)
    mixed = graph.node("Transpose", graph.node("MatMul", shares, value), perm=[0, 2, 1, 3])
    mixed = graph.node("Reshape", mixed, graph.constant([0, 0, hidden], np.int64))
    mixed, moved = _product(graph, state, layer + "attended", _quantise(graph, mixed))
    states = _added_norm(graph, state, layer + "attended_norm", states, mixed, moved, epsilon)
    wide = _gelu(graph, _linear(graph, state, layer + "wide", _quantise(graph, states)))
    mixed, moved = _product(graph, state, layer + "narrow", _quantise_gelu(graph, wide), shift=GELU_FLOOR)
    return _added_norm(graph, state, layer + "narrow_norm", states, mixed, moved, epsilon)


def _norm(graph: _Graph, state: dict[str, np.ndarray], name: str, states: str, epsilon: float) -> str:
    """Layer normalisation, in the form that onnxruntime fuses into one kernel."""
    centred = graph.node("Sub", states, graph.node("ReduceMean", states, axes=[-1]))
    variance = graph.node("ReduceMean", graph.node("Pow", centred, graph.constant(2.0)), axes=[-1])
    spread = graph.node("Sqrt", graph.node("Add", variance, graph.constant(epsilon)))
    scaled = graph.node("Mul", graph.node("Div", centred, spread), graph.constant(state[name + ".weight"]))
    return graph.node("Add", scaled, graph.constant(state[name + ".bias"]))


def _added_norm(
    graph: _Graph, state: dict[str, np.ndarray], name: str, states: str, added: str, bias: str, epsilon: float
) -> str:
    """Layer normalisation of a sum of two tensors and a bias."""
    weight, shift = graph.constant(state[name + ".weight"]), graph.constant(state[name + ".bias"])
    return graph.node("SkipLayerNormalization", added, states, weight, shift, bias, domain="com.microsoft", epsilon=epsilon)


def _gelu(graph: _Graph, states: str) -> str:
    """GELU by the error function, in the form that onnxruntime fuses into one kernel."""
    error = graph.node("Erf", graph.node("Div", states, graph.constant(2**0.5)))
    product = graph.node("Mul", states, graph.node("Add", error, graph.constant(1.0)))
    return graph.node("Mul", product, graph.constant(0.5))


Quantised = tuple[str, str, str]
"""Names of a tensor's uint8 levels, of its scale per token and of its zero point."""


def _quantise(graph: _Graph, states: str) -> Quantised:
    peak = graph.node("ReduceMax", graph.node("Abs", states), axes=[-1])
    peak = graph.node("Max", peak, graph.constant(1e-6))
    levels = graph.node("Mul", states, graph.node("Div", graph.constant(127.0), peak))
    levels = graph.node("Add", levels, graph.constant(128.0 + ROUNDING))
    scale = graph.node("Mul", peak, graph.constant(1 / 127))
    return graph.node("Cast", levels, to=TensorProto.UINT8), scale, graph.constant(np.array(128, np.uint8))


def _quantise_gelu(graph: _Graph, states: str) -> Quantised:
    peak = graph.node("Add", graph.node("ReduceMax", states, axes=[-1]), graph.constant(GELU_FLOOR + 1e-6))
    shifted = graph.node("Add", states, graph.constant(GELU_FLOOR))
    levels = graph.node("Mul", shifted, graph.node("Div", graph.constant(254.99), peak))
    levels = graph.node("Add", levels, graph.constant(ROUNDING))
    scale = graph.node("Mul", peak, graph.constant(1 / 254.99))
    return graph.node("Cast", levels, to=TensorProto.UINT8), scale, graph.constant(np.array(0, np.uint8))


def _linear(graph: _Graph, state: dict[str, np.ndarray], name: str, states: Quantised) -> str:
    """A linear layer on quantised states."""
    return graph.node("Add", *_product(graph, state, name, states))


def _product(
    graph: _Graph, state: dict[str, np.ndarray], name: str, states: Quantised, shift: float = 0.0
) -> tuple[str, str]:
    """A linear layer on quantised states without its bias, and the bias; `shift` was added to the states before."""
    levels, scale, zero = states
    weights, scales = quantise_weights(state[name + ".weight"].T)
    bias = state[name + ".bias"] - shift * (weights.sum(0, dtype=int) * scales)
    product = graph.node(
        "MatMulIntegerToFloat", levels, graph.constant(weights), graph.constant(1.0),
        graph.constant(scales), zero, graph.constant(np.zeros(scales.shape, np.int8)), domain="com.microsoft",
    )
    return graph.node("Mul", product, scale), graph.constant(bias.astype(np.float32))


def quantise_weights(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 [inputs, outputs] from -63 to 63, and float32 scales [outputs]."""
    scales = (np.maximum(np.abs(weights).max(0), 1e-8) / WEIGHT_LIMIT).astype(np.float32)
    return np.clip(np.rint(weights / scales), -WEIGHT_LIMIT, WEIGHT_LIMIT).astype(np.int8), scales


def _save(graph: _Graph, path: Path, hidden: int) -> None:
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "length"]) for name in ("input_ids", "attention_mask")]
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", hidden])
    made = helper.make_graph(graph.nodes, "koe-encoder", inputs, [output], graph.constants)
    opsets = [helper.make_opsetid("", 14), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(made, opset_imports=opsets, producer_name="koe")
    model.ir_version = 7
    onnx.checker.check_model(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, str(path))
