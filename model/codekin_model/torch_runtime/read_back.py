"""Trained weights from an exported int8 graph, so that training can go on from what was shipped.

In: a graph that :mod:`codekin_model.torch_runtime.export` wrote. Out: a state dictionary of the module that it was,
each weight as near as eight bits are. Must not know which module.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

_MODULE, _BIAS, _WEIGHT = "decoder.", ".bias", ".weight"
_onnx: Any = onnx  # has partial types
_helper: Any = numpy_helper

Arrays = dict[str, NDArray[Any]]


def read_back(graph: Path) -> dict[str, Tensor]:
    """Parameters by their names in the module: those that are kept by name, and the matrix before each bias.

    A bias of the module itself names the matrix before it ``weight``.
    """
    model = _onnx.load(str(graph))
    arrays: Arrays = {each.name: _helper.to_array(each) for each in model.graph.initializer}
    makers = {name: node for node in model.graph.node for name in node.output}
    found = {name: value for name, value in arrays.items() if name.startswith(_MODULE) and value.dtype == np.float32}
    found = {name: value for name, value in found.items() if not name.endswith("_scale")}
    for node in model.graph.node:
        for bias, product in (node.input, reversed(node.input)) if node.op_type == "Add" else ():
            matrix = _matrix(product, makers, arrays)
            if bias.endswith(_BIAS) and bias in arrays and matrix is not None:
                found[bias.removesuffix(_BIAS) + _WEIGHT] = _widened(arrays, matrix).T
    return {name.removeprefix(_MODULE): torch.tensor(np.ascontiguousarray(value)) for name, value in found.items()}


def _matrix(value: str, makers: dict[str, Any], arrays: Arrays) -> str | None:
    """The int8 matrix that ``value`` is a product with: ``MatMulInteger``, a cast, its scales."""
    for _ in range(3):
        node = makers.get(value)
        if node is None:
            return None
        if node.op_type == "MatMulInteger":
            weights = node.input[1]
            return weights.removesuffix("_quantized") if weights in arrays else None
        value = node.input[0]
    return None


def _widened(arrays: Arrays, name: str) -> NDArray[np.float32]:
    """Int8 weights lie around nought: their zero point is 0."""
    values: NDArray[np.float32] = arrays[f"{name}_quantized"].astype(np.float32)
    return values * arrays[f"{name}_scale"]
